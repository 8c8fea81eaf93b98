/**
 * An independent judge of who may see whose ratings in a blind dialogue. What the server holds at a moment is not
 * always known: an edit or a step that is under way may be there or not. So the judge keeps all that it may hold, and
 * calls a message wrong when nothing of that allowed it, at any moment since the rating in it was first sent.
 */
import type { DialogueState, Part } from '#lib/document/workflow.ts';
import type { Rating } from '#lib/document/rubric.ts';

/** A response of the dialogue; one that another took the place of is off the line. */
export interface Answer {
	id: string;
	onLine: boolean;
}

export interface Dialogue {
	state: DialogueState;
	answers: readonly Answer[];
	/** The bot is at one of them. */
	writing: boolean;
}

/** answer/criterion → rating. */
export type Given = Readonly<Record<string, Rating>>;

export interface Person {
	userId: number;
	part: Part;
}

/** The rule, spelled out once more. Who observes here is a lead. */
function maySee(part: Part, { state, answers, writing }: Dialogue, own: Given): boolean {
	if (part === 'observer') return true;
	const rated = ({ id }: Answer): boolean => `${id}/helpful` in own;
	if (writing || !answers.filter(({ onLine }) => onLine).every(rated)) return false;
	if (part === 'annotator') return ['accepted', 'returned'].includes(state);
	return ['submitted', 'in_review', 'accepted'].includes(state) || answers.every(rated);
}

const MARK = /mark-(\d+)-\d+;/g;

export class BlindOracle {
	/** What the dialogue may be by now, the newest last. */
	#dialogues: [Dialogue, ...Dialogue[]];
	/** By rater: what the server may hold of theirs, the newest last. */
	readonly #given = new Map<number, [Given, ...Given[]]>();
	readonly #people: readonly Person[];
	/** By person, for each moment so far, whether they may have been allowed to see. */
	readonly #allowed = new Map<number, boolean[]>();
	/** By mark: the moment at which its rater first sent it. */
	readonly #sent = new Map<string, number>();
	#now = -1;
	#marks = 0;
	readonly wrongs: string[] = [];
	/** Messages to others that held a rating, rightly. */
	shown = 0;

	constructor(people: readonly Person[], dialogue: Dialogue) {
		this.#people = people;
		this.#dialogues = [dialogue];
		for (const { userId } of people) {
			this.#given.set(userId, [{}]);
			this.#allowed.set(userId, []);
		}
		this.#passes();
	}

	/** A reason that no other rating has. */
	mark(rater: number): string {
		return `mark-${rater}-${++this.#marks};`;
	}

	get dialogue(): Dialogue {
		return this.#dialogues.at(-1) ?? this.#dialogues[0];
	}
	/** What a rater's page shows. */
	given(rater: number): Given {
		return this.#held(rater).at(-1) ?? {};
	}
	#held(rater: number): [Given, ...Given[]] {
		return this.#given.get(rater) ?? [{}];
	}

	/** The dialogue may be so from now on. */
	mayBecome(dialogue: Dialogue): void {
		this.#dialogues.push(dialogue);
		this.#passes();
	}
	/** And is. */
	became(dialogue: Dialogue): void {
		this.#dialogues = [dialogue];
		this.#passes();
	}

	rates(rater: number, given: Given): void {
		this.#held(rater).push(given);
		this.#passes();
	}
	/** All that a rater's page shows was called saved. */
	saved(rater: number): void {
		if (this.#held(rater).length > 1) this.finds(rater, this.given(rater));
	}
	/** A page that was opened anew finds this: something that may be held, and nothing that was called saved is gone. */
	finds(rater: number, found: Given): void {
		const held = this.#held(rater);
		if (!held.some((given) => same(given, found)))
			this.wrongs.push(`${rater} finds ${JSON.stringify(found)}, and gave ${JSON.stringify(held)}`);
		this.#given.set(rater, [found]);
		this.#passes();
	}

	/** Whether a person may see the others', when nothing is under way. */
	sees({ userId, part }: Person): boolean {
		return maySee(part, this.dialogue, this.given(userId));
	}

	/** `of`: whose ratings the socket is for; null: the dialogue's own. */
	overhears(person: Person, of: number | null, side: 'sent' | 'heard', bytes: Uint8Array): void {
		for (const [mark, rater] of Buffer.from(bytes).toString('latin1').matchAll(MARK)) {
			const { userId } = person;
			if (side === 'sent') {
				if (Number(rater) === userId && !this.#sent.has(mark)) this.#sent.set(mark, this.#now);
				continue;
			}
			const from = this.#sent.get(mark) ?? Infinity;
			const where = `${mark} came to ${userId} at ${of === null ? 'the dialogue' : `${of}’s ratings`}`;
			if (Number(rater) !== of) this.wrongs.push(`${where}, in the wrong place`);
			else if (of === userId) continue;
			else if (this.#allowed.get(userId)?.slice(from).includes(true)) this.shown++;
			else this.wrongs.push(`${where}, too early`);
		}
	}

	#passes(): void {
		this.#now++;
		for (const { userId, part } of this.#people) {
			const may = this.#dialogues.some((dialogue) =>
				this.#held(userId).some((own) => maySee(part, dialogue, own)),
			);
			this.#allowed.get(userId)?.push(may);
		}
	}
}

const sorted = (given: Given): string =>
	JSON.stringify(Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1)));
export const same = (a: Given, b: Given): boolean => sorted(a) === sorted(b);
