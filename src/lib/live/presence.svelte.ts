import { createSubscriber } from 'svelte/reactivity';
import type { Awareness } from 'y-protocols/awareness';
import type { Part } from '../document/workflow.ts';
import { AfterPaint } from '../text/after-paint.ts';
import { Movements, TYPING_MS } from './movements.ts';

/** Somebody who has this dialogue open. `user` of their awareness state is stamped by the server. */
export interface Person {
	clientId: number;
	/** The user id as the document's key. */
	id: string;
	name: string;
	/** 1–12: a hue of six, the second six with dashed carets. */
	color: number;
	part: Part;
	/** The turn they look at. */
	focus: string | null;
	/** Where their caret is: a position of Yjs in any text, or nonsense. */
	caret: unknown;
	/** Nothing of theirs has moved for a minute. */
	idle: boolean;
	/** They have just typed. */
	typing: boolean;
	/** They ask for somebody. */
	hand: boolean;
}

const LOOK_AGAIN_MS = 10_000;

/** The people in a dialogue, each once however many tabs they have; tracked by effects and templates. */
export class People {
	readonly #awareness: Awareness;
	readonly #userId: string | undefined;
	readonly #movements = new Movements();
	readonly #subscribe: () => void;
	readonly #subscribeToPart: () => void;

	/** `userId`: whose page this is, for the server tells a page about itself only when that changes. */
	constructor(awareness: Awareness, userId?: string) {
		this.#awareness = awareness;
		this.#userId = userId;
		this.#subscribe = createSubscriber((changed) => {
			const afterPaint = new AfterPaint(changed); // every key moves a caret
			const moved = ({
				added,
				updated,
				removed,
			}: Record<'added' | 'updated' | 'removed', number[]>): void => {
				for (const client of [...added, ...updated])
					this.#movements.moved(client, this.#state(client)?.caret?.edits ?? null);
				for (const client of removed) this.#movements.left(client);
				afterPaint.ask();
				clearTimeout(typed);
				typed = setTimeout(changed, TYPING_MS); // nor does having stopped
			};
			awareness.on('change', moved);
			const timer = setInterval(changed, LOOK_AGAIN_MS); // being idle makes no event
			let typed: ReturnType<typeof setTimeout> | undefined;
			return () => {
				awareness.off('change', moved);
				clearInterval(timer);
				clearTimeout(typed);
				afterPaint.forget();
			};
		});
		this.#subscribeToPart = createSubscriber((changed) => {
			let before = this.#part;
			const moved = (): void => {
				if (this.#part === before) return;
				before = this.#part;
				changed();
			};
			awareness.on('change', moved);
			return () => awareness.off('change', moved);
		});
	}

	/** As `me` has it, but tracked apart: every turn asks for it, and must not be looked at when somebody types. */
	get part(): Part | null {
		this.#subscribeToPart();
		return this.#part;
	}
	get #part(): Part | null {
		return this.#state(this.#awareness.clientID)?.user?.part ?? null;
	}

	/** This page's own person; null until the server has said who it is, which it does when something of it changes. */
	get me(): Person | null {
		this.#subscribe();
		return this.#person(this.#awareness.clientID);
	}

	/** Everybody else, by colour; my other tabs are me. */
	get others(): Person[] {
		const me = this.me?.id ?? this.#userId;
		const tabs = [...this.#awareness.getStates().keys()]
			.filter((client) => client !== this.#awareness.clientID)
			.map((client) => this.#person(client))
			.filter((person) => person !== null)
			.filter(({ id }) => id !== me)
			.sort((a, b) => this.#movements.last(b.clientId) - this.#movements.last(a.clientId));
		return tabs
			.filter(({ id }, index) => tabs.findIndex((tab) => tab.id === id) === index)
			.map((person) => ({ ...person, hand: tabs.some(({ id, hand }) => hand && id === person.id) }))
			.sort((a, b) => a.color - b.color || a.clientId - b.clientId);
	}

	/** Tells the others which turn is looked at here. */
	focus(turn: string | null): void {
		this.#awareness.setLocalStateField('focus', { turn });
	}

	/** Whether this page's person asks for somebody. */
	get hand(): boolean {
		this.#subscribe();
		return this.#state(this.#awareness.clientID)?.hand === true;
	}

	raise(hand: boolean): void {
		this.#awareness.setLocalStateField('hand', hand);
	}

	#state(clientId: number): PresenceState | undefined {
		return this.#awareness.getStates().get(clientId);
	}

	#person(clientId: number): Person | null {
		const state = this.#state(clientId);
		if (!state?.user) return null;
		const { id, name, color, part } = state.user;
		return {
			clientId,
			id,
			name,
			color,
			part,
			focus: state.focus?.turn ?? null,
			caret: state.caret?.head,
			idle: this.#movements.idle(clientId),
			typing: this.#movements.typing(clientId),
			hand: state.hand === true,
		};
	}
}

/** The server vouches for `user`; the rest is what another's page says. */
interface PresenceState {
	user?: { id: string; name: string; color: number; part: Part };
	focus?: { turn: string | null };
	caret?: { head: unknown; edits: number } | null;
	hand?: unknown;
}
