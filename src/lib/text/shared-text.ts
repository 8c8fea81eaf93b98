import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, ViewPlugin, type PluginValue, type ViewUpdate } from '@codemirror/view';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { PeopleInText, peopleLayers } from './people-layers.ts';
import { TextSync } from './text-sync.ts';
import { undoKeys, UndoSteps } from './undo-steps.ts';
import { uprightSelection } from './whole-edits.ts';

export { createUndoManager } from './undo-steps.ts';

export interface SharedTextOptions {
	/** Shows the others' carets, and this editor's to them while it has the focus. */
	awareness?: Awareness;
	/** From `createUndoManager`, one for each editor and text. */
	undoManager?: Y.UndoManager;
	/** Text that was typed here and could not be kept: to be handed back to the person. */
	onLost?: (text: string) => void;
}

/**
 * Binds the editor to a shared text. Put it in a Compartment and reconfigure that to show another text;
 * `EditorState.readOnly` makes the editor follow the shared text without writing to it. CodeMirror's own
 * `history()` has no place beside it.
 */
export function sharedText(
	text: Y.Text,
	{ awareness, undoManager, onLost }: SharedTextOptions = {},
): Extension {
	const binding = ViewPlugin.define((view) => new Binding(view, text, undoManager, onLost), {
		eventObservers: {
			compositionstart() {
				this.sync.compositionStart();
			},
			compositionend() {
				this.sync.compositionEnd();
			},
			blur() {
				this.sync.blur();
			},
		},
	});
	return [
		binding,
		EditorState.lineSeparator.of('\n'), // a \r in the shared text must keep its place, or all indexes after it shift
		EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?/g, '\n')),
		EditorState.transactionFilter.of((transaction) => {
			const selection = transaction.docChanged ? uprightSelection(transaction) : null;
			return selection ? [transaction, { selection, sequential: true }] : transaction;
		}),
		EditorState.changeFilter.of((transaction) => !transaction.startState.readOnly),
		undoManager ? undoKeys((view) => view.plugin(binding)?.undoSteps) : [],
		awareness ? peopleOf(binding, awareness) : [],
	];
}

/** A plugin of its own: CodeMirror switches a plugin off when it throws, and drawing must not stop the sync. */
function peopleOf(binding: ViewPlugin<Binding>, awareness: Awareness): Extension {
	const people = ViewPlugin.define((view) => {
		const owner = view.plugin(binding);
		if (owner === null) throw new Error('The editor is not bound to its shared text');
		const drawn = new PeopleInText(owner.sync, awareness);
		owner.people = drawn;
		return drawn;
	});
	return [people, peopleLayers((view) => view.plugin(people))];
}

class Binding implements PluginValue {
	readonly sync: TextSync;
	readonly undoSteps: UndoSteps | null;
	people: PeopleInText | null = null;

	constructor(
		view: EditorView,
		text: Y.Text,
		undoManager: Y.UndoManager | undefined,
		onLost: ((text: string) => void) | undefined,
	) {
		this.sync = new TextSync(view, text, {
			beforeWrite: (write) => this.undoSteps?.beforeWrite(write),
			afterWrite: () => this.people?.publish(), // a composition's result is written outside of any update
			changedByOthers: (changes) => this.undoSteps?.changedByOthers(changes),
			lost: (stretch) => onLost?.(stretch),
		});
		this.undoSteps = undoManager ? new UndoSteps(this.sync, undoManager) : null;
	}

	update(update: ViewUpdate): void {
		this.sync.update(update);
	}

	destroy(): void {
		this.sync.destroy();
		this.undoSteps?.destroy();
	}
}
