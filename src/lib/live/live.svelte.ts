import { createSubscriber } from 'svelte/reactivity';
import * as Y from 'yjs';

interface Observable {
	observeDeep(changed: () => void): void;
	unobserveDeep(changed: () => void): void;
}

/**
 * A live read of a Yjs type or of a whole document: `current` is tracked by effects and templates, and read
 * again after each transaction that changed it. The document is the only state: nothing is copied.
 */
export class Live<T extends Observable | Y.Doc, V> {
	readonly #type: T;
	readonly #read: (type: T) => V;
	readonly #subscribe: () => void;

	constructor(type: T, read: (type: T) => V) {
		this.#type = type;
		this.#read = read;
		this.#subscribe = createSubscriber((changed) => {
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
