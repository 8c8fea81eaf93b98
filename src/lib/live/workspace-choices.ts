import { awaitsChoice, isChoosable } from '../document/choices.ts';
import type { TurnView } from '../document/dialogue-view.ts';
import type { Exchange } from './workspace-exchanges.ts';
import type { Workspace } from './workspace.svelte.ts';

/** What a page calls a slot: nothing of the bot in it. */
export const slotName = (slot: number): string => String.fromCharCode('A'.charCodeAt(0) + slot);

/** Whether I may choose at this moment: it is the server that makes Final from it. */
export const mayChoose = (workspace: Workspace): boolean => workspace.online && workspace.can('rate');

/** Whether the names of a turn's bots are kept from me: I have still to choose. */
export const hidesBots = (workspace: Workspace, { choice }: TurnView): boolean =>
	choice !== undefined && choice.given[workspace.me] === undefined && workspace.can('rate');

export const hidesSomeBot = (workspace: Workspace): boolean =>
	workspace.view.turns.some((turn) => hidesBots(workspace, turn));

/** Whether I have still to choose the best of several responses, which I can while they are being written. */
export const owesChoice = (workspace: Workspace, { response }: Exchange): boolean =>
	response?.choice !== undefined && isChoosable(response.choice) && hidesBots(workspace, response);

/** Whether no prompt goes out before the annotator has chosen. */
export const waitsForChoice = ({ view }: Workspace): boolean => view.turns.some(awaitsChoice);
