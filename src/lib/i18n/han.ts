const HAN_THEN_LATIN = /\p{sc=Han}\n[\p{sc=Latin}\p{Nd}]/u;
const LATIN_THEN_HAN = /[\p{sc=Latin}\p{Nd}]\n\p{sc=Han}/u;

/** A Chinese sentence around names: a space where Han and Latin meet, none between Han and Han. */
export function han(texts: TemplateStringsArray, ...names: string[]): string {
	return texts.reduce((said, text, i) => meet(meet(said, names[i - 1] ?? ''), text));
}

function meet(before: string, after: string): string {
	const seam = `${[...before].at(-1) ?? ''}\n${[...after][0] ?? ''}`;
	return HAN_THEN_LATIN.test(seam) || LATIN_THEN_HAN.test(seam) ? `${before} ${after}` : before + after;
}
