import { EditorSelection, StateEffect, type Extension } from '@codemirror/state';
import { type EditorView, layer, RectangleMarker, type PluginValue, type ViewUpdate } from '@codemirror/view';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { AfterPaint } from './after-paint.ts';
import { CaretMarker, peopleTheme, SelectionMarker, type PersonInText } from './person-markers.ts';
import { fromSharedText, type TextSync } from './text-sync.ts';

/** How long a name stays beside a caret after the last key. */
const FLAG_MS = 2000;

/** What this reads of a person's presence: the server stamps `user`, the editor with the focus sets `caret`. */
interface PresenceInText {
	user?: { name: string; color: number };
	caret?: { anchor: unknown; head: unknown; edits: number } | null;
}

const peopleMoved = StateEffect.define<null>();

/** Publishes this editor's selection and knows where the others' are. */
export class PeopleInText implements PluginValue {
	readonly #sync: TextSync;
	readonly #awareness: Awareness;
	readonly #people = new Map<number, PersonInText>();
	readonly #unresolved = new Set<number>();
	#edits = 0;
	#published = '';
	#showing: ReturnType<typeof setTimeout> | undefined;
	readonly #publishing = new AfterPaint(() => this.#publish());

	constructor(sync: TextSync, awareness: Awareness) {
		this.#sync = sync;
		this.#awareness = awareness;
		for (const id of awareness.getStates().keys()) if (id !== awareness.clientID) this.#locate(id);
		awareness.on('change', this.#onAwareness);
	}

	update(update: ViewUpdate): void {
		if (update.docChanged) {
			for (const person of this.#people.values()) {
				person.anchor = update.changes.mapPos(person.anchor, -1);
				person.head = update.changes.mapPos(person.head, -1);
			}
			for (const id of [...this.#unresolved]) this.#locate(id);
		}
		if (update.transactions.some((made) => made.docChanged && !made.annotation(fromSharedText)))
			this.#edits += 1;
		if (update.docChanged || update.selectionSet || update.focusChanged) this.publish();
	}

	destroy(): void {
		this.#awareness.off('change', this.#onAwareness);
		clearTimeout(this.#showing);
		this.#publishing.forget();
		const caret = (this.#awareness.getLocalState() as PresenceInText | null)?.caret;
		if (caret && this.#indexOf(caret.anchor) !== null) this.#awareness.setLocalStateField('caret', null);
	}

	/** The others' selections that can be seen, in the order of their ids. */
	visible({ viewport }: EditorView): PersonInText[] {
		return [...this.#people.values()]
			.filter(
				({ anchor, head }) =>
					Math.max(anchor, head) >= viewport.from && Math.min(anchor, head) <= viewport.to,
			)
			.sort((a, b) => a.clientId - b.clientId);
	}

	/** After the next picture: the letter that moved the caret comes first. */
	publish(): void {
		this.#publishing.ask();
	}

	#publish(): void {
		if (!this.#sync.view.hasFocus) return;
		const { main } = this.#sync.view.state.selection;
		const at = (position: number): Y.RelativePosition =>
			Y.createRelativePositionFromTypeIndex(this.#sync.text, this.#sync.toTextPosition(position), -1);
		const head = at(main.head);
		const caret: PresenceInText['caret'] = {
			anchor: main.empty ? head : at(main.anchor),
			head,
			edits: this.#edits,
		};
		const json = JSON.stringify(caret);
		if (json === this.#published) return; // others' edits move it without a message
		this.#published = json;
		this.#awareness.setLocalStateField('caret', caret);
	}

	readonly #onAwareness = ({
		added,
		updated,
		removed,
	}: Record<'added' | 'updated' | 'removed', number[]>): void => {
		const others = [...added, ...updated, ...removed].filter((id) => id !== this.#awareness.clientID);
		if (others.length === 0) return;
		for (const id of others) this.#locate(id);
		// Before the next picture, which is also that of the letters that came with it: in it would ask for another one.
		this.#showing ??= setTimeout(() => {
			this.#showing = undefined;
			this.#sync.view.dispatch({ effects: peopleMoved.of(null) });
		});
	};

	#locate(clientId: number): void {
		this.#unresolved.delete(clientId);
		const { user, caret } = (this.#awareness.getStates().get(clientId) ?? {}) as PresenceInText;
		if (!caret || !user) return void this.#people.delete(clientId);
		const anchor = this.#indexOf(caret.anchor);
		const head = this.#indexOf(caret.head);
		if (anchor === undefined || head === undefined) return void this.#unresolved.add(clientId); // its text is still on the way
		if (anchor === null || head === null) return void this.#people.delete(clientId); // in another text
		if (this.#sync.composing) this.#unresolved.add(clientId); // may lie within an edit that waits for the composition
		const last = this.#people.get(clientId);
		const typed = last !== undefined && last.edits !== caret.edits;
		this.#people.set(clientId, {
			clientId,
			name: user.name,
			color: user.color,
			edits: caret.edits,
			anchor: this.#sync.toEditorPosition(anchor),
			head: this.#sync.toEditorPosition(head),
			flagUntil: typed ? performance.now() + FLAG_MS : (last?.flagUntil ?? 0),
		});
	}

	/** The index in this text; null for another text or nonsense, undefined for a position not known here yet. */
	#indexOf(json: unknown): number | null | undefined {
		try {
			const position = Y.createRelativePositionFromJSON(json);
			const found = Y.createAbsolutePositionFromRelativePosition(position, this.#sync.doc);
			if (found === null) return undefined;
			return found.type === this.#sync.text ? found.index : null;
		} catch {
			return null; // the server passes a caret on unread, and Yjs throws at what is none
		}
	}
}

/** Draws the others' carets and selections in layers, so that the text never moves for them. */
export function peopleLayers(of: (view: EditorView) => PeopleInText | null | undefined): Extension {
	const visible = (view: EditorView): PersonInText[] => of(view)?.visible(view) ?? [];
	const update = ({ docChanged, transactions }: ViewUpdate): boolean =>
		docChanged || transactions.some(({ effects }) => effects.some((effect) => effect.is(peopleMoved)));
	return [
		peopleTheme,
		layer({
			above: true,
			class: 'cm-people',
			update,
			markers: (view) =>
				visible(view).flatMap((person) =>
					RectangleMarker.forRange(view, 'cm-person', EditorSelection.cursor(person.head, -1)).map(
						(box) => new CaretMarker(box, person, view.scrollDOM.clientWidth),
					),
				),
		}),
		layer({
			above: false,
			class: 'cm-personSelections',
			update,
			markers: (view) =>
				visible(view).flatMap((person) =>
					person.anchor === person.head
						? []
						: RectangleMarker.forRange(
								view,
								'cm-personSelection',
								EditorSelection.range(person.anchor, person.head),
							).map((box) => new SelectionMarker(box, person.color)),
				),
		}),
	];
}
