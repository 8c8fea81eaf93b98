import { describe, expect, test } from 'vitest';
import { invisiblesIn, pieces } from '../../src/lib/text/invisible.ts';
import { lint } from '../../src/lib/text/lint.ts';
import { mixedWidthIn } from '../../src/lib/text/punctuation.ts';

const labels = (text: string) => invisiblesIn(text).map(({ label }) => label);
/** `⟨.⟩` around what is warned of. */
function marked(text: string): string {
	let [shown, at] = ['', 0];
	for (const { from, to } of mixedWidthIn(text)) {
		shown += `${text.slice(at, from)}⟨${text.slice(from, to)}⟩`;
		at = to;
	}
	return shown + text.slice(at);
}
const unmarked = (text: string): string => text.replace(/[⟨⟩]/g, '');

describe('invisible characters', () => {
	test.each([
		['a zero-width space', 'zero\u200bwidth', ['ZWSP']],
		['a joiner in a Latin word', 'jo\u200din', ['ZWJ']],
		['a non-joiner in a Chinese one', '不\u200c连', ['ZWNJ']],
		['two joiners in one emoji', '👩\u200d\u200d💻', ['ZWJ', 'ZWJ']],
		['a joiner after an emoji that nothing follows', '👩\u200d.', ['ZWJ']],
		['a byte order mark', '\ufeffHello', ['BOM']],
		['a soft hyphen', 'hy\u00adphen', ['SHY']],
		['direction controls', 'access\u202euser\u202c, \u2066if\u2069', ['RLO', 'PDF', 'LRI', 'PDI']],
		['a direction mark among Latin letters', 'left\u200eright', ['LRM']],
		['no-break spaces', 'no\u00a0break, narrow\u202fone', ['NBSP', 'NNBSP']],
		['spaces of other widths', 'a\u2003b\u200ac', ['U+2003', 'U+200A']],
		['an ideographic space among Latin letters', 'wide\u3000space', ['IDSP']],
		['control characters', 'a\u0000b\u001bc\rd\u0085', ['U+0000', 'U+001B', 'CR', 'U+0085']],
		['separators', 'a\u2028b\u2029c', ['LS', 'PS']],
		['what is hidden in tags', 'hi\u{e0068}\u{e0069}', ['U+E0068', 'U+E0069']],
		['what is hidden in selectors', '😀\ufe0f\ufe01\u{e0100}', ['U+FE01', 'U+E0100']],
		['a selector after a letter', 'a\ufe0f', ['U+FE0F']],
		['an empty Hangul letter', 'a\u3164b', ['U+3164']],
		['a mark that a flag was broken from', '🏴\u{e0067}\u{e0062}', ['U+E0067', 'U+E0062']],
	])('[LINT-1] %s is one', (_, text, expected) => {
		expect(labels(text)).toEqual(expected);
	});

	test.each([
		['spaces, tabs and line breaks', 'a b\tc\n\nd'],
		['emoji of several', '👩‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 👩🏽‍🚒 ❤️‍🔥'],
		['keycaps and variations', '1️⃣ #️⃣ ☺️ ☎︎'],
		['flags', '🇨🇳 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'],
		['Persian', 'می\u200cخواهم'],
		['Hindi', 'क्\u200dष और क्\u200cष'],
		['Malayalam and Sinhala', 'ന്\u200d ශ්\u200dරී'],
		['Thai and Khmer', 'ภาษา\u200bไทย ភាសា\u200bខ្មែរ'],
		['marks in a Hebrew line', 'שלום\u200f! abc\u200e'],
		['French', 'Vraiment\u202f? «\u00a0Oui\u00a0» à 10\u202f000 et 5\u00a0%'],
		['an indented Chinese paragraph', '\u3000\u3000第一段。\n目\u3000录'],
		['Chinese variants', '葛\u{e0100}'],
		['Mongolian', 'ᠨ\u180b'],
		['old Hangul', 'ᄒ\u1160'],
	])('[LINT-2] %s has none', (_, text) => {
		expect(labels(text)).toEqual([]);
	});

	test('[LINT-3] a text cut at them is the text', () => {
		const text = 'a\u200bb\u00a0\u00a0c👩‍💻';
		expect(pieces(text).map(({ text, sign }) => (sign ? `<${sign.label}>` : text))).toEqual([
			'a',
			'<ZWSP>',
			'b',
			'<NBSP>',
			'<NBSP>',
			'c👩‍💻',
		]);
		for (const [from, to] of [
			[0, text.length],
			[1, 4],
			[2, 3],
			[4, 4],
		] as const)
			expect(
				pieces(text, undefined, { from, to })
					.map(({ text }) => text)
					.join(''),
			).toBe(text.slice(from, to));
	});

	test('[LINT-2] an emoji that a mark cuts is still one', () => {
		const text = '👩‍💻';
		expect(pieces(text, invisiblesIn(text), { from: 0, to: 3 })).toEqual([
			{ text: text.slice(0, 3), sign: null },
		]);
	});
});

describe('punctuation of another width', () => {
	test.each([
		'你好⟨,⟩世界⟨.⟩',
		'真的⟨?!⟩是啊⟨;⟩好的⟨!⟩',
		'他说“好”⟨,⟩然后走了。',
		'他说⟨:⟩“好。”',
		'步骤⟨:⟩\n1. 打开',
		'逗号后有空格⟨,⟩ 也是',
		'这里⟨(⟩注意⟨)⟩有括号。',
		'⟨(⟩整句都在括号里。⟨)⟩',
		'等等⟨...⟩然后',
		'English first. 然后中文⟨,⟩再说。',
	])('[LINT-4] among Han: %s', (text) => {
		expect(marked(unmarked(text))).toBe(text);
	});

	test.each([
		'Hello⟨，⟩world⟨！⟩',
		'One⟨（⟩two⟨）⟩ three⟨；⟩ 3⟨：⟩4',
		'The word 你好，世界 is a greeting that you say to the people.\nAnd so⟨。⟩',
	])('[LINT-4] among Latin letters: %s', (text) => {
		expect(marked(unmarked(text))).toBe(text);
	});

	test.each([
		['numbers', '圆周率是 3.14，第3.5节，比分 3:2，12:30 开始，1,000 元'],
		['addresses', '见 https://example.org/路径,文件?q=中文,英文 和 mailto:a@b.org，写信给 张三@example.org'],
		['inline code', '调用 `打印("你好,世界")` 即可，``a`,`中,文`` 也是'],
		['a fenced block', '例如：\n```python\nprint("你好,世界")  # 注释:说明\n```\n完。'],
		['a block that is not closed', '例如：\n~~~\n中文,中文\n（还在写）'],
		['a formula', '公式 $$集合,元素$$ 成立'],
		['calls and links', '函数f(变量)和[文字](链接)，以及 foo(参数)'],
		['Latin in parentheses', '机器学习(Machine Learning)很热门'],
		['lists', '一. 总则\n  二. 分则\n1. 第一\n(1) 第二'],
		['file names', '打开 说明.txt 和 报告.pdf'],
		['Chinese punctuation', '你好，世界。（真的？）“是的”；好：走！'],
		['Chinese between Latin names', '支持 Python、Java，Go。\nGPT、BERT，T5\n作者：Ann'],
		['English', 'Well, hello (you there); 3.14: e.g. this. Yes!?'],
		[
			'an English text that quotes Chinese',
			'Say “你好，世界。” and “（好）” often in a sentence of many words.',
		],
		['nothing', ''],
	])('[LINT-5] none in %s', (_, text) => {
		expect(marked(text)).toBe(text);
	});
});

describe('warnings', () => {
	test('[LINT-6] come in the order of the text, the same ones side by side as one, with what stands around', () => {
		const text = '第一行\n你好,世\u200b\u200b\u200b界\u00a0好';
		expect(lint(text)).toEqual([
			{ kind: 'half-width', sign: ',', times: 1, from: 6, to: 7, before: '你好', after: '世界\u00a0好' },
			{ kind: 'zero-width', sign: 'ZWSP', times: 3, from: 8, to: 11, before: '你好,世', after: '界\u00a0好' },
			{ kind: 'space', sign: 'NBSP', times: 1, from: 12, to: 13, before: '你好,世界', after: '好' },
		]);
	});

	test('[LINT-6] what stands around is whole characters', () => {
		const [warning] = lint(`${'x😀'.repeat(20)}\u200b${'😀x'.repeat(20)}`);
		expect(warning?.before.isWellFormed()).toBe(true);
		expect(warning?.after.isWellFormed()).toBe(true);
	});

	test.each([
		['one word', 'a'.repeat(200_000)],
		['words and points', 'a.'.repeat(100_000)],
		['one numeral', '一'.repeat(200_000)],
		['parentheses', '(中'.repeat(100_000)],
		['spaces', `中,${' '.repeat(200_000)}x`],
		['commas', `中${','.repeat(200_000)}x`],
		['backticks', '` '.repeat(100_000)],
		['tags', '🏴'.repeat(50_000) + '\u{e0067}'.repeat(50_000)],
		['direction marks', '\u200e'.repeat(200_000)],
	])('[LINT-7] a long text of %s ends in its turn', (_, text) => {
		expect(lint(text).every(({ from, to }) => from < to && to <= text.length)).toBe(true);
	});
});
