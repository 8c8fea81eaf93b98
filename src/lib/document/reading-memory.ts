import type * as Y from 'yjs';
import type { Heard } from './fingerprint.ts';

/** What need not be worked out anew by who reads one document after every change: a long one has much that stays. */
export class ReadingMemory {
	readonly heard: Heard[] = [];
	readonly #texts = new WeakMap<object, string>();

	constructor(doc: Y.Doc) {
		const forget = ({ changed }: Y.Transaction): void => {
			for (const type of changed.keys()) this.#texts.delete(type);
		};
		doc.on('beforeObserverCalls', forget);
		doc.on('afterTransaction', forget); // observers may change more
	}

	textOf(text: Y.Text): string {
		let known = this.#texts.get(text);
		if (known === undefined) this.#texts.set(text, (known = text.toJSON()));
		return known;
	}
}
