import { getContext, setContext } from 'svelte';
import type { TurnView } from '../document/dialogue-view.ts';
import type { Choice } from '../document/schema.ts';
import type { SkipReason, ReturnReason } from '../document/workflow.ts';
import { draftOf } from '../document/roots.ts';
import type { Words } from '../i18n/en.ts';
import { api, ApiProblem } from './api.ts';
import { NotSaved } from './waiting.ts';
import type { Workspace } from './workspace.svelte.ts';

/** Where a command is given, and so where its failure is said. */
export type Place = 'composer' | 'response' | 'bar' | 'submit' | 'skip' | 'return' | 'dispute' | 'uphold';
export type Failure = ApiProblem['code'] | 'not-saved';
/** What I have just done, and may want to go on from. */
export type Outcome = 'submitted' | 'accepted' | 'returned' | 'skipped';
/** What stands over the page. */
export type Sheet = 'submit' | 'skip' | 'return' | 'dispute' | 'uphold' | 'keys' | 'palette' | null;

/** What a person tells the server to do with a dialogue. One at a time, in order; a failed one leaves
 * everything as it was. */
export class Commands {
	readonly #workspace: Workspace;
	#latest: { what: string; done: Promise<void> } | null = null;
	busy: Place | null = $state.raw(null);
	/** `turn`: the response that a command at `response` was about. */
	failed: { place: Place; why: Failure; turn: string | undefined } | null = $state.raw(null);
	outcome: Outcome | null = $state.raw(null);
	sheet: Sheet = $state.raw(null);

	constructor(workspace: Workspace) {
		this.#workspace = workspace;
	}

	/** Closing is told late, when another may already be open: only what is open is closed. */
	show(sheet: Exclude<Sheet, null>, open: boolean): void {
		if (open) this.sheet = sheet;
		else if (this.sheet === sheet) this.sheet = null;
	}

	/** Says why something cannot be done now. */
	refuse(place: Place, why: Failure): void {
		this.failed = { place, why, turn: undefined };
	}

	failureAt(place: Place): Failure | null {
		return this.failed?.place === place ? this.failed.why : null;
	}

	failureIn(response: string | undefined): Failure | null {
		return this.failed?.turn === response ? this.failureAt('response') : null;
	}

	/** Sends the draft once all of it is on disk. It stays where it is until the server has made it a turn. */
	async send(): Promise<void> {
		const { connection } = this.#workspace;
		if (!connection || draftOf(connection.doc).toJSON().trim() === '') return;
		await this.#attempt('composer', 'send', async () => {
			await connection.whenSaved();
			await this.#post('turns', { text: draftOf(connection.doc).toJSON() });
			this.#workspace.choose(null);
		});
	}

	async stop(turn: string): Promise<void> {
		await this.#attempt('composer', 'stop', () => this.#post(`turns/${turn}/stop`));
	}

	/** Stops one of several responses. */
	async stopCandidate(turn: TurnView, candidateId: string): Promise<void> {
		const command = (): Promise<void> => this.#post(`turns/${turn.id}/stop`, { candidateId });
		await this.#attempt('response', `stop ${candidateId}`, command, turn.id);
	}

	/** Chooses the best of several responses. */
	async choose(turn: TurnView, { best, degree }: Choice): Promise<void> {
		const what = `choose ${turn.choice?.id} ${best} ${degree}`;
		const body = { best, ...(degree > 0 && { degree }) };
		await this.#attempt(
			'response',
			what,
			// Another choice may give the turn another id meanwhile; that of the candidates stays.
			() => this.#post(`turns/${turn.choice?.id ?? turn.id}/choose`, body),
			turn.id,
		);
	}

	async regenerate(turn: string): Promise<void> {
		await this.#attempt('response', 'regenerate', () => this.#post(`turns/${turn}/regenerate`), turn);
	}

	/** Says that responses hold as they are, though the text above them changed. */
	async keep(turns: readonly string[]): Promise<void> {
		await this.#attempt('response', 'keep', () => this.#post('keep', { turns }), turns[0]);
	}

	async bringBack(earlier: string, current: string): Promise<void> {
		const command = (): Promise<void> => this.#post(`turns/${earlier}/bring-back`);
		await this.#attempt('response', `bring back ${earlier}`, command, current);
	}

	async submit(): Promise<void> {
		await this.#decide('submit', 'submit', 'submitted');
	}

	async takeBack(): Promise<void> {
		await this.#decide('bar', 'take-back');
	}

	async claim(): Promise<void> {
		await this.#decide('bar', 'claim');
	}

	async accept(): Promise<void> {
		await this.#decide('bar', 'accept', 'accepted');
	}

	async return(reasons: ReturnReason[], note: string): Promise<void> {
		await this.#decide('return', 'return', 'returned', { reasons, note });
	}

	async skip(reason: SkipReason): Promise<void> {
		await this.#decide('skip', 'skip', 'skipped', { reason });
	}

	async dispute(reason: string): Promise<void> {
		await this.#decide('dispute', 'dispute', null, { reason });
	}

	async uphold(reason: string): Promise<void> {
		await this.#decide('uphold', 'uphold', null, { reason });
	}

	async reopen(): Promise<void> {
		await this.#decide('bar', 'reopen');
	}

	async together(together: boolean): Promise<void> {
		await this.#attempt('bar', `together ${together}`, () => this.#post('together', { together }));
	}

	/** A decision is about what is on disk: everything typed here goes there first. */
	async #decide(place: Place, command: string, outcome: Outcome | null = null, body?: object): Promise<void> {
		await this.#attempt(place, command, async () => {
			this.#workspace.editing = null;
			await this.#workspace.edits.whenSaved();
			await this.#post(command, body);
			this.outcome = outcome;
			// Its own only: another may have been opened while it was under way.
			if (place !== 'bar' && place !== 'composer' && place !== 'response') this.show(place, false);
		});
	}

	#post(path: string, body: object = {}): Promise<void> {
		const { opening, me } = this.#workspace;
		return api('POST', `/dialogues/${opening.id}/${path}`, body, me);
	}

	/** The same again while it is under way is passed over; another command waits for it. */
	async #attempt(place: Place, what: string, command: () => Promise<void>, turn?: string): Promise<void> {
		if (this.#latest?.what === what) return;
		const own = { what, done: this.#carryOut({ place, turn }, command, this.#latest?.done) };
		this.#latest = own;
		try {
			await own.done;
		} finally {
			if (this.#latest === own) this.#latest = null;
		}
	}

	async #carryOut(
		at: { place: Place; turn: string | undefined },
		command: () => Promise<void>,
		before?: Promise<void>,
	): Promise<void> {
		await before?.catch(() => undefined);
		this.busy = at.place;
		this.failed = null;
		this.outcome = null;
		try {
			await command();
		} catch (error) {
			this.failed = { ...at, why: failureOf(error) };
		} finally {
			this.busy = null;
		}
	}
}

export function failureWords(words: Words, why: Failure): string {
	if (why === 'offline') return words.workspace.noAnswer;
	return why === 'not-saved' ? words.workspace.refused : words.errors[why];
}

function failureOf(error: unknown): Failure {
	if (error instanceof ApiProblem) return error.code;
	if (error instanceof NotSaved) return 'not-saved';
	throw error;
}

const KEY = Symbol('commands');

export const provideCommands = (commands: Commands): Commands => setContext(KEY, commands);
export const useCommands = (): Commands => getContext<Commands>(KEY);
