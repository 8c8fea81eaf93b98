import {
	addCursorAbove,
	addCursorBelow,
	defaultKeymap,
	indentLess,
	indentMore,
	insertBlankLine,
	selectLine,
	simplifySelection,
	toggleBlockComment,
	toggleComment,
} from '@codemirror/commands';
import { type Extension, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { compositionGuard } from './composition-guard.ts';

export interface EditorKeys {
	/** Mod-Enter: send, or done with this turn. */
	onDone?: () => void;
	/** Mod-Shift-Enter: the submit summary. */
	onSubmit?: () => void;
	/** Escape, unless it only closes an input method's candidates. */
	onEscape?: () => void;
}

/** Comment commands would write markup into the data; the others belong to code, or to the page. */
const UNWANTED: ReadonlySet<unknown> = new Set([
	toggleComment,
	toggleBlockComment,
	indentLess,
	indentMore,
	insertBlankLine,
	selectLine,
	simplifySelection,
	addCursorAbove,
	addCursorBelow,
]);

/** The keys of a text in a dialogue; Enter breaks the line, Tab leaves the editor. */
export function editorKeys({ onDone, onSubmit, onEscape }: EditorKeys = {}): Extension {
	const keydown = (event: KeyboardEvent, view: EditorView): boolean => {
		if (compositionGuard(event, view)) return false;
		const mod = event.ctrlKey || event.metaKey;
		if (event.key === 'Enter' && mod && !event.altKey) {
			const act = event.shiftKey ? onSubmit : onDone;
			act?.();
			return true; // even without a callback: the browser would break the line
		}
		if (event.key !== 'Escape' || mod || event.altKey || event.shiftKey || !onEscape) return false;
		onEscape();
		return true;
	};
	return [
		Prec.high(EditorView.domEventHandlers({ keydown })),
		keymap.of(defaultKeymap.filter(({ run }) => !UNWANTED.has(run))),
	];
}
