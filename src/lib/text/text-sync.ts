import {
	Annotation,
	ChangeSet,
	EditorSelection,
	type SelectionRange,
	type Text,
	Transaction,
} from '@codemirror/state';
import { type EditorView, logException, type PluginValue, type ViewUpdate } from '@codemirror/view';
import type * as Y from 'yjs';
import {
	changesOfDelta,
	lines,
	splitAtLines,
	stretchBetween,
	tightened,
	uprightSelection,
} from './whole-edits.ts';

/** Marks the transactions that bring the shared text into the editor: they are never sent back. */
export const fromSharedText = Annotation.define<boolean>();

/** Longest time a peer's edit waits for a composition on the same line before the composition is ended for it. */
const MAX_WAIT_MS = 8000;
const CHECK_MS = 200;

/** What is about to be written to the shared text. */
export interface Write {
	changes: ChangeSet;
	userEvent: string;
	selectionBefore: SelectionRange;
}

export interface SyncHooks {
	beforeWrite(write: Write): void;
	afterWrite(): void;
	/** Others changed the shared text; the positions are those of the shared text. */
	changedByOthers(changes: ChangeSet): void;
	/** A stretch of the editor's text that the shared text does not have and never will. */
	lost(stretch: string): void;
}

/**
 * Keeps one editor and one Y.Text equal.
 *
 * `base` is the text both last agreed on; `unsent` leads from it to the editor, `unapplied` leads from it
 * to the Y.Text. Outside a composition both are empty between events. During one, `unsent` holds the
 * preedit, and `unapplied` those edits of others that touch the line being composed.
 */
export class TextSync implements PluginValue {
	readonly view: EditorView;
	readonly text: Y.Text;
	readonly doc: Y.Doc;
	readonly #hooks: SyncHooks;
	#base: Text;
	#unsent: ChangeSet;
	#unapplied: ChangeSet;
	/** In `base`; null while nothing is unsent. */
	#selectionBefore: SelectionRange | null = null;
	#userEvent = '';
	#holding = false;
	#waitingSince = 0;
	#sending = false;
	#destroyed = false;
	#checkTimer: ReturnType<typeof setInterval> | undefined;

	constructor(view: EditorView, text: Y.Text, hooks: SyncHooks) {
		if (text.doc === null) throw new Error('A shared text belongs to a document');
		this.view = view;
		this.text = text;
		this.doc = text.doc;
		this.#hooks = hooks;
		this.#base = view.state.doc;
		this.#unsent = this.#unapplied = ChangeSet.empty(this.#base.length);
		text.observe(this.#onTextEvent);
		if (view.state.doc.toString() !== text.toJSON()) queueMicrotask(() => this.#showSharedText());
	}

	/** Whether a composition keeps the two texts apart at the moment. */
	get composing(): boolean {
		return this.#holding;
	}

	toTextPosition(editorPosition: number): number {
		return this.#unapplied.mapPos(this.#unsent.invertedDesc.mapPos(editorPosition, -1), -1);
	}

	toEditorPosition(textPosition: number): number {
		return this.#unsent.mapPos(this.#unapplied.invertedDesc.mapPos(textPosition, -1), -1);
	}

	update(update: ViewUpdate): void {
		this.#guarded(() => {
			for (const transaction of update.transactions) {
				if (!transaction.docChanged || transaction.annotation(fromSharedText)) continue;
				if (this.#selectionBefore === null || this.#unsent.empty) {
					this.#selectionBefore = transaction.startState.selection.main;
				}
				this.#unsent = this.#unsent.compose(transaction.changes);
				this.#userEvent = transaction.annotation(Transaction.userEvent) ?? '';
			}
			if (this.view.compositionStarted) this.#hold();
			if (!this.#holding) this.#send(update.state.doc);
		});
	}

	compositionStart(): void {
		this.#hold();
	}

	compositionEnd(): void {
		// CodeMirror reads the committed text in a microtask queued just after this call. Send right after that:
		// the next composition may start in this very task (Korean, or a letter that commits the candidate).
		queueMicrotask(() =>
			queueMicrotask(() => {
				if (!this.#destroyed && this.#holding) this.#guarded(() => this.#send(this.view.state.doc));
			}),
		);
		// The browser may still be moving its caret, so the line is changed only in a later task.
		setTimeout(() => {
			if (!this.view.compositionStarted) this.#release();
		});
	}

	blur(): void {
		// Not when the whole window lost the focus: the composition may then still be open.
		setTimeout(() => {
			if (this.view.root.activeElement !== this.view.contentDOM) this.#release();
		}, 50);
	}

	destroy(): void {
		this.#destroyed = true;
		clearInterval(this.#checkTimer);
		// A composition that ended leaves a result to send; one still open has none, and its preedit goes with the view.
		if (!this.view.compositionStarted) this.#guarded(() => this.#send(this.view.state.doc));
		this.text.unobserve(this.#onTextEvent);
	}

	readonly #onTextEvent = (event: Y.YTextEvent, transaction: Y.Transaction): void => {
		if (transaction.origin === this) return;
		this.#guarded(() => {
			const changes = changesOfDelta(event.delta, this.#unapplied.newLength);
			this.#unapplied = this.#unapplied.compose(changes);
			this.#hooks.changedByOthers(changes);
			this.#receive();
		});
	};

	#hold(): void {
		if (this.#holding) return;
		this.#holding = true;
		// compositionend is missed now and then (Android's EditContext sends it elsewhere, Safari forgets it).
		this.#checkTimer = setInterval(() => this.#check(), CHECK_MS);
	}

	#check(): void {
		if (!this.view.compositionStarted) this.#release();
		else if (!this.#unapplied.empty && performance.now() - this.#waitingSince > MAX_WAIT_MS) {
			this.view.contentDOM.blur(); // the one way to make every browser end a composition
			this.view.focus();
		}
	}

	#release(): void {
		if (this.#destroyed || !this.#holding) return;
		this.#holding = false;
		clearInterval(this.#checkTimer);
		this.#guarded(() => {
			this.#send(this.view.state.doc);
			this.#receive();
		});
	}

	/** Writes `unsent` to the Y.Text, as one change; what was being composed when writing ended is handed back. */
	#send(editorText: Text): void {
		if (this.#unsent.empty) return;
		if (this.view.state.readOnly) return this.#giveUp();
		const local = tightened(this.#unsent, this.#base);
		const changes = local.map(this.#unapplied, true);
		const selectionBefore = (this.#selectionBefore ?? EditorSelection.cursor(0)).map(this.#unapplied);
		this.#selectionBefore = null;
		this.#unapplied = this.#unapplied.map(local);
		this.#base = editorText;
		this.#unsent = ChangeSet.empty(editorText.length);
		if (changes.empty) return;
		this.#sending = true;
		try {
			this.#hooks.beforeWrite({ changes, userEvent: this.#userEvent, selectionBefore });
			this.doc.transact(() => this.#write(changes), this);
			this.#hooks.afterWrite();
		} finally {
			this.#sending = false;
		}
	}

	#write(changes: ChangeSet): void {
		changes.iterChanges((from, to, newFrom, _newTo, inserted) => {
			if (to > from) this.text.delete(newFrom, to - from);
			if (inserted.length === 0) return;
			const insert = inserted.toString();
			this.text.insert(newFrom, insert.toWellFormed());
			if (!insert.isWellFormed()) queueMicrotask(() => this.#showSharedText());
		});
	}

	/** Brings `unapplied` into the editor; during a composition, only what lies on other lines. */
	#receive(): void {
		if (this.#destroyed || this.#unapplied.empty) return;
		if (this.#sending) return queueMicrotask(() => this.#receive()); // the editor is within an update
		const [now, later] = this.#holding
			? splitAtLines(this.#unapplied, this.#base, this.#composed())
			: [this.#unapplied, ChangeSet.empty(this.#base.length)];
		const changes = now.map(this.#unsent);
		this.#base = now.apply(this.#base);
		this.#unsent = this.#unsent.map(now, true);
		this.#selectionBefore = this.#unsent.empty ? null : (this.#selectionBefore?.map(now) ?? null);
		if (later.empty) this.#waitingSince = 0;
		else if (this.#waitingSince === 0) this.#waitingSince = performance.now();
		this.#unapplied = later.map(now);
		if (!changes.empty) this.#applyToEditor(changes);
		const apart =
			this.#unsent.empty && this.#unapplied.empty && this.view.state.doc.length !== this.text.length;
		if (apart) this.#giveUp();
	}

	/** The range of `base` that the composition replaces. */
	#composed(): { from: number; to: number } {
		let from = this.#base.length;
		let to = 0;
		this.#unsent.iterChangedRanges((start, end) => {
			from = Math.min(from, start);
			to = Math.max(to, end);
		});
		return from > to ? this.view.state.selection.main : { from, to };
	}

	/** CodeMirror switches a throwing plugin off, and the person would go on typing to nobody. */
	#guarded(step: () => void): void {
		try {
			step();
		} catch (error) {
			logException(this.view.state, error, 'the shared text');
			this.#giveUp();
		}
	}

	/** The way out when the editor cannot be brought to the shared text by changes: hand back, start over. */
	#giveUp(): void {
		if (this.#destroyed) return this.#handBack();
		queueMicrotask(() => {
			if (this.#destroyed) return;
			this.#handBack();
			this.#showSharedText();
		});
	}

	/** Rather too much than too little: the whole stretch that differs. */
	#handBack(): void {
		const here = this.view.state.doc;
		stretchBetween(here, lines(this.text.toJSON())).iterChanges((from, to) => {
			if (to > from) this.#hooks.lost(here.sliceString(from, to));
		});
	}

	#showSharedText(): void {
		if (this.#destroyed) return;
		if (this.#sending) return queueMicrotask(() => this.#showSharedText());
		const shared = lines(this.text.toJSON());
		this.#base = shared;
		this.#selectionBefore = null;
		this.#unsent = this.#unapplied = ChangeSet.empty(shared.length);
		const changes = stretchBetween(this.view.state.doc, shared);
		if (!changes.empty) this.#applyToEditor(changes);
	}

	#applyToEditor(changes: ChangeSet): void {
		const annotations = [
			fromSharedText.of(true),
			Transaction.remote.of(true),
			Transaction.addToHistory.of(false),
		];
		const transaction = this.view.state.update({ changes, annotations, filter: false });
		const selection = uprightSelection(transaction);
		this.view.dispatch(selection ? { changes, annotations, filter: false, selection } : transaction);
	}
}
