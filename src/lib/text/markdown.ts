import '../../styles/markdown.css';
import createPurifier from 'dompurify';
import MarkdownIt from 'markdown-it';
import { colouredCode } from './code-colours.ts';
import { pieces } from './invisible.ts';

/**
 * What a text is as Markdown, without any power over the page: three walls, each of which would do alone.
 * 1. HTML in the text is text, and nothing is loaded for it: an image is a link to it.
 * 2. What comes out is cleaned of every element and attribute but these.
 * 3. The page's own policy (CSP) runs no script and loads no image but its own.
 */
export function renderMarkdown(text: string): DocumentFragment {
	const fragment = purifier.sanitize(markdown.render(text), {
		ALLOWED_TAGS: TAGS,
		ALLOWED_ATTR: ['href', 'class', 'start'],
		ADD_URI_SAFE_ATTR: ['start'],
		ALLOW_DATA_ATTR: false,
		ALLOW_ARIA_ATTR: false,
		ALLOWED_URI_REGEXP: OUTWARD,
		RETURN_DOM_FRAGMENT: true,
	});
	for (const link of fragment.querySelectorAll('a')) {
		link.target = '_blank';
		link.rel = 'noopener noreferrer nofollow';
	}
	showInvisibles(fragment);
	return fragment;
}

const TAGS = [
	...['p', 'br', 'hr', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'li', 'pre', 'code', 'span'],
	...['strong', 'em', 's', 'a', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
];

/** Not to this site: a bot's text must not name what its reader may do here. */
const OUTWARD = /^(?:https?:\/\/|mailto:)/i;

const markdown = new MarkdownIt({ html: false, linkify: true });
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
markdown.validateLink = (url) => OUTWARD.test(url);
const { escapeHtml } = markdown.utils;

markdown.renderer.rules['image'] = (tokens, i) => {
	const source = String(tokens[i]?.attrGet('src') ?? '');
	return `<a class="image" href="${escapeHtml(source)}">${escapeHtml(tokens[i]?.content || source)}</a>`;
};
markdown.renderer.rules['fence'] = (tokens, i) => {
	const { content = '', info = '' } = tokens[i] ?? {};
	const coloured = colouredCode(content, info.trim().split(/\s/, 1)[0] ?? '');
	return `<pre><code>${coloured ?? escapeHtml(content)}</code></pre>\n`;
};
/** Below the page's own headings, which go down to that of the turn; and columns all stand alike. */
markdown.core.ruler.push('in-a-page', ({ tokens }) => {
	for (const token of tokens) {
		if (/^heading_/.test(token.type)) {
			const level = Number(token.tag.slice(1));
			if (token.nesting === 1) token.attrSet('class', `level-${level}`);
			token.tag = `h${Math.min(6, level + 2)}`;
		}
		if (/^t[hd]_open$/.test(token.type)) token.attrs = null;
	}
});

const purifier = createPurifier(window);

function showInvisibles(fragment: DocumentFragment): void {
	const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
	const texts: Text[] = [];
	while (walker.nextNode()) texts.push(walker.currentNode as Text);
	for (const node of texts) {
		const shown = pieces(node.data);
		if (shown.some(({ sign }) => sign))
			node.replaceWith(...shown.map(({ text, sign }) => (sign ? signOf(text, sign.label) : text)));
	}
}

function signOf(text: string, label: string): HTMLElement {
	const shown = document.createElement('span');
	shown.className = 'invisible';
	shown.dataset['sign'] = label;
	shown.textContent = text;
	return shown;
}
