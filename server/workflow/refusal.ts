import type { DialogueState, Step } from '#lib/document/workflow.ts';
import { Refused } from '#lib/wire/api-error.ts';

/** What the state machine's refusal is to whoever gave the command. */
export function refusalOf(why: Extract<Step, { ok: false }>['why'], state: DialogueState): Refused {
	switch (why) {
		case 'state':
			return new Refused('state', `Not possible while the dialogue is ${state.replace('_', ' ')}`, { state });
		case 'forbidden':
			return new Refused('forbidden', 'Not for you to do in this dialogue');
		case 'empty':
			return new Refused('empty', 'There is no response yet');
		case 'generating':
			return new Refused('generating', 'The bot is still answering: stop it first');
		case 'unrated':
			return new Refused('unrated', 'Some ratings are still missing');
		case 'stale':
			return new Refused('stale', 'The text above some responses changed: keep them, or generate them anew');
		case 'reason':
			return new Refused('reason', 'Choose at least one reason');
	}
}
