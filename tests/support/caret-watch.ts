import type { Page } from '@playwright/test';

/** What a watched page has seen of its own caret, at every picture it drew. */
export interface CaretSeen {
	/** How much of the plan stands before the caret. */
	typed: number;
	pictures: number;
	/** What stood before the caret instead, where the plan had been. */
	jumps: string[];
}

declare global {
	interface Window {
		caretSeen: CaretSeen;
		leaks: string[];
	}
}

/**
 * Looks, at every picture, whether what stands before the caret of the open editor ends in what was typed of `plan`
 * so far: a caret that jumps, for one picture even, is found. What an input method has open is passed over.
 */
export const watchCaret = (page: Page, plan: string, preedit = ''): Promise<void> =>
	page.evaluate(
		([plan, preedit]) => {
			const seen: CaretSeen = (window.caretSeen = { typed: 0, pictures: 0, jumps: [] });
			const open = new RegExp(`${preedit}$`);
			const beforeCaret = (): string | null => {
				const { focusNode: node, focusOffset = 0 } = getSelection() ?? {};
				const line = (node instanceof Element ? node : node?.parentElement)?.closest('.cm-line');
				if (!node || !line) return null;
				const range = document.createRange();
				range.setStart(line, 0);
				range.setEnd(node, focusOffset);
				return range.toString().replace(open, '');
			};
			const look = (): void => {
				if (window.caretSeen !== seen) return;
				requestAnimationFrame(look);
				const before = beforeCaret();
				let typed = plan.length;
				while (typed > seen.typed && !before?.endsWith(plan.slice(0, typed))) typed -= 1;
				if (before?.endsWith(plan.slice(0, typed))) seen.typed = typed;
				else seen.jumps.push(`${before} after ${plan.slice(0, typed)}`);
				seen.pictures += 1;
			};
			requestAnimationFrame(look);
		},
		[plan, preedit] as const,
	);

export const caretSeen = (page: Page): Promise<CaretSeen> => page.evaluate(() => window.caretSeen);

/** Notes every text of the first response that has one of these letters in it, however short it stands there. */
export const watchFor = (page: Page, letters: string): Promise<void> =>
	page.evaluate((letters) => {
		const leaks: string[] = (window.leaks = []);
		const shown = document.querySelector('#turn-1 .final .body');
		if (!shown) throw new Error('no response');
		const half = new RegExp(`[${letters}]`);
		new MutationObserver(() => {
			const text = shown.textContent ?? '';
			if (half.test(text)) leaks.push(text);
		}).observe(shown, { subtree: true, childList: true, characterData: true });
	}, letters);

export const leaksOf = (page: Page): Promise<string[]> => page.evaluate(() => window.leaks);

/** Whether the mark `caret`, or the page's own caret, stands right behind `words` in the first response, and on their last line. */
export const standsBehind = (page: Page, caret: string | null, words: string): Promise<[boolean, boolean]> =>
	page.evaluate(
		([caret, words]) => {
			const shown = document.querySelector('#turn-1 .final .body .text');
			const marked =
				caret === null ? getSelection()?.getRangeAt(0) : document.querySelector(`#turn-1 ${caret}`);
			const mark = marked?.getBoundingClientRect();
			if (!shown || !mark) throw new Error(`no ${caret}`);
			let left = (shown.textContent ?? '').indexOf(words) + words.length;
			const nodes = document.createTreeWalker(shown, NodeFilter.SHOW_TEXT);
			let node = nodes.nextNode();
			for (; node && (node.nodeValue?.length ?? 0) < left; node = nodes.nextNode())
				left -= node.nodeValue?.length ?? 0;
			if (!node) throw new Error(`no ${words}`);
			const range = document.createRange();
			range.setStart(node, left - 1);
			range.setEnd(node, left);
			const last = range.getBoundingClientRect();
			const across = mark.top + mark.height / 2 - (last.top + last.height / 2);
			return [Math.abs(mark.left - last.right) < 3, Math.abs(across) < last.height / 2];
		},
		[caret, words] as const,
	);
