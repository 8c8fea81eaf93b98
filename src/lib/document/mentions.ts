/** People named in a plain text as `@Name`. */
export interface Mention {
	from: number;
	to: number;
	name: string;
}

const LATIN = /[\p{sc=Latin}\p{N}]/u;

/** In the order of the text; of names that fit at one place the longest. */
export function mentionsIn(text: string, names: readonly string[]): Mention[] {
	const found: Mention[] = [];
	const longestFirst = names.filter(Boolean).sort((a, b) => b.length - a.length);
	for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
		const name = longestFirst.find(
			(one) => text.startsWith(one, at + 1) && endsAt(text, at + 1 + one.length),
		);
		if (name !== undefined) found.push({ from: at, to: at + 1 + name.length, name });
	}
	return found;
}

/** Whether a name may end here: Latin letters would go on in another name, Han needs no space after it. */
const endsAt = (text: string, at: number): boolean =>
	!(LATIN.test(text[at - 1] ?? '') && LATIN.test(text[at] ?? ''));

/** The beginning of a name that is being typed before the caret, from after its `@`; null: none is. */
export function namedBefore(text: string, caret: number): string | null {
	const [, begun] = /(?<![\p{sc=Latin}\p{N}._-])@([^@\n]{0,40})$/u.exec(text.slice(0, caret)) ?? [];
	return begun ?? null;
}
