import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { ChangesSince, TurnChange } from '../document/changes-since.ts';
import { AS } from '../wire/api-error.ts';
import { api } from './api.ts';
import type { Exchange } from './workspace-exchanges.ts';

/**
 * What others changed in this dialogue since I last had it before me, as the server tells it: I may have looked on
 * another machine. What changes before my eyes is no change; it counts from when the page is left or hidden.
 */
export class SinceLook {
	readonly #dialogue: number;
	readonly #me: string;
	/** By turn; stays for this visit when it was looked at. */
	readonly #changes = new SvelteMap<string, TurnChange>();
	readonly #unseen = new SvelteSet<string>();
	/** Something was written since, and the server does not tell what. */
	tooLong: boolean = $state.raw(false);
	/** Looking away is told before what changed is asked for again. */
	#told: Promise<unknown> = Promise.resolve();
	#away = false;
	/** Before it is known what changed, nothing of it was looked at. */
	#known = false;

	constructor(dialogue: number, me: string) {
		this.#dialogue = dialogue;
		this.#me = me;
	}

	/** @returns what ends it. */
	follow(): () => void {
		const turned = (): void => {
			if (document.visibilityState === 'hidden') this.#lookAway();
			else this.#lookAgain();
		};
		const left = (): void => this.#lookAway();
		document.addEventListener('visibilitychange', turned);
		addEventListener('pagehide', left);
		void this.#read();
		return () => {
			document.removeEventListener('visibilitychange', turned);
			removeEventListener('pagehide', left);
			this.#lookAway();
		};
	}

	of(turn: string | undefined): TurnChange | undefined {
		return turn === undefined ? undefined : this.#changes.get(turn);
	}

	isUnseen(exchange: Exchange): boolean {
		return turnsOf(exchange).some((turn) => this.#unseen.has(turn));
	}

	/** The next exchange with a change that I have not looked at; `current` comes first. */
	next(exchanges: readonly Exchange[], current: Exchange | undefined): Exchange | undefined {
		const at = Math.max(
			0,
			exchanges.findIndex(({ id }) => id === current?.id),
		);
		return [...exchanges.slice(at), ...exchanges.slice(0, at)].find((one) => this.isUnseen(one));
	}

	/** I am looking at it. */
	see(exchange: Exchange): void {
		for (const turn of turnsOf(exchange)) this.#unseen.delete(turn);
	}

	/** Also as the page goes. */
	#lookAway(): void {
		if (this.#away) return;
		this.#away = true;
		if (!this.#known) return;
		this.#known = false;
		const body = JSON.stringify({ unseen: [...this.#unseen] });
		this.#told = fetch(`/api/v1/dialogues/${this.#dialogue}/look`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', [AS]: this.#me },
			body,
			keepalive: true,
		}).catch(() => undefined); // then more is told as changed than was
	}

	#lookAgain(): void {
		if (!this.#away) return;
		this.#away = false;
		void this.#told.then(() => this.#read());
	}

	async #read(): Promise<void> {
		const path = `/dialogues/${this.#dialogue}/changes`;
		const read = await api<ChangesSince>('GET', path).catch(() => null);
		if (read === null) return; // nothing is marked
		this.#known = !this.#away;
		this.tooLong = read.tooLong;
		this.#changes.clear();
		this.#unseen.clear();
		for (const change of read.items) {
			this.#changes.set(change.turn, change);
			this.#unseen.add(change.turn);
		}
	}
}

const turnsOf = ({ prompt, response }: Exchange): string[] =>
	[prompt, response].flatMap((turn) => (turn ? [turn.id] : []));
