import { EditorView, type LayerMarker, type RectangleMarker } from '@codemirror/view';

/** Somebody's selection in this editor's text. */
export interface PersonInText {
	clientId: number;
	name: string;
	/** 1–12. */
	color: number;
	anchor: number;
	head: number;
	/** How often they have typed; a change shows their name. */
	edits: number;
	/** On the clock of `performance.now()`. */
	flagUntil: number;
}

/** Six hues of the stylesheet, each for two people: the second has a dashed caret. */
export function look(color: number): { by: string; dashed: boolean; ink: boolean } {
	const index = Number.isInteger(color) && color >= 1 && color <= 12 ? color - 1 : 0;
	const hue = (index % 6) + 1;
	return { by: `var(--person-${hue})`, dashed: index >= 6, ink: hue <= 3 };
}

export class SelectionMarker implements LayerMarker {
	readonly #box: RectangleMarker;
	readonly #color: number;

	constructor(box: RectangleMarker, color: number) {
		this.#box = box;
		this.#color = color;
	}

	eq(other: SelectionMarker): boolean {
		return this.#color === other.#color && this.#box.eq(other.#box);
	}

	draw(): HTMLElement {
		const element = this.#box.draw();
		element.style.setProperty('--by', look(this.#color).by);
		return element;
	}
}

export class CaretMarker implements LayerMarker {
	readonly #box: RectangleMarker;
	readonly #person: PersonInText;
	readonly #place: string;

	constructor(box: RectangleMarker, person: PersonInText, width: number) {
		this.#box = box;
		this.#person = person;
		const flagWidth = 16 + 13 * person.name.length; // at most; a flag past the edge would widen what scrolls
		const below = box.top < box.height ? ' cm-person-flagBelow' : '';
		this.#place = `${below}${box.left + flagWidth > width ? ' cm-person-flagLeft' : ''}`;
	}

	eq(other: CaretMarker): boolean {
		return this.#person === other.#person && this.#place === other.#place && this.#box.eq(other.#box);
	}

	draw(): HTMLElement {
		const element = document.createElement('div');
		const flag = element.appendChild(document.createElement('span'));
		flag.className = 'cm-person-flag';
		flag.textContent = this.#person.name;
		this.#adjust(element);
		return element;
	}

	update(element: HTMLElement, last: CaretMarker): boolean {
		const { clientId, name } = last.#person;
		if (clientId !== this.#person.clientId || name !== this.#person.name) return false;
		this.#adjust(element, last);
		return true;
	}

	#adjust(element: HTMLElement, last?: CaretMarker): void {
		const { by, dashed, ink } = look(this.#person.color);
		element.className = `cm-person${dashed ? ' cm-person-dashed' : ''}${ink ? ' cm-person-ink' : ''}${this.#place}`;
		const { left, top, height } = this.#box;
		Object.assign(element.style, { left: `${left}px`, top: `${top}px`, height: `${height}px` });
		element.style.setProperty('--by', by);
		const remaining = this.#person.flagUntil - performance.now();
		if (remaining <= 0 || (last && last.#person.flagUntil === this.#person.flagUntil)) return;
		const flag = element.firstElementChild;
		for (const animation of flag?.getAnimations() ?? []) animation.cancel();
		flag?.animate([{ opacity: 1 }, { opacity: 1, offset: 0.93 }, { opacity: 0 }], { duration: remaining });
	}
}

export const peopleTheme = EditorView.baseTheme({
	'.cm-personSelections > div': { opacity: 0.26, backgroundColor: 'var(--by)' },
	'.cm-person': { width: '2px', marginLeft: '-1px', background: 'var(--by)', pointerEvents: 'none' },
	'.cm-person-dashed': { background: 'repeating-linear-gradient(var(--by) 0 4px, transparent 4px 6px)' },
	'.cm-person-flag': {
		position: 'absolute',
		left: '0',
		bottom: '100%',
		padding: '0 4px',
		borderRadius: '3px 3px 3px 0',
		opacity: 0,
		font: '600 12px/16px system-ui, sans-serif',
		whiteSpace: 'nowrap',
		backgroundColor: 'var(--by)',
		color: '#fff',
	},
	'.cm-person-ink > .cm-person-flag': { color: '#000' },
	'.cm-person-flagBelow > .cm-person-flag': { bottom: 'auto', top: '100%' },
	'.cm-person-flagLeft > .cm-person-flag': { left: 'auto', right: '0' },
});
