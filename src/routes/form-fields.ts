/** A text field without the spaces around it; empty when it was not sent. */
export function textOf(form: FormData, name: string): string {
	const value = form.get(name);
	return typeof value === 'string' ? value.trim() : '';
}

/** A password or a key, as it was typed: spaces are part of it. */
export function secretOf(form: FormData, name: string): string {
	const value = form.get(name);
	return typeof value === 'string' ? value : '';
}

/** A row's id; 0, which no row has, when it is none. */
export function idOf(form: FormData, name = 'id'): number {
	const id = Number(form.get(name));
	return Number.isSafeInteger(id) && id > 0 ? id : 0;
}
