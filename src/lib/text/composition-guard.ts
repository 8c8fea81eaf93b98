import type { EditorView } from '@codemirror/view';

/** The key that ends a composition can arrive just after its end, and then looks like any other. */
let justEnded = false;

if (typeof document !== 'undefined') {
	const ended = (): void => {
		justEnded = true;
		setTimeout(() => (justEnded = false));
	};
	document.addEventListener('compositionend', ended, true);
}

/**
 * Whether a key belongs to an input method and must mean nothing else: ask it before every Enter, Escape and
 * shortcut, in any field; pass the view when the key was pressed in an editor.
 */
export function compositionGuard(event: KeyboardEvent, view?: EditorView): boolean {
	return event.isComposing || event.keyCode === 229 || justEnded || (view?.compositionStarted ?? false);
}
