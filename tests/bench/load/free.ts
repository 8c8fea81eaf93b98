/** The numbers of a world's dialogues that nobody is in; those that were never used come first. */
export class Free {
	readonly #numbers: number[];

	constructor(dialogues: number, from: number) {
		this.#numbers = Array.from({ length: dialogues - from }, (_, nth) => from + nth);
	}

	take(): number {
		const number = this.#numbers.shift();
		if (number === undefined) throw new Error('this world has no more dialogues');
		return number;
	}

	give(number: number): void {
		this.#numbers.push(number);
	}
}
