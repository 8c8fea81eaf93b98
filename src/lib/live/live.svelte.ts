import { createSubscriber } from 'svelte/reactivity';
import * as Y from 'yjs';

interface Observable {
	observeDeep(changed: () => void): void;
	unobserveDeep(changed: () => void): void;
}

/**
 * A live read of a Yjs type or of a whole document: `current` is tracked by effects and templates, and read
 * again after each transaction that changed it. The document is the only state: nothing is copied.
 * With `same`, who reads is told only of what reads differently: for small things in a document that is typed in.
 */
export class Live<T extends Observable | Y.Doc, V> {
	readonly #type: T;
	readonly #read: (type: T) => V;
	readonly #subscribe: () => void;

	constructor(type: T, read: (type: T) => V, same?: (before: V, now: V) => boolean) {
		this.#type = type;
		this.#read = read;
		this.#subscribe = createSubscriber((update) => {
			let before = same && read(type);
			const changed = (): void => {
				const last = before;
				before = same && read(type);
				if (!same || !same(last as V, before as V)) update();
			};
			if (type instanceof Y.Doc) {
				type.on('update', changed);
				return () => type.off('update', changed);
			}
			type.observeDeep(changed);
			return () => type.unobserveDeep(changed);
		});
	}

	get current(): V {
		this.#subscribe();
		return this.#read(this.#type);
	}
}
