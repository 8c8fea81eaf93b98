import type { Prompting } from './bot.ts';
import { PHRASES, type Phrases } from './practice-phrases.ts';
import {
	firstSentence,
	gist,
	hash,
	isIn,
	keywords,
	languageOf,
	lengthOf,
	mainPoint,
	type Language,
} from './practice-words.ts';

/**
 * The practice bot's answer: an opening that names what was asked, three to five points, a question. The same
 * input gives the same text; every attempt and every turn gives another.
 */
export function practiceAnswer({ topic, history, attempt }: Prompting): string {
	const prompt = history.findLast(({ role }) => role === 'user')?.content.trim() || topic.title;
	const before = history.findLast(({ role }) => role === 'assistant')?.content ?? '';
	const turn = history.filter(({ role }) => role === 'user').length;
	const language = languageOf(prompt, topic.language);
	const phrases = PHRASES[language];
	const seed = hash(topic.title, prompt);
	// With four of each, neighbouring turns and attempts never take the same.
	const at = <T>(list: readonly T[], shift = 0) =>
		list[(seed + shift + turn + attempt * 3) % list.length] as T;

	const q = gist(prompt, language);
	const opening = fill(at(before.trim() ? phrases.followUps : phrases.openings), {
		q,
		before: gist(mainPoint(before), language),
	});
	const points = choosePoints({ phrases, language, topic, prompt, turn, attempt, seed });
	const flaw = (seed + turn + attempt) % 2 === 0 ? [at(phrases.flaws, 1)] : [];
	return lay(opening, points, flaw, at(phrases.closings, 2), language, seed + attempt);
}

interface Choice {
	phrases: Phrases;
	language: Language;
	topic: Prompting['topic'];
	prompt: string;
	turn: number;
	attempt: number;
	seed: number;
}

/** Of what is known about the subject, then about the prompt's own words: each turn and attempt begins elsewhere. */
function choosePoints({ phrases, language, topic, prompt, turn, attempt, seed }: Choice): string[] {
	const said = `${topic.title} ${topic.brief} ${prompt}`;
	const known =
		phrases.subjects.find(({ about }) => about.test(prompt)) ??
		phrases.subjects.find(({ about }) => about.test(said));
	const words = [...keywords(prompt, language), ...keywords(topic.title, language)];
	const onWords = rotate(phrases.onWord, seed + turn + attempt).map((point, i) =>
		fill(point, { k: words[(i + attempt) % Math.max(words.length, 1)] ?? gist(prompt, language) }),
	);
	const pool = rotate(known?.points ?? phrases.general, hash(topic.title) + turn * 3 + attempt * 2).slice(
		0,
		3,
	);
	const brief =
		isIn(language, topic.brief) && turn + attempt === 1
			? [
					fill(phrases.brief, {
						brief: gist(firstSentence(topic.brief), language, { words: 24, characters: 40 }),
					}),
				]
			: [];
	const points: string[] = [];
	let length = 0;
	for (const point of [
		...pool.slice(0, 2),
		...onWords.slice(0, 1),
		...brief,
		...pool.slice(2),
		...onWords.slice(1),
	]) {
		if (points.length >= 5 || (points.length >= 3 && length >= phrases.enough)) break;
		if (points.length >= 3 && length + lengthOf(point, language) > phrases.plenty) break;
		points.push(point);
		length += lengthOf(point, language);
	}
	return points;
}

/** As a numbered list, or as two paragraphs. */
function lay(
	opening: string,
	points: string[],
	flaw: string[],
	closing: string,
	language: Language,
	style: number,
): string {
	const gap = language === 'zh' ? '' : ' ';
	if (style % 3 !== 0) {
		const list = points.map((point, i) => `${i + 1}. ${point}`).join('\n');
		return `${opening}\n\n${list}\n\n${[...flaw, closing].join(gap)}`;
	}
	const half = Math.ceil(points.length / 2);
	const first = [opening, ...points.slice(0, half)].join(gap);
	return `${first}\n\n${[...points.slice(half), ...flaw].join(gap)}\n\n${closing}`;
}

function fill(phrase: string, values: Record<string, string>): string {
	return phrase.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

function rotate<T>(list: readonly T[], by: number): T[] {
	const from = list.length === 0 ? 0 : by % list.length;
	return [...list.slice(from), ...list.slice(0, from)];
}
