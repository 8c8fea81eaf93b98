import { expect, test } from 'vitest';
import { en } from '../../src/lib/i18n/en.ts';
import { ago } from '../../src/lib/i18n/time.ts';
import { preferredLocale } from '../../src/lib/i18n/words.ts';
import { zh } from '../../src/lib/i18n/zh.ts';

/** Every plain text of a dictionary, with its place. */
function textsOf(words: object, place = ''): [string, string][] {
	return Object.entries(words).flatMap(([key, value]: [string, unknown]): [string, string][] => {
		const here = place === '' ? key : `${place}.${key}`;
		if (typeof value === 'string') return [[here, value]];
		return value !== null && typeof value === 'object' ? textsOf(value, here) : [];
	});
}

const those = (words: object, fault: RegExp) => textsOf(words).filter(([, text]) => fault.test(text));

test('[WORDS-1] English says what to do, without “please” and without “!”', () => {
	expect(those(en, /\bplease\b|!/i)).toEqual([]);
	expect(those({ wrong: 'Please wait!' }, /\bplease\b|!/i)).toHaveLength(1);
});

test('[WORDS-2] Chinese has a space between Han and Latin, and full-width punctuation after Han', () => {
	const close = /\p{sc=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{sc=Han}/u;
	const narrow = /\p{sc=Han}[,;:?!]/u;
	const courteous = /您|(?<![邀申])请(?!求)/u;
	for (const fault of [close, narrow, courteous]) expect(those(zh, fault)).toEqual([]);
	expect(those({ a: '第3轮', b: '好,', c: '请稍候', d: '邀请链接' }, close)).toHaveLength(1);
});

test.each([
	['李娜', '为李娜生成登录链接'],
	['Li Na', '为 Li Na 生成登录链接'],
	['李 Anna', '为李 Anna 生成登录链接'],
	['𠮷田', '为𠮷田生成登录链接'],
	['', '为生成登录链接'],
])('[WORDS-2] a Chinese sentence around the name %j', (name, sentence) => {
	expect(zh.members.resetLinkOf(name)).toBe(sentence);
});

test('[WORDS-3] a relative time is the largest unit that fits', () => {
	const now = Date.parse('2026-03-01T12:00:00Z');
	expect(ago('en', now - 59_000, now)).toBe('now');
	expect(ago('en', now - 60_000, now)).toBe('1 min. ago');
	expect(ago('en', now - 3_599_000, now)).toBe('59 min. ago');
	expect(ago('en', now + 7 * 86_400_000, now)).toBe('in 7 days');
	expect(ago('zh', now - 2 * 3_600_000, now)).toBe('2小时前');
});

test.each([
	['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
	['fr-FR, zh-TW;q=0.7', 'zh'],
	['en-GB', 'en'],
	['fr', 'en'],
	['', 'en'],
	[null, 'en'],
] as const)('[WORDS-4] %j is answered in %s', (header, locale) => {
	expect(preferredLocale(header)).toBe(locale);
});
