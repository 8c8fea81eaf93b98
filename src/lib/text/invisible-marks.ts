import type { Extension, Range } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, WidgetType, type DecorationSet } from '@codemirror/view';
import { invisiblesIn } from './invisible.ts';

class Sign extends WidgetType {
	readonly sign: string;
	readonly label: string;
	constructor(sign: string, label: string) {
		super();
		this.sign = sign;
		this.label = label;
	}
	override eq({ sign }: Sign): boolean {
		return sign === this.sign;
	}
	/** As the text shows it where it is read. */
	override toDOM(): HTMLElement {
		const shown = document.createElement('span');
		shown.className = 'invisible';
		shown.dataset['sign'] = this.label;
		shown.textContent = this.sign;
		return shown;
	}
	override ignoreEvent(): boolean {
		return false;
	}
}

/** In an editor, shows the characters that are not seen, one caret step each. */
export const invisibleMarks: Extension = ViewPlugin.define(
	(view) => ({
		signs: signsIn(view),
		update({ docChanged, viewportChanged }) {
			if (docChanged || viewportChanged) this.signs = signsIn(view);
		},
	}),
	{ decorations: ({ signs }) => signs },
);

/** Of whole lines: what belongs where it stands is told by what stands around it. */
function signsIn({ state: { doc }, visibleRanges }: EditorView): DecorationSet {
	const found: Range<Decoration>[] = [];
	let last = 0;
	for (const range of visibleRanges) {
		const start = Math.max(last, doc.lineAt(range.from).from);
		const end = doc.lineAt(range.to).to;
		const lines = doc.sliceString(start, end);
		for (const { from, to, label } of invisiblesIn(lines)) {
			const widget = new Sign(lines.slice(from, to), label);
			found.push(Decoration.replace({ widget }).range(start + from, start + to));
		}
		last = Math.max(last, end);
	}
	return Decoration.set(found);
}
