import { createSubscriber } from 'svelte/reactivity';
import * as Y from 'yjs';
import { AfterPaint } from '../text/after-paint.ts';

interface Telling<V> {
	/** Who reads is told only of what reads differently: for small things in a document that is typed in. */
	same?: (before: V, now: V) => boolean;
	/** Of what changes nothing but these texts, who reads is told after the next picture: no key waits for that. */
	later?: (text: Y.Text) => boolean;
}

/**
 * A live read of a document: `current` is tracked by effects and templates, and read again after each transaction
 * that changed it. The document is the only state: nothing is copied.
 */
export class Live<V> {
	readonly #doc: Y.Doc;
	readonly #read: (doc: Y.Doc) => V;
	readonly #subscribe: () => void;

	constructor(doc: Y.Doc, read: (doc: Y.Doc) => V, { same, later }: Telling<V> = {}) {
		this.#doc = doc;
		this.#read = read;
		this.#subscribe = createSubscriber((update) => {
			let before = same && read(doc);
			const tell = (): void => {
				const last = before;
				before = same && read(doc);
				if (!same || !same(last as V, before as V)) update();
			};
			const afterPaint = new AfterPaint(tell);
			const changed = (
				_: unknown,
				_origin: unknown,
				_doc: unknown,
				{ changed: types }: Y.Transaction,
			): void => {
				const mayWait = later && [...types.keys()].every((type) => type instanceof Y.Text && later(type));
				if (mayWait) return afterPaint.ask();
				afterPaint.forget();
				tell();
			};
			doc.on('update', changed);
			return () => {
				doc.off('update', changed);
				afterPaint.forget();
			};
		});
	}

	get current(): V {
		this.#subscribe();
		return this.#read(this.#doc);
	}
}
