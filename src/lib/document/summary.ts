import type * as Y from 'yjs';
import type { MemberView } from './dialogue-view.ts';
import { isBlind, membersOf, standingOf, type Standing } from './read-dialogue.ts';
import { candidatesOf } from './roots.ts';

/** What has to be known of a dialogue to let somebody in. */
export interface Summary {
	members: Record<string, MemberView>;
	/** Whether an answer is being written, or was when its server went down. */
	generating: boolean;
	/** Of a blind dialogue: by what its raters' documents are judged. */
	blind?: Standing;
}

export function summaryOf(doc: Y.Doc): Summary {
	const states = [...candidatesOf(doc).values()].map((candidate) => candidate.get('state'));
	return {
		members: membersOf(doc),
		generating: states.includes('generating'),
		...(isBlind(doc) && { blind: standingOf(doc) }),
	};
}
