import { colorOf } from '#lib/live/person-colors.ts';
import type { MemberView } from '../document/dialogue-view.ts';
import type { Part } from '../document/workflow.ts';
import type { Connection } from './connection.svelte.ts';
import { People, type Person } from './presence.svelte.ts';
import { remember } from './remember.ts';

/** What the page knows of people apart from who is here. */
export interface Known {
	me: { id: number; name: string; part: Part };
	annotator: { id: number; name: string };
	reviewer: { id: number; name: string } | null;
	members: Record<string, MemberView>;
}

/** The people of a dialogue: who has it open now, and how anybody in it is called and coloured. */
export class Company {
	readonly #connection: () => Connection | null;
	readonly #known: () => Known;
	#others: Person[] = [];
	readonly #me: string = $derived.by(() => String(this.#known().me.id));
	/** Once a connection: what is known of who moved must outlive every edit, and `known` changes with each. */
	readonly #people: People | null = $derived.by(() => {
		const connection = this.#connection();
		return connection && new People(connection.awareness, this.#me);
	});
	/** Whether the others' carets are to be seen. */
	carets: boolean = $state.raw(true);

	constructor(connection: () => Connection | null, known: () => Known) {
		this.#connection = connection;
		this.#known = known;
	}

	/** My part; the server stamps it on my presence, and again when it changes. */
	get part(): Part {
		return this.#people?.part ?? this.#known().me.part;
	}

	/** Who has this dialogue open, I first; nobody before the first sync. */
	get here(): Person[] {
		const connection = this.#connection();
		if (!connection?.present) return [];
		const { id, name } = this.#known().me;
		const me = {
			clientId: 0,
			id: String(id),
			name,
			color: this.colorOf(String(id)),
			part: this.part,
			focus: null,
			caret: null,
			idle: false,
			typing: false,
			hand: this.hand,
		};
		// A socket that is gone takes the others with it: they were here a moment ago, and probably still are.
		if (connection.status.kind === 'live') this.#others = this.#people?.others ?? [];
		return [this.#people?.me ?? me, ...this.#others];
	}

	/** Everybody here but me. */
	get others(): Person[] {
		return this.here.slice(1);
	}

	/** Whether I ask for somebody. */
	get hand(): boolean {
		return this.#people?.hand ?? false;
	}

	raise(hand: boolean): void {
		this.#people?.raise(hand);
	}

	/** Shows the others' carets or not, here and in the next dialogue. */
	showCarets(carets: boolean): void {
		this.carets = carets;
		remember('carets', carets ? 'on' : 'off');
	}

	/** Tells the others where I am. */
	focus(exchange: string | null): void {
		this.#people?.focus(exchange);
	}

	/** Who has a part in it, or ever wrote in it. */
	get all(): { id: string; name: string }[] {
		const { me, annotator, reviewer, members } = this.#known();
		const names: Record<string, string> = {};
		for (const [id, { name }] of Object.entries(members)) names[id] = name;
		for (const person of [annotator, reviewer, me]) if (person) names[person.id] = person.name;
		return Object.entries(names).map(([id, name]) => ({ id, name }));
	}

	nameOf(author: string): string | undefined {
		const { me, annotator, reviewer, members } = this.#known();
		return (
			members[author]?.name ?? [me, annotator, reviewer].find((person) => String(person?.id) === author)?.name
		);
	}

	/** 1–12: their colour in this dialogue, or a fixed one for who never wrote in it. */
	colorOf(author: string): number {
		return this.#known().members[author]?.color ?? colorOf(Number(author) || 0);
	}
}
