import { markdown } from '@codemirror/lang-markdown';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { onTestFinished, vi } from 'vitest';
import { cdp, userEvent } from 'vitest/browser';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { editorKeys, type EditorKeys } from '../../src/lib/text/editor-keys.ts';
import { editorTheme } from '../../src/lib/text/editor-theme.ts';
import { invisibleMarks } from '../../src/lib/text/invisible-marks.ts';
import { createUndoManager, sharedText } from '../../src/lib/text/shared-text.ts';

/** Real text in these tests has capitals, digits, Chinese and emoji; small letters exist only while composing. */
const PREEDIT = /[a-z]/;

/** One person: a document of their own, and an editor on it. */
export class Desk {
	readonly doc = new Y.Doc();
	readonly text = this.doc.getText('text');
	readonly undoManager = createUndoManager(this.text);
	readonly awareness: Awareness;
	readonly view: EditorView;
	readonly errors: string[] = [];
	readonly lost: string[] = [];
	/** What of the preedit was ever seen in the shared text. */
	readonly leaks: string[] = [];
	compositionsEnded = 0;
	readonly #shared = new Compartment();
	readonly #readOnly = new Compartment();

	constructor(clientId: number, parent: HTMLElement, keys: EditorKeys) {
		this.doc.clientID = clientId; // concurrent edits then always land in the same order
		this.awareness = new Awareness(this.doc);
		this.text.observe(() => {
			const now = this.text.toJSON();
			if (PREEDIT.test(now)) this.leaks.push(now);
		});
		const shared = sharedText(this.text, {
			awareness: this.awareness,
			undoManager: this.undoManager,
			onLost: (text) => this.lost.push(text),
		});
		this.view = new EditorView({
			parent,
			extensions: [
				this.#shared.of(shared),
				this.#readOnly.of([]),
				editorKeys(keys),
				editorTheme,
				EditorView.lineWrapping,
				invisibleMarks,
				markdown(),
				EditorView.exceptionSink.of((error) => this.errors.push(String((error as Error).stack))),
			],
		});
		this.view.contentDOM.addEventListener('compositionend', () => (this.compositionsEnded += 1));
	}

	introduce(name: string, color: number): void {
		this.awareness.setLocalStateField('user', { id: String(color), name, color, part: 'annotator' });
	}

	select(anchor: number, head = anchor): void {
		this.view.focus();
		this.view.dispatch({ selection: { anchor, head } });
	}

	/** A change of this document that does not come from its editor. */
	editOutside(from: number, to: number, insert: string): void {
		this.doc.transact(() => {
			if (to > from) this.text.delete(from, to - from);
			if (insert) this.text.insert(from, insert);
		}, 'outside');
	}

	readOnly(on: boolean): void {
		this.view.dispatch({ effects: this.#readOnly.reconfigure(EditorState.readOnly.of(on)) });
	}

	unbind(): void {
		this.view.dispatch({ effects: this.#shared.reconfigure([]) });
	}

	get editorText(): string {
		return this.view.state.doc.toString();
	}
	get sharedText(): string {
		return this.text.toJSON();
	}
	get screenText(): string {
		return [...this.view.contentDOM.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n');
	}
	/** All three, which are one outside a composition. */
	get texts(): { editor: string; shared: string; screen: string } {
		return { editor: this.editorText, shared: this.sharedText, screen: this.screenText };
	}
	get carets(): HTMLElement[] {
		return [...this.view.dom.querySelectorAll<HTMLElement>('.cm-person')];
	}

	close(): void {
		this.view.destroy();
		this.undoManager.destroy();
		this.awareness.destroy();
		this.doc.destroy();
	}
}

/** What lies between two documents: everything at once, or held back until it is let through. */
export class Wire {
	held = false;
	readonly #waiting: (() => void)[] = [];

	constructor(a: Desk, b: Desk) {
		this.#carry(a, b);
		this.#carry(b, a);
	}

	release(): void {
		this.held = false;
		for (const deliver of this.#waiting.splice(0)) deliver();
	}

	#carry(from: Desk, to: Desk): void {
		from.doc.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin !== this) this.#pass(() => Y.applyUpdate(to.doc, update, this));
		});
		from.awareness.on(
			'update',
			(changed: Record<'added' | 'updated' | 'removed', number[]>, origin: unknown) => {
				if (origin === this) return;
				const update = encodeAwarenessUpdate(from.awareness, Object.values(changed).flat());
				this.#pass(() => applyAwarenessUpdate(to.awareness, update, this));
			},
		);
	}

	#pass(deliver: () => void): void {
		if (this.held) this.#waiting.push(deliver);
		else deliver();
	}
}

/** Ana and Bo on one text, each with an editor; both go when the test ends. */
export async function twoDesks(
	initial: string,
	keys: EditorKeys = {},
): Promise<{ ana: Desk; bo: Desk; wire: Wire }> {
	const parents = [0, 1].map(() => document.body.appendChild(document.createElement('div')));
	for (const parent of parents) parent.style.cssText = 'width: 700px; height: 200px; font: 16px sans-serif';
	const [ana, bo] = parents.map((parent, index) => new Desk(index + 1, parent, keys)) as [Desk, Desk];
	const wire = new Wire(ana, bo);
	onTestFinished(() => {
		ana.close();
		bo.close();
		for (const parent of parents) parent.remove();
	});
	ana.introduce('Ana', 1);
	bo.introduce('Bo', 4);
	bo.editOutside(0, 0, initial);
	await vi.waitFor(() => same(ana, bo, initial));
	return { ana, bo, wire };
}

/** Throws unless both editors, documents and screens show `expected`. */
export function same(ana: Desk, bo: Desk, expected: string): void {
	for (const [name, desk] of Object.entries({ Ana: ana, Bo: bo })) {
		for (const [where, text] of Object.entries(desk.texts)) {
			if (text !== expected) throw new Error(`${name}'s ${where}: ${JSON.stringify(text)}`);
		}
	}
}

/** Sets the input method's preedit; an empty one cancels the composition. */
export async function compose(preedit: string): Promise<void> {
	const end = preedit.length;
	await cdp().send('Input.imeSetComposition', { text: preedit, selectionStart: end, selectionEnd: end });
}

/** Ends the composition with its result; without one, types. */
export async function commit(text: string): Promise<void> {
	await cdp().send('Input.insertText', { text });
}

/** In the notation of user-event: `{Control>}z{/Control}`. */
export const press = (keys: string): Promise<void> => userEvent.keyboard(keys);

/** Until the page has been drawn twice: whatever an event sets off within the page has then happened. */
export async function drawn(): Promise<void> {
	for (let frame = 0; frame < 2; frame++) await new Promise((done) => requestAnimationFrame(done));
}
