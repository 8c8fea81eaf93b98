import type { Find } from './find.svelte.ts';
import type { Commands } from './workspace-commands.svelte.ts';
import type { Exchange } from './workspace-exchanges.ts';
import type { Following } from './following.svelte.ts';
import type { TextView, Workspace } from './workspace.svelte.ts';

/** Where its key means something. A key of a text, a prompt or a rating is heard there, by what has the focus. */
export type Scope = 'everywhere' | 'text' | 'rating' | 'outside' | 'review';

/** The room that a command is given in: what it looks at and acts on. */
export interface Room {
	readonly workspace: Workspace;
	readonly commands: Commands;
	readonly following: Following;
	readonly find: Find;
	readonly go: (exchange: Exchange) => void;
	readonly rate: (exchange: Exchange) => void;
	/** To the rating of the dialogue as a whole. */
	readonly rateWhole: () => void;
	/** Done with this turn. */
	readonly done: () => void;
}

interface Row {
	readonly id: string;
	readonly scope: Scope;
	/** A sign alone: may be another for a person, or none. Digits are the ratings'. */
	readonly single?: string;
	/** A key that everybody has: `Mod` is ⌘ on a Mac and Ctrl elsewhere. */
	readonly chord?: string;
	/** It may be held down. */
	readonly repeats?: true;
	/** Whether it would do something here and now; always, where nothing is said. */
	possible?(room: Room): boolean;
	/** None: its key is told of, and there is nothing to choose. */
	act?(room: Room): void;
}

/**
 * Every command of the workspace, once: keys, palette, help and remapping read this table, and its order.
 * A new one needs a row here and its words in both dictionaries (`commands.name`).
 */
const TABLE = [
	{
		id: 'palette',
		scope: 'everywhere',
		chord: 'Mod+k',
		possible: ({ commands }) => commands.sheet !== 'palette',
		act: ({ commands }) => (commands.sheet = 'palette'),
	},
	{
		id: 'help',
		scope: 'everywhere',
		single: '?',
		chord: 'Mod+/',
		act: ({ commands }) => (commands.sheet = 'keys'),
	},
	{
		id: 'find',
		scope: 'everywhere',
		single: '/',
		chord: 'Mod+f',
		act: ({ find }) => find.show(),
	},
	{
		id: 'submit',
		scope: 'everywhere',
		chord: 'Mod+Shift+Enter',
		possible: ({ workspace }) => workspace.part === 'annotator' && workspace.mayPrompt,
		act: ({ commands }) => (commands.sheet = 'submit'),
	},
	{ id: 'escape', scope: 'everywhere', chord: 'Esc' },

	{
		id: 'send',
		scope: 'text',
		chord: 'Mod+Enter',
		possible: ({ workspace: { online, mayPrompt, generating, view } }) =>
			online && mayPrompt && !generating && view.draft.trim() !== '',
		act: ({ commands }) => void commands.send(),
	},
	{ id: 'newline', scope: 'text', chord: 'Enter' },
	{ id: 'comment-words', scope: 'text', chord: 'Mod+Alt+m' },

	{ id: 'digits', scope: 'rating', chord: '1–9' },
	{ id: 'choice', scope: 'rating', chord: '1–4+=+0' },

	{
		id: 'next',
		scope: 'outside',
		single: 'j',
		repeats: true,
		possible: ({ workspace }) => workspace.current !== undefined,
		act: (room) => step(room, 1),
	},
	{
		id: 'previous',
		scope: 'outside',
		single: 'k',
		repeats: true,
		possible: ({ workspace }) => workspace.current !== undefined,
		act: (room) => step(room, -1),
	},
	{
		id: 'unrated',
		scope: 'outside',
		single: 'n',
		possible: ({ workspace }) => workspace.nextOpen() !== undefined || workspace.ratings.isWholeOwed,
		act({ workspace, rate, rateWhole }) {
			const open = workspace.nextOpen();
			if (open) rate(open);
			else rateWhole();
		},
	},
	{
		id: 'since',
		scope: 'outside',
		single: 'u',
		possible: ({ workspace: { since, exchanges, current } }) => since.next(exchanges, current) !== undefined,
		act({ workspace, go }) {
			const { since, exchanges, current } = workspace;
			const next = since.next(exchanges, current);
			if (!next) return;
			workspace.editing = null;
			workspace.showSince(next);
			go(next);
		},
	},
	{
		id: 'done',
		scope: 'outside',
		chord: 'Mod+Enter',
		possible: ({ workspace }) => workspace.can('rate') && workspace.current !== undefined,
		act: ({ done }) => done(),
	},
	{
		id: 'edit',
		scope: 'outside',
		single: 'e',
		possible({ workspace }) {
			const turn = turnAt(workspace);
			return turn !== undefined && workspace.editable(turn) !== undefined;
		},
		act({ workspace }) {
			const turn = turnAt(workspace);
			if (turn) workspace.edit(turn);
		},
	},
	{
		id: 'comment',
		scope: 'outside',
		single: 'c',
		possible: ({ workspace }) => workspace.live && workspace.can('comment'),
		act: ({ workspace }) => void workspace.comments.begin(turnAt(workspace)),
	},
	{
		id: 'preview',
		scope: 'outside',
		single: 'p',
		possible: hasViews,
		act: (room) => turnOver(room, 'preview'),
	},
	{
		id: 'changes',
		scope: 'outside',
		single: 'd',
		possible: hasViews,
		act: (room) => turnOver(room, 'changes'),
	},
	{ id: 'who-wrote', scope: 'outside', act: ({ workspace }) => workspace.whoWrote.toggle() },
	{
		id: 'stop',
		scope: 'outside',
		possible: ({ workspace: { online, mayPrompt, generating } }) =>
			online && mayPrompt && generating !== undefined,
		act({ workspace: { generating }, commands }) {
			if (generating) void commands.stop(generating.id);
		},
	},

	{
		id: 'follow',
		scope: 'outside',
		single: 'f',
		possible: ({ following }) => following.person !== null || following.next !== null,
		act: ({ following }) => following.turn(),
	},
	{
		id: 'hand',
		scope: 'outside',
		single: 'h',
		possible: ({ workspace }) => workspace.live,
		act: ({ workspace: { people } }) => people.raise(!people.hand),
	},
	{
		id: 'scroll-together',
		scope: 'outside',
		possible: ({ workspace }) => workspace.view.turns.some(({ choice }) => choice !== undefined),
		act: ({ workspace }) => workspace.scrollTogether(!workspace.scrollsTogether),
	},
	{ id: 'carets', scope: 'outside', act: ({ workspace: { people } }) => people.showCarets(!people.carets) },
	{
		id: 'together',
		scope: 'outside',
		possible: ({ workspace }) => workspace.online && workspace.mayInvite,
		act: ({ workspace, commands }) => void commands.together(!workspace.view.together),
	},

	{
		id: 'take-back',
		scope: 'outside',
		possible: ({ workspace }) => workspace.online && workspace.may('take-back'),
		act: ({ commands }) => void commands.takeBack(),
	},
	{
		id: 'skip',
		scope: 'outside',
		possible: ({ workspace }) => workspace.online && workspace.may('skip'),
		act: ({ commands }) => (commands.sheet = 'skip'),
	},
	{
		id: 'dispute',
		scope: 'outside',
		possible: ({ workspace }) => workspace.online && workspace.may('dispute'),
		act: ({ commands }) => (commands.sheet = 'dispute'),
	},
	{
		id: 'uphold',
		scope: 'review',
		possible: ({ workspace }) => workspace.online && workspace.may('uphold'),
		act: ({ commands }) => (commands.sheet = 'uphold'),
	},
	{
		id: 'reopen',
		scope: 'review',
		possible: ({ workspace }) => workspace.online && workspace.may('reopen'),
		act: ({ commands }) => void commands.reopen(),
	},
	{
		id: 'claim',
		scope: 'review',
		possible: ({ workspace }) => workspace.online && workspace.may('claim'),
		act: ({ commands }) => void commands.claim(),
	},
	{
		id: 'accept',
		scope: 'review',
		single: 'a',
		possible: ({ workspace }) => workspace.online && workspace.may('accept'),
		act({ workspace, commands }) {
			if (workspace.ratings.areOwed) commands.refuse('bar', 'unrated');
			else void commands.accept();
		},
	},
	{
		id: 'return',
		scope: 'review',
		single: 'x',
		possible: ({ workspace }) => workspace.online && workspace.may('accept'),
		act: ({ commands }) => (commands.sheet = 'return'),
	},
] as const satisfies readonly Row[];

export type CommandId = (typeof TABLE)[number]['id'];
export type Command = Row & { readonly id: CommandId };
export const COMMANDS: readonly Command[] = TABLE;

export const commandOf = (id: CommandId): Command => COMMANDS.find((command) => command.id === id) as Command;

/** Does it, where it can be done. @returns whether it could. */
export function give(command: Command, room: Room): boolean {
	if (!command.act || command.possible?.(room) === false) return false;
	command.act(room);
	return true;
}

const turnAt = ({ current }: Workspace) => current?.response ?? current?.prompt;

function hasViews({ workspace }: Room): boolean {
	const turn = turnAt(workspace);
	return turn?.original !== undefined && turn.state !== 'generating';
}

/** To a view of the response, and back to Final. */
function turnOver({ workspace: { views }, workspace }: Room, view: TextView): void {
	const turn = turnAt(workspace);
	if (turn) views.set(turn.id, views.get(turn.id) === view ? 'final' : view);
}

function step({ workspace, go }: Room, by: 1 | -1): void {
	const neighbour = workspace.neighbour(by) ?? workspace.current;
	if (neighbour) go(neighbour);
}
