/**
 * Mends a text that arrives in pieces: \r\n and \r become \n, and no piece ends in half a surrogate pair, also
 * where a piece's border falls inside one. A lone surrogate becomes U+FFFD.
 */
export class WholeCharacters {
	/** A last \r or high surrogate, whose meaning the next piece decides. */
	#held = '';

	/** The part of the text so far that is certain; may be empty. */
	push(piece: string): string {
		const text = this.#held + piece;
		const last = text.charCodeAt(text.length - 1);
		const undecided = last === 0x0d || (last >= 0xd800 && last <= 0xdbff);
		this.#held = undecided ? text.slice(-1) : '';
		return mend(undecided ? text.slice(0, -1) : text);
	}

	/** What was held back; the text is over. */
	end(): string {
		const rest = mend(this.#held);
		this.#held = '';
		return rest;
	}
}

function mend(text: string): string {
	return text.replace(/\r\n?/g, '\n').toWellFormed();
}

/** The longest beginning of `text` within `length` UTF-16 units that does not part a surrogate pair. */
export function wholeBeginning(text: string, length: number): string {
	if (text.length <= length) return text;
	const last = text.charCodeAt(length - 1);
	return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
