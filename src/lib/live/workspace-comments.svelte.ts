import { uuidv4 } from 'lib0/random';
import type * as Y from 'yjs';
import { spansIn, type Span } from '../document/comment-anchor.ts';
import type { TurnView } from '../document/dialogue-view.ts';
import { readComments, type CommentView, type Thread } from '../document/read-comments.ts';
import { turnText } from '../document/read-dialogue.ts';
import type { Right } from '../document/workflow.ts';
import {
	addComment,
	deleteComment,
	mayResolve,
	quoted,
	resolveThread,
	rewordComment,
} from '../document/write-comments.ts';
import type { CommentMark } from '../text/comment-marks.ts';
import { selectedSpan } from '../text/selected-span.ts';
import { marksOf, type NewDraft } from './comment-places.ts';
import { CommentDrafts, nameOf, type Draft } from './comment-drafts.svelte.ts';
import type { Place } from './device-database.ts';
import { Live } from './live.svelte.ts';
import { SeenComments } from './seen-comments.svelte.ts';
import { steadyList } from './workspace-view.ts';

/** What the comments need of the page around them. */
interface Around {
	place: Place;
	me: string;
	/** The server's, until the document is here. */
	given(): readonly Thread[];
	/** Null while there is none. */
	doc(): Y.Doc | null;
	/** What I may do here at this moment. */
	rights(): ReadonlySet<Right>;
	/** Brings them before the eyes. */
	show(): void;
}

/** What I have just done. */
export type Deed = 'added' | 'changed' | 'deleted' | 'resolved' | 'reopened';

/** The same for every turn of which nobody speaks: what shows them stands still. */
const UNMARKED: CommentMark[] = [];

/** The comments of a dialogue, and what I am doing with them. */
export class Comments {
	readonly #around: Around;
	readonly drafts: CommentDrafts;
	readonly seen: SeenComments;
	/** The thread that is pointed at, in the text or beside it. */
	active: string | null = $state.raw(null);
	/** The draft whose box is to take the focus. */
	focusOn: string | null = $state.raw(null);
	deed: { kind: Deed } | null = $state.raw(null);
	/** Where the focus was when a comment was begun. */
	home: HTMLElement | null = null;

	readonly #doc: Live<Y.Doc> | null = $derived.by(() => {
		const doc = this.#around.doc();
		return doc && new Live(doc, () => doc, { later: () => true });
	});
	readonly #steady = steadyList<Thread>();
	readonly #read: Live<readonly Thread[]> | null = $derived.by(() => {
		const doc = this.#around.doc();
		return (
			doc && new Live(doc, (doc) => this.#steady(readComments(doc)), { same: Object.is, later: () => true })
		);
	});
	readonly threads: readonly Thread[] = $derived.by(
		() => this.#read?.current ?? this.#steady(this.#around.given()),
	);
	readonly open: Thread[] = $derived(this.threads.filter(({ resolved }) => !resolved));
	/** Of others, in open threads, and not looked at yet. */
	readonly unseen: number = $derived.by(() => this.seen.unseen(this.#idsOfOthers(this.open)).length);
	readonly #marks: ReadonlyMap<string, CommentMark[]> = $derived.by(() => {
		const spanOf = ({ turn, anchor }: NewDraft): Span | null => {
			const text = anchor === undefined ? undefined : this.#doc && turnText(this.#doc.current, turn);
			return text && anchor !== undefined ? spansIn(text)(anchor) : null;
		};
		return marksOf(this.open, this.drafts.all, spanOf, this.active);
	});

	constructor(around: Around) {
		this.#around = around;
		this.drafts = new CommentDrafts(around.place);
		this.seen = new SeenComments(around.place);
	}

	/** What earlier visits left on this device. */
	read(): void {
		this.drafts.read();
		this.seen.read();
	}

	get mayComment(): boolean {
		return this.#around.rights().has('comment');
	}
	mayResolve(thread: Thread): boolean {
		return mayResolve(this.#around.me, this.#around.rights(), thread);
	}
	isMine({ author }: CommentView): boolean {
		return author === this.#around.me;
	}
	marksIn(turn: string): CommentMark[] {
		return this.#marks.get(turn) ?? UNMARKED;
	}
	/** What others said. */
	get ofOthers(): CommentView[] {
		return this.#of(this.threads);
	}
	#of(threads: readonly Thread[]): CommentView[] {
		const all = threads.flatMap(({ first, replies }) => (first ? [first, ...replies] : replies));
		return all.filter((comment) => !this.isMine(comment));
	}
	#idsOfOthers(threads: readonly Thread[]): string[] {
		return this.#of(threads).map(({ id }) => id);
	}

	/** Everything that is told here has been looked at. */
	look(): void {
		this.seen.see(this.#idsOfOthers(this.threads));
	}

	/** Points at a thread, and brings it before the eyes. */
	pointAt(thread: string | null, show = false): void {
		this.active = thread;
		if (show && thread !== null) this.#around.show();
	}

	/** Begins a comment on the words that are selected, else on this turn. @returns whether that can be done. */
	begin(turn: TurnView | undefined, selected = selectedSpan()): boolean {
		const doc = this.#doc?.current;
		if (!doc || !this.mayComment) return false;
		const words = selected && quoted(doc, selected.turn, selected);
		const about = words ?? (turn && { turn: turn.id });
		if (!about) return false;
		const begun = this.drafts.all.find(
			(one) => one.kind === 'new' && one.turn === about.turn && one.anchor === words?.anchor,
		);
		this.#write(begun ?? { kind: 'new', id: uuidv4(), text: '', ...about });
		return true;
	}

	reply({ id, subject }: Thread): void {
		const draft: Draft = {
			kind: 'reply',
			thread: id,
			text: '',
			...(subject.kind !== 'dialogue' && { turn: subject.turn }),
		};
		this.#write(this.drafts.get(nameOf(draft)) ?? draft);
	}

	reword({ id, text }: CommentView): void {
		this.#write(this.drafts.get(`edit/${id}`) ?? { kind: 'edit', id, text });
	}

	#write(draft: Draft): void {
		const focused = document.activeElement;
		this.home = focused instanceof HTMLElement && focused !== document.body ? focused : null;
		this.drafts.put(draft);
		this.active = draft.kind === 'reply' ? draft.thread : draft.id;
		this.#around.show();
		this.focusOn = nameOf(draft);
	}

	/** Puts a draft into the document. @returns whether there was something to put, and it could be. */
	send(draft: Draft): boolean {
		const doc = this.#doc?.current;
		const text = draft.text.trim();
		if (!doc || !this.mayComment || text === '') return false;
		const said = { author: this.#around.me, text, at: Date.now() };
		if (draft.kind === 'edit') rewordComment(doc, draft.id, text);
		else if (draft.kind === 'reply') {
			const turn = draft.turn === undefined ? {} : { turn: draft.turn };
			addComment(doc, uuidv4(), { ...said, ...turn, replyTo: draft.thread });
		} else {
			const { id, turn, anchor, quote } = draft;
			const words = anchor === undefined ? {} : { anchor, quote: quote ?? '' };
			addComment(doc, id, { ...said, turn, ...words });
		}
		this.drafts.drop(nameOf(draft));
		this.deed = { kind: draft.kind === 'edit' ? 'changed' : 'added' };
		return true;
	}

	delete({ id }: CommentView): void {
		const doc = this.#doc?.current;
		if (!doc || !this.mayComment) return;
		deleteComment(doc, id);
		this.drafts.drop(`edit/${id}`);
		this.deed = { kind: 'deleted' };
	}

	resolve(thread: Thread, resolved: boolean): void {
		const doc = this.#doc?.current;
		if (!doc || !this.mayResolve(thread)) return;
		resolveThread(doc, thread.id, resolved);
		this.deed = { kind: resolved ? 'resolved' : 'reopened' };
	}
}
