import { compositionGuard } from '../text/composition-guard.ts';

/** What a single key means outside of text. */
export type KeyAction =
	'next' | 'previous' | 'unrated' | 'edit' | 'comment' | 'changes' | 'accept' | 'return' | 'help' | 'submit';

const SINGLE: Record<string, KeyAction> = {
	j: 'next',
	k: 'previous',
	n: 'unrated',
	e: 'edit',
	c: 'comment',
	d: 'changes',
	a: 'accept',
	x: 'return',
	'?': 'help',
};

/** Null: the key belongs to a text, to an input method, to an open dialog or to the browser. */
export function actionOf(event: KeyboardEvent): KeyAction | null {
	if (event.defaultPrevented || event.altKey || compositionGuard(event)) return null;
	const within = event.target instanceof Element ? event.target : null;
	if (within?.closest('dialog')) return null;
	if (event.ctrlKey || event.metaKey) return event.shiftKey && event.key === 'Enter' ? 'submit' : null;
	if (event.repeat && event.key !== 'j' && event.key !== 'k') return null;
	if (within && isText(within)) return null;
	return SINGLE[event.key.toLowerCase()] ?? null;
}

function isText(element: Element): boolean {
	if (element instanceof HTMLInputElement)
		return !['radio', 'checkbox', 'button', 'submit'].includes(element.type);
	const editable = element instanceof HTMLElement && element.isContentEditable;
	return editable || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;
}
