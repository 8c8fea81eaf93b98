import { wholeBeginning } from './whole-characters.ts';

export type Language = 'en' | 'zh';

const HAN = /\p{Script=Han}/u;
const COMMON = new Set(
	(
		'about after again also back because been before being best both could does doing done down each else even ever ' +
		'every from give going good have help here herself himself into just keep know like made make many maybe ' +
		'might more most much must need only other over please really same shall should some such sure take tell ' +
		'than thank thanks that their them then there these they thing things think this those through very want ' +
		'well urgent short long example step steps first next question answer problem situation were what when where which while will with without would write your yours yourself ' +
		'什么 怎么 怎样 如何 为什么 可以 可能 能够 应该 需要 我们 你们 他们 自己 这个 那个 这些 那些 一个 一些 没有 ' +
		'不是 就是 还是 但是 因为 所以 如果 已经 现在 时候 知道 觉得 帮忙 告诉 一下 还有 以及 或者 哪些 多少 请问 谢谢 一步 一点 下一步 比较 非常 继续 不太 能不能 是不是 具体 例子 步骤 第一 问题 情况 先生 然后'
	).split(' '),
);

/** The prompt's language; of one too short to tell, such as “OK”, the topic's. */
export function languageOf(prompt: string, topicLanguage: string): Language {
	if (HAN.test(prompt)) return 'zh';
	const words = prompt.match(/[A-Za-z]{2,}/g)?.length ?? 0;
	return words < 3 && topicLanguage === 'zh' ? 'zh' : 'en';
}

export function isIn(language: Language, text: string): boolean {
	return text !== '' && HAN.test(text) === (language === 'zh');
}

/** Words, or Han characters. */
export function lengthOf(text: string, language: Language): number {
	return language === 'zh'
		? (text.match(/\p{Script=Han}/gu)?.length ?? 0)
		: text.split(/\s+/).filter(Boolean).length;
}

/** The words of `text` that say what it is about, each once, in its order. */
export function keywords(text: string, language: Language): string[] {
	const shortest = language === 'zh' ? 2 : 4;
	const found = new Map<string, string>();
	for (const { segment, isWordLike, index } of new Intl.Segmenter(language, { granularity: 'word' }).segment(
		text,
	)) {
		const key = segment.toLowerCase();
		if (!isWordLike || segment.length < shortest || segment.length > 24 || COMMON.has(key)) continue;
		if (!isIn(language, segment) || /\d|(?:ed|ly)$/.test(segment) || found.has(key)) continue;
		found.set(key, index === 0 ? key : segment);
	}
	return [...found.values()].slice(0, 12);
}

/** `text` on one line, without quotation marks and the stop at its end, cut to so many words or characters. */
export function gist(text: string, language: Language, { words = 12, characters = 24 } = {}): string {
	const line = text
		.replace(/[“”"「」]/g, '')
		.replace(/\s+/g, ' ')
		.trim()
		.toWellFormed();
	const short =
		language === 'zh'
			? wholeBeginning(line, characters)
			: wholeBeginning(line.split(' ').slice(0, words).join(' '), words * 8);
	const bare = short.replace(/[\s.!:,;、。！：，；…]+$/u, '') || short;
	return short === line ? bare : `${bare}…`;
}

const SENTENCE = /[^。？！\n]*?(?:[。？！]|[.?!](?=\s|$)|\n|$)/gu;

export function firstSentence(text: string): string {
	return text.trim().match(SENTENCE)?.[0] ?? '';
}

/** A point that an answer made: its first list item, else where its first paragraph ended. */
export function mainPoint(answer: string): string {
	const item = /^\s*(?:\d+[.、)]|[-*•])\s+(.+)$/mu.exec(answer)?.[1];
	if (item) return item;
	const paragraph = answer.trim().split(/\n\s*\n/)[0] ?? '';
	return paragraph.match(SENTENCE)?.findLast((sentence) => sentence.trim() !== '') ?? paragraph;
}

/** FNV-1a, 32 bits. */
export function hash(...parts: string[]): number {
	let h = 0x811c9dc5;
	for (const part of parts) {
		for (let i = 0; i < part.length; i += 1) h = Math.imul(h ^ part.charCodeAt(i), 0x01000193);
		h = Math.imul(h ^ 0x1f, 0x01000193);
	}
	return h >>> 0;
}
