/** What takes part in whether an element can have the focus. */
const WATCHED: MutationObserverInit = {
	subtree: true,
	childList: true,
	attributeFilter: ['disabled', 'open', 'data-pane'],
};

/**
 * Where the focused element goes away (a button whose command is done, a dialog, an editor), the focus goes
 * `home` instead of nowhere. @returns what ends it.
 */
export function keepFocus(home: () => HTMLElement | null): () => void {
	let last: Element | null = null;
	const focused = ({ target }: FocusEvent): void => {
		last = target instanceof Element ? target : null;
	};
	const watch = new MutationObserver(() => {
		const { activeElement } = document;
		if (last === null || canHaveFocus(last)) return;
		// The browser itself takes it from there only at the next frame.
		if (activeElement === last || activeElement === document.body) home()?.focus({ preventScroll: true });
		last = null;
	});
	document.addEventListener('focusin', focused);
	watch.observe(document.body, WATCHED);
	return () => {
		document.removeEventListener('focusin', focused);
		watch.disconnect();
	};
}

const canHaveFocus = (element: Element): boolean =>
	element.isConnected && !element.matches(':disabled') && element.checkVisibility();
