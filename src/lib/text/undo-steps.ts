import {
	type ChangeSet,
	EditorSelection,
	Facet,
	Prec,
	type Extension,
	type SelectionRange,
} from '@codemirror/state';
import { EditorView, keymap, type Command } from '@codemirror/view';
import * as Y from 'yjs';
import { puttingBack } from '../document/putting-back.ts';
import type { TextSync, Write } from './text-sync.ts';

/** One undo step takes back at most this much uninterrupted typing. */
const MAX_GROUP_MS = 3000;

/** An UndoManager that takes back what this editor wrote and nothing else. */
export function createUndoManager(text: Y.Text): Y.UndoManager {
	// Without an explicit set, Yjs also tracks origin null: every update applied without an origin.
	return new Y.UndoManager(text, { captureTimeout: 600, trackedOrigins: new Set() });
}

/** Groups the editor's writes into undo steps, and brings the selection back with each step. */
export class UndoSteps {
	readonly #sync: TextSync;
	readonly #manager: Y.UndoManager;
	#selectionBefore: SavedSelection | null = null;
	#lastKind = '';
	#lastEnd = -1;
	#groupStart = 0;

	constructor(sync: TextSync, manager: Y.UndoManager) {
		this.#sync = sync;
		this.#manager = manager;
		manager.addTrackedOrigin(sync);
		manager.on('stack-item-added', this.#onAdded);
		manager.on('stack-item-popped', this.#onPopped);
	}

	destroy(): void {
		this.#manager.removeTrackedOrigin(this.#sync);
		this.#manager.off('stack-item-added', this.#onAdded);
		this.#manager.off('stack-item-popped', this.#onPopped);
	}

	beforeWrite({ changes, userEvent, selectionBefore }: Write): void {
		const kind = kindOf(userEvent);
		let from = Infinity;
		let to = 0;
		let end = 0;
		changes.iterChangedRanges((start, stop, _newStart, newStop) => {
			from = Math.min(from, start);
			to = stop;
			end = newStop;
		});
		const goesOn =
			kind !== 'other' &&
			kind === this.#lastKind &&
			(from === this.#lastEnd || to === this.#lastEnd) &&
			performance.now() - this.#groupStart < MAX_GROUP_MS;
		if (!goesOn) {
			this.#manager.stopCapturing();
			this.#groupStart = performance.now();
		}
		this.#lastKind = kind;
		this.#lastEnd = end;
		this.#selectionBefore = this.#save(selectionBefore);
	}

	changedByOthers(changes: ChangeSet): void {
		if (this.#lastEnd >= 0) this.#lastEnd = changes.mapPos(this.#lastEnd, -1);
	}

	/** The editor then shows what the shared text says; nothing happens in a composition. */
	step(direction: 'undo' | 'redo'): boolean {
		if (this.#sync.view.state.readOnly || this.#sync.composing) return true;
		const { anchor, head } = this.#sync.view.state.selection.main;
		this.#selectionBefore = this.#save({ anchor, head });
		puttingBack(this.#sync.doc, () => this.#manager[direction]());
		this.#lastKind = '';
		return true;
	}

	readonly #onAdded = ({ stackItem, changedParentTypes }: StackEvent): void => {
		if (!changedParentTypes.has(this.#sync.text) || !this.#selectionBefore) return;
		stackItem.meta.set('selection', this.#selectionBefore);
	};

	readonly #onPopped = ({ stackItem, changedParentTypes }: StackEvent): void => {
		if (this.#sync.composing) return; // a new selection would end the composition
		const saved = stackItem.meta.get('selection') as SavedSelection | undefined;
		if (!saved || !changedParentTypes.has(this.#sync.text)) return;
		const anchor = this.#indexOf(saved.anchor);
		const head = this.#indexOf(saved.head);
		if (anchor === null || head === null) return;
		const selection = EditorSelection.single(anchor, head);
		this.#sync.view.dispatch({ selection, scrollIntoView: true, userEvent: 'select.undo' });
	};

	#save({ anchor, head }: Pick<SelectionRange, 'anchor' | 'head'>): SavedSelection {
		const at = (index: number): Y.RelativePosition =>
			Y.createRelativePositionFromTypeIndex(this.#sync.text, index, -1);
		return { anchor: at(anchor), head: at(head) };
	}

	#indexOf(position: Y.RelativePosition): number | null {
		const found = Y.createAbsolutePositionFromRelativePosition(position, this.#sync.doc);
		return found?.type === this.#sync.text ? Math.min(found.index, this.#sync.view.state.doc.length) : null;
	}
}

interface SavedSelection {
	anchor: Y.RelativePosition;
	head: Y.RelativePosition;
}

interface StackEvent {
	stackItem: { meta: Map<unknown, unknown> };
	changedParentTypes: Map<unknown, unknown>;
}

function kindOf(userEvent: string): 'type' | 'delete' | 'other' {
	if (userEvent.startsWith('input.type')) return 'type';
	return userEvent.startsWith('delete') ? 'delete' : 'other';
}

type StepsOf = (view: EditorView) => UndoSteps | null | undefined;
const stepsOf = Facet.define<StepsOf>();
const step =
	(direction: 'undo' | 'redo'): Command =>
	(view) =>
		view.state.facet(stepsOf)[0]?.(view)?.step(direction) ?? false;

/** Not the manager’s own: that would break a composition. */
const undo: Command = step('undo');
const redo: Command = step('redo');

export function undoKeys(of: StepsOf): Extension {
	return [
		stepsOf.of(of),
		Prec.high(
			keymap.of([
				{ key: 'Mod-z', run: undo, preventDefault: true },
				{ key: 'Mod-y', run: redo, preventDefault: true },
				{ key: 'Mod-Shift-z', run: redo, preventDefault: true },
			]),
		),
		EditorView.domEventHandlers({
			// the browser's own menu
			beforeinput(event, view) {
				if (event.inputType === 'historyUndo') return undo(view);
				return event.inputType === 'historyRedo' ? redo(view) : false;
			},
		}),
	];
}
