import { untrack } from 'svelte';
import type * as Y from 'yjs';
import { areIn, blindProgressOf, seesOthers, type BlindProgress } from '../document/blind.ts';
import type { DialogueView } from '../document/dialogue-view.ts';
import { rate, ratingsBy, withRatings } from '../document/ratings.ts';
import { criteriaOf, type Rating } from '../document/rubric.ts';
import type { Part } from '../document/workflow.ts';
import type { Connection } from './connection.svelte.ts';
import type { Opening } from './opening.ts';
import type { RatingConnections } from './rating-connections.svelte.ts';
import type { Reading } from './workspace-reading.svelte.ts';
import { steadily } from './workspace-view.ts';

/** What the ratings need of the page around them. */
interface Around {
	reading: Reading;
	opening(): Opening;
	part(): Part;
	/** Whether I rate in it, as it stands. */
	rates(): boolean;
	/** The dialogue's own; null where nothing done here goes into it. */
	connection(): Connection | null;
	/** The documents that the ratings of a blind dialogue lie in, once it is live. */
	apart(): RatingConnections | null;
}

/** The ratings of a dialogue: mine, and the others' where I may see them. */
export class Ratings {
	readonly #around: Around;
	readonly #opening: Opening = $derived.by(() => this.#around.opening());
	readonly #me: string = $derived(String(this.#opening.me.id));
	/** Where people rate blind, with my own ratings and nobody else's. */
	readonly #own: DialogueView = $derived.by(() => {
		const { view } = this.#around.reading;
		if (!this.#opening.blind) return view;
		const own = this.#around.apart()?.ownGiven ?? ratingsBy(this.#opening.view, this.#me);
		return withRatings(view, [own]);
	});
	/** How far I have come. */
	readonly progress: BlindProgress = $derived(blindProgressOf(this.#own, this.#opening.rubric, this.#me));
	/** Whether what the others gave may be seen, as far as this page knows: the server decides. */
	readonly seesOthers: boolean = $derived.by(() => {
		const { blind, me } = this.#opening;
		if (!blind) return true;
		const actor = { part: this.#around.part(), role: me.role };
		return seesOthers(actor, this.#around.reading.standing.state, this.progress);
	});
	/** Whose ratings I may see beside my own. */
	readonly #seen: string[] = $derived.by(() => {
		if (!this.#opening.blind || !this.seesOthers) return [];
		const members = Object.entries(this.#around.reading.members);
		return members
			.filter(([user, { part }]) => part !== 'observer' && user !== this.#me)
			.map(([user]) => user);
	});
	readonly #steady = steadily();
	/** The dialogue, with the ratings that I may see. */
	readonly view: DialogueView = $derived.by(() => {
		const { blind, view } = this.#opening;
		const read = this.#around.reading.view;
		if (!blind) return this.#steady(read);
		const others = this.#seen.map((user) => this.#around.apart()?.givenBy(user) ?? ratingsBy(view, user));
		return this.#steady(withRatings(read, [ratingsBy(this.#own, this.#me), ...others]));
	});
	/** Where mine go; null: nowhere at this moment. */
	readonly #doc: Y.Doc | null = $derived.by(() => {
		const dialogue = this.#around.connection();
		const connection = this.#opening.blind ? this.#around.apart()?.own : dialogue;
		const open = dialogue !== null && connection?.synced && connection.status.kind !== 'closed';
		return open ? connection.doc : null;
	});

	constructor(around: Around) {
		this.#around = around;
	}

	/** Whose the marks beside the turns are about; null where there are none to wait for. */
	get rater(): string | null {
		if (this.#around.rates()) return this.#me;
		const rated = (user: string) => this.view.turns.some((turn) => turn.ratings[user]);
		if (rated(this.#me)) return this.#me;
		const annotator = String(this.#opening.annotator.id);
		return rated(annotator) ? annotator : null;
	}
	/** Whether one would be written at this moment. */
	get mayRate(): boolean {
		return this.#doc !== null && this.#around.rates();
	}
	/** Whether I have still to give that of the dialogue as a whole, once there is something in it. */
	get isWholeOwed(): boolean {
		return this.#around.rates() && this.progress.botTurns > 0 && !this.progress.ratedWhole;
	}
	/** Whether people rate nothing but the dialogue as a whole. */
	get isWholeAlone(): boolean {
		return criteriaOf(this.#opening.rubric, 'turn').length === 0;
	}
	/** Whether mine must be in before I decide: who reviews blind. */
	get areOwed(): boolean {
		return this.#opening.blind && this.#around.part() === 'reviewer' && !areIn(this.progress);
	}

	/** Writes my own rating; of the dialogue as a whole, with WHOLE for the turn. */
	rate(turn: string, criterion: string, rating: Rating | null): void {
		if (this.#doc) rate(this.#doc, this.#me, turn, criterion, rating);
	}

	/** In an effect: has the documents open that this page may have, as far as it knows. */
	follow(): void {
		const apart = this.#around.apart();
		if (apart === null) return;
		const part = this.#around.part();
		const rates = part !== 'observer';
		// One's own must be on disk: by that the server judges.
		const seen = this.#around.connection() && (!rates || apart.own?.saved === 'saved') ? this.#seen : [];
		const occasion = JSON.stringify([this.#around.reading.standing.state, part, this.progress]);
		untrack(() => {
			if (rates) apart.rateAs(this.#me);
			apart.see(seen, occasion);
		});
	}
}
