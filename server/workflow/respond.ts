import type * as Y from 'yjs';
import { readDialogue } from '#lib/document/read-dialogue.ts';
import { beginResponse } from '#lib/document/write-dialogue.ts';
import type { DialogueView } from '#lib/document/dialogue-view.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { Bot } from '../bots/bot.ts';
import { openaiBot } from '../bots/openai-bot.ts';
import { practiceBot } from '../bots/practice-bot.ts';
import type { BotSettings } from '../store/bots.ts';
import type { DialogueRow } from '../store/dialogues.ts';
import type { Context } from './context.ts';
import { newId } from './new-id.ts';

/** The bot that answers in a dialogue: its own, or where that is off, the project's first. */
export async function botOf(
	ctx: Context,
	dialogue: DialogueRow,
): Promise<{ settings: BotSettings; bot: Bot }> {
	const own = await ctx.bots.get(dialogue.bot);
	const settings = own?.enabled ? own : await ctx.bots.ofProject(dialogue.project);
	if (!settings)
		throw new Refused('bot-missing', 'No bot is set up for this project: a lead adds one under Settings');
	return { settings, bot: await makeBot(settings, () => ctx.bots.keyOf(settings.id)) };
}

export async function makeBot(
	settings: Pick<BotSettings, 'kind' | 'baseUrl' | 'model' | 'temperature' | 'timeoutSeconds'>,
	key: () => Promise<string | null>,
): Promise<Bot> {
	switch (settings.kind) {
		case 'practice':
			return practiceBot();
		case 'openai':
			return openaiBot({ ...settings, key: (await key()) ?? '' });
	}
}

/** The response that a change to the document has begun, and what its bot is to be sent. */
export interface Begun {
	turnId: string;
	candidateId: string;
	view: DialogueView;
}

/** Within a write: adds the empty response that will stream. */
export function beginAnswer(
	doc: Y.Doc,
	settings: BotSettings,
	place: { parent: string; replaces?: string },
): Begun {
	const turnId = newId();
	const candidateId = newId();
	beginResponse(doc, {
		turnId,
		candidateId,
		...place,
		bot: { id: settings.id, name: settings.name, practice: settings.kind === 'practice' },
	});
	return { turnId, candidateId, view: readDialogue(doc) };
}

/** After the write is on disk: lets the bot answer. The history is always the final text of earlier turns. */
export function letAnswer(
	ctx: Context,
	dialogue: DialogueRow,
	{ settings, bot }: { settings: BotSettings; bot: Bot },
	{ turnId, candidateId, view }: Begun,
): void {
	const at = view.turns.findIndex((turn) => turn.id === turnId);
	const history = view.turns
		.slice(0, at)
		.filter((turn) => turn.text !== '')
		.map((turn) => ({
			role: turn.role === 'bot' ? ('assistant' as const) : ('user' as const),
			content: turn.text,
		}));
	ctx.generations.start({ dialogue: dialogue.id, turnId, candidateId, botId: settings.id }, bot, {
		system: settings.systemPrompt,
		topic: dialogue.topic,
		history,
		attempt: view.turns[at]?.earlier.length ?? 0,
	});
}
