/**
 * Areas that scroll together, in proportion. One of them leads: the last that a person touched, by pointer, wheel or
 * keyboard. Only its scrolling moves the others, so what moves them never comes back to it, and what scrolls by itself
 * (a text that grows, a search, a link) moves none.
 */
export class ScrollTogether {
	readonly #areas = new Set<HTMLElement>();
	#leader: HTMLElement | null = null;
	/** Whether they do. */
	readonly #on: () => boolean;

	constructor(on: () => boolean) {
		this.#on = on;
	}

	/** Takes an area in. @returns how it leaves again. */
	add(area: HTMLElement): () => void {
		const lead = (): void => void (this.#leader = area);
		const scrolled = (): void => this.#scrolled(area);
		for (const touch of TOUCHES) area.addEventListener(touch, lead, { passive: true });
		area.addEventListener('scroll', scrolled, { passive: true });
		this.#areas.add(area);
		return () => {
			for (const touch of TOUCHES) area.removeEventListener(touch, lead);
			area.removeEventListener('scroll', scrolled);
			this.#areas.delete(area);
			if (this.#leader === area) this.#leader = null;
		};
	}

	#scrolled(area: HTMLElement): void {
		if (area !== this.#leader || !this.#on()) return;
		const room = roomOf(area);
		if (room <= 0) return;
		const share = Math.min(1, Math.max(0, area.scrollTop / room));
		for (const other of this.#areas) {
			if (other !== area) other.scrollTop = Math.round(share * Math.max(0, roomOf(other)));
		}
	}
}

const TOUCHES = ['wheel', 'pointerdown', 'touchstart', 'keydown'] as const;

const roomOf = ({ scrollHeight, clientHeight }: HTMLElement): number => scrollHeight - clientHeight;
