import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/** The text looks like the static text around it: font, size and colours are inherited from the page. */
export const editorTheme: Extension = EditorView.theme({
	'&': { color: 'inherit', backgroundColor: 'transparent', font: 'inherit' },
	'&.cm-focused': { outline: 'none' }, // the page draws the focus around the turn
	'.cm-scroller': { font: 'inherit', lineHeight: 'inherit', overflow: 'visible' },
	'.cm-content': { padding: '0', caretColor: 'var(--text)' },
	'.cm-line': { padding: '0' },
	'.cm-line::selection, .cm-line ::selection': {
		backgroundColor: 'color-mix(in srgb, var(--accent) 26%, transparent)',
	},
	'.cm-placeholder': { color: 'var(--muted)' },
});
