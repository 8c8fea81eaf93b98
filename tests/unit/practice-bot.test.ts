import { expect, test } from 'vitest';
import type { Prompting } from '../../server/bots/bot.ts';
import { practiceAnswer } from '../../server/bots/practice-answer.ts';
import { practiceBot } from '../../server/bots/practice-bot.ts';
import { sampleTopics } from '../../server/workflow/samples/topics.ts';

const HAN = /\p{Script=Han}/u;
const PROMPTS = {
	en: [
		'What should I do first?',
		'Can you write that as a short message I could send today?',
		'ok',
		'Please explain why this matters, with an example from ordinary life and some numbers if there are any',
	],
	zh: [
		'第一步应该做什么？',
		'能不能写成一段可以直接发给对方的话？',
		'继续',
		'请解释一下为什么这样做，最好举一个生活中的例子，再给几个数字。',
	],
};

function asking(prompt: string, more: Partial<Prompting> = {}): Prompting {
	return {
		system: '',
		topic: {
			title: 'Saving water at home',
			brief: 'A family of four wants to use less water.',
			language: 'en',
		},
		history: [{ role: 'user', content: prompt }],
		attempt: 0,
		...more,
	};
}

async function heard(
	prompting: Prompting,
	pace = 0,
	signal = new AbortController().signal,
): Promise<string[]> {
	const chunks: string[] = [];
	for await (const chunk of practiceBot({ pace }).answer(prompting, signal)) chunks.push(chunk);
	return chunks;
}

test('[BOT-20] it answers in the language of the prompt, and of a prompt that tells none in the topic’s', () => {
	const zh = { title: '节约用水', brief: '四口之家想少用水。', language: 'zh' };
	expect(practiceAnswer(asking('我家水费太高，怎么办？'))).toMatch(/^[^A-Za-z]+$/);
	expect(practiceAnswer(asking('How do I lower my water bill?', { topic: zh }))).not.toMatch(HAN);
	expect(practiceAnswer(asking('???', { topic: zh }))).toMatch(HAN);
	expect(practiceAnswer(asking('OK', { topic: zh }))).toMatch(HAN);
	expect(practiceAnswer(asking('OK'))).not.toMatch(HAN);
});

test('[BOT-21] the same question in the same place gets the same answer', async () => {
	const once = await heard(asking('How do I lower my water bill?'));
	expect(await heard(asking('How do I lower my water bill?'))).toEqual(once);
	expect(once.length).toBeGreaterThan(20);
});

test.each(sampleTopics)(
	'[BOT-22] $title: over turns and attempts no answer comes twice, each fits its bounds',
	(topic) => {
		const seen = new Set<string>();
		const history: Prompting['history'] = [];
		for (const prompt of [...PROMPTS[topic.language], ...PROMPTS[topic.language]]) {
			history.push({ role: 'user', content: prompt });
			for (const attempt of [0, 1, 2, 3]) {
				const text = practiceAnswer({ system: '', topic, history, attempt });
				expect(seen).not.toContain(text);
				seen.add(text);
				const han = text.match(new RegExp(HAN, 'gu'))?.length ?? 0;
				const words = text.split(/\s+/).length;
				if (topic.language === 'zh') {
					expect(han, text).toBeGreaterThanOrEqual(100);
					expect(han, text).toBeLessThanOrEqual(260);
				} else {
					expect(words, text).toBeGreaterThanOrEqual(60);
					expect(words, text).toBeLessThanOrEqual(180);
					expect(han).toBe(0);
				}
				expect(text).toMatch(/[?？]$/);
				expect(text).not.toMatch(/[{}]|undefined/);
			}
			history.push({
				role: 'assistant',
				content: practiceAnswer({ system: '', topic, history, attempt: 0 }),
			});
		}
	},
);

test('[BOT-23] it takes up what was asked and what it had said', () => {
	const first = practiceAnswer(asking('How do I lower my water bill?'));
	expect(first).toContain('How do I lower my water bill?');
	const next = practiceAnswer(
		asking('', {
			history: [
				{ role: 'user', content: 'How do I lower my water bill?' },
				{ role: 'assistant', content: 'Well.\n\n1. Repair the dripping tap.\n2. Shower less.' },
				{ role: 'user', content: 'And in the garden?' },
			],
		}),
	);
	expect(next).toContain('Repair the dripping tap');
	expect(next).toContain('And in the garden?');
});

test.each([
	['nothing', ''],
	['blanks', ' \n\t '],
	['half a pair', 'water \ud83d bill'],
	['line breaks', 'one\r\ntwo\rthree'],
	['a placeholder', 'what is {q} and {before} and $& $1?'],
	['one endless word', 'w'.repeat(50_000)],
	['endless Chinese', '水'.repeat(50_000)],
	['emoji', '😀'.repeat(500)],
])('[BOT-24] a prompt of %s still gets a whole, bounded answer', async (_, prompt) => {
	const prompting = asking(prompt, { topic: { title: '', brief: '', language: 'en' } });
	const chunks = await heard(prompting);
	const text = chunks.join('');
	expect(text).toBe(practiceAnswer(prompting));
	expect(text.length).toBeGreaterThan(100);
	expect(text.length).toBeLessThan(2000);
	expect(text).not.toContain('\r');
	for (const chunk of chunks) {
		expect(chunk).not.toBe('');
		expect(chunk.isWellFormed()).toBe(true);
	}
});

test('[BOT-25] an abort ends it quietly, also in the pause between two chunks', async () => {
	expect(await heard(asking('hi'), 0, AbortSignal.abort())).toEqual([]);
	const stop = new AbortController();
	const chunks: string[] = [];
	for await (const chunk of practiceBot({ pace: 1 }).answer(asking('hi'), stop.signal)) {
		chunks.push(chunk);
		if (chunks.length === 3) setImmediate(() => stop.abort());
	}
	expect(chunks.length).toBeLessThan((await heard(asking('hi'))).length);
});

test('[BOT-26] the samples are half English, half Chinese, each with a brief and a title of its own', () => {
	expect(sampleTopics.length).toBeGreaterThanOrEqual(12);
	expect(sampleTopics.filter(({ language }) => language === 'zh')).toHaveLength(sampleTopics.length / 2);
	expect(new Set(sampleTopics.map(({ title }) => title)).size).toBe(sampleTopics.length);
	for (const { title, brief, language, target } of sampleTopics) {
		expect(HAN.test(title + brief), title).toBe(language === 'zh');
		expect(brief.length, title).toBeGreaterThan(30);
		expect(target, title).toBeGreaterThan(0);
	}
});
