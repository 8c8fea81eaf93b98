/** Something typed can no longer be saved by this page. */
export class NotSaved extends Error {
	readonly code: number;
	constructor(code: number, reason: string) {
		super(reason);
		this.name = 'NotSaved';
		this.code = code;
	}
}

/** Who waits until so many edits are saved. */
export class Waiting {
	#all: { edits: number; resolve: () => void; reject: (why: NotSaved) => void }[] = [];

	/** @throws NotSaved */
	for(edits: number): Promise<void> {
		return new Promise((resolve, reject) => this.#all.push({ edits, resolve, reject }));
	}

	saved(durable: number): void {
		for (const { edits, resolve } of this.#all) if (edits <= durable) resolve();
		this.#all = this.#all.filter(({ edits }) => edits > durable);
	}

	fail(why: NotSaved): void {
		for (const { reject } of this.#all.splice(0)) reject(why);
	}
}
