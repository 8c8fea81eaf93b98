import { within } from '../../../server/rooms/within.ts';
import type { Contender } from '../servers/contender.ts';
import { Listener } from './listener.ts';
import { Participant, type Place } from './participant.ts';
import type { Tally } from './tally.ts';
import { newClientId, Typist, type Anchor } from './typist.ts';
import type { Wheel } from './wheel.ts';

/** What happens in one live dialogue, a second. */
export interface Workload {
	/** Characters of each of the two editors. */
	keys: number;
	/** Presences of each editor; 0: none but the renewals. */
	presences: number;
	/** Tokens of the bot; 0: no bot. */
	tokens: number;
}

/** The work of an ordinary minute: two people edit earlier turns, one watches, the bot streams into the last. */
export const LIVE: Workload = { keys: 5, presences: 10, tokens: 30 };

const OPEN_WITHIN = 15_000;
const KEY_JITTER = 0.6;
const PRESENCE_JITTER = 0.2;

interface Member extends Place {
	participant: Participant;
	listener: Listener;
}

/** Two editors, a watcher and a bot, each on a socket of its own. */
export class LiveDialogue {
	readonly number: number;
	/** Annotator, reviewer, bot. */
	readonly typists: Typist[];
	readonly #contender: Contender;
	readonly #tally: Tally;
	readonly #members: Member[] = [];
	#typing = true;
	#closing = false;

	constructor(contender: Contender, number: number, anchors: readonly Anchor[], tally: Tally) {
		this.number = number;
		this.#contender = contender;
		this.#tally = tally;
		this.typists = anchors.map((anchor, nth) => new Typist(`Annotator ${nth}`, nth < 2 ? 1 : 4, anchor));
	}

	/** Everyone is in before anybody types. */
	async open(wheel: Wheel, { keys, presences, tokens }: Workload): Promise<void> {
		const [annotator, reviewer, bot] = this.typists;
		if (!annotator || !reviewer || !bot) throw new Error('three people type in a dialogue');
		const first = this.#enter({ dialogue: this.number, seat: 'annotator', client: annotator.client });
		await within(OPEN_WITHIN, first.participant.ready);
		const { brings } = this.#contender.door;
		if (brings) first.participant.update(brings);

		const others = [
			this.#enter({ dialogue: this.number, seat: 'reviewer', client: reviewer.client }),
			this.#enter({ dialogue: this.number, seat: 'lead', client: newClientId() }),
		];
		// People may not write what a bot says, so the bot is a second socket of the annotator.
		if (tokens > 0)
			others.push(this.#enter({ dialogue: this.number, seat: 'annotator', client: bot.client }));
		await within(OPEN_WITHIN, Promise.all(others.map(({ participant }) => participant.ready)));

		for (const { participant, listener } of this.#members) {
			const typist = this.typists[listener.self];
			const isEditor = typist !== undefined && typist !== bot;
			if (!isEditor || presences === 0) participant.keepPresent();
			if (typist === undefined) continue;
			wheel.every(1000 / (isEditor ? keys : tokens), KEY_JITTER, (due) => {
				if (!this.#typing) return false;
				this.#tally.acted(due, performance.now());
				this.#tally.sent++;
				typist.type(participant);
				return true;
			});
			if (!isEditor || presences === 0) continue;
			wheel.every(1000 / presences, PRESENCE_JITTER, (due) => {
				if (!this.#typing) return false;
				this.#tally.acted(due, performance.now());
				this.#tally.presenceSent++;
				typist.show(participant);
				return true;
			});
		}
	}

	missing(of: 'marked' | 'all'): number {
		return this.#members.reduce((sum, { listener }) => sum + listener.missing(of), 0);
	}

	/** What was typed until now has to arrive in time. */
	mark(): void {
		for (const typist of this.typists) typist.mark = typist.clock;
	}

	/** Nobody types any more. */
	rest(): void {
		this.#typing = false;
	}

	close(): void {
		this.rest();
		this.#closing = true;
		for (const { participant } of this.#members) participant.cutOff();
	}

	#enter(place: Place): Member {
		const listener = new Listener(this.typists, this.#tally, () => {
			if (!this.#closing) this.#tally.dropped++;
		});
		listener.self = this.typists.findIndex(({ client }) => client === place.client);
		const member = { ...place, listener, participant: new Participant(this.#contender, place, listener) };
		this.#members.push(member);
		return member;
	}
}
