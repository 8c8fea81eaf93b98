/** Where the rating of a response, or of the dialogue as a whole, goes on: the first criterion that is still open. */
export function firstOpen(within: ParentNode | null, level: 'turn' | 'dialogue'): HTMLElement | null {
	const criteria = `[data-level="${level}"] .criterion`;
	const open = within?.querySelector(`${criteria}[data-open]`) ?? within?.querySelector(criteria);
	return open?.querySelector<HTMLElement>('[aria-invalid]') ?? focusIn(open ?? null);
}

/** What of a criterion takes the focus: of radios the chosen one, of flags the last that had it. */
export const focusIn = (criterion: Element | null): HTMLElement | null =>
	criterion?.querySelector<HTMLElement>(':checked') ??
	criterion?.querySelector<HTMLElement>('input:enabled, button[tabindex="0"]:enabled') ??
	null;
