import type { BotFault } from '#lib/document/dialogue-view.ts';
import type { StandInMode } from './openai-stand-in.ts';

/** How a bot can end badly, and what its turn then says. */
export const openaiEndings: { mode: StandInMode; fault: BotFault }[] = [
	{ mode: '500', fault: 'refused' },
	{ mode: '401', fault: 'refused' },
	{ mode: 'cut', fault: 'cut' },
	{ mode: 'unfinished', fault: 'cut' },
	{ mode: 'empty', fault: 'empty' },
	{ mode: 'page', fault: 'misconfigured' },
];
