import { getContext, setContext } from 'svelte';
import type { CommandId } from './command-table.ts';
import {
	keysOf,
	NO_KEYS,
	OWN_KEYS,
	readChoice,
	withKey,
	writeChoice,
	type KeyChoice,
	type KeyRefusal,
} from './key-choice.ts';
import { remember } from './remember.ts';

/** A person's single keys: which they are, and whether they mean anything. */
export class SingleKeys {
	#choice: KeyChoice = $state.raw(OWN_KEYS);
	/** Also while they are off. */
	readonly assigned: ReadonlyMap<CommandId, string> = $derived(keysOf(this.#choice));
	/** That mean something now. */
	readonly heard: ReadonlyMap<CommandId, string> = $derived(this.#choice.off ? NO_KEYS : this.assigned);
	readonly changed: boolean = $derived(this.#choice.keys.size > 0);

	/** @param kept of `KeyChoice`, as the server gave it. */
	constructor(kept: string) {
		this.#choice = readChoice(kept);
	}

	get off(): boolean {
		return this.#choice.off;
	}

	/** @returns why it stays as it is; null: it is changed. */
	change(id: CommandId, pressed: string): KeyRefusal | null {
		const next = withKey(this.#choice, id, pressed);
		if ('why' in next) return next;
		this.#keep(next);
		return null;
	}

	switch(on: boolean): void {
		this.#keep({ ...this.#choice, off: !on });
	}

	reset(): void {
		this.#keep({ ...this.#choice, keys: NO_KEYS });
	}

	#keep(choice: KeyChoice): void {
		this.#choice = choice;
		remember('keys', writeChoice(choice));
	}
}

const KEY = Symbol('single keys');

export const provideSingleKeys = (keys: SingleKeys): SingleKeys => setContext(KEY, keys);
export const useSingleKeys = (): SingleKeys => getContext<SingleKeys>(KEY);
