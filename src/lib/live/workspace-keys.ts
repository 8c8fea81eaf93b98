import { compositionGuard } from '../text/composition-guard.ts';
import { COMMANDS, type Command, type CommandId } from './command-table.ts';

/**
 * What a key means here. Null: it belongs to a text, to an input method, to an open dialog or to the browser.
 * @param singles the person's single keys; none while they are off.
 */
export function commandAt(event: KeyboardEvent, singles: ReadonlyMap<CommandId, string>): Command | null {
	if (event.defaultPrevented || compositionGuard(event)) return null;
	const within = event.target instanceof Element ? event.target : null;
	if (within?.closest('dialog')) return null;
	const found = COMMANDS.find((command) =>
		event.ctrlKey || event.metaKey || event.altKey
			? command.chord !== undefined && isChord(event, command.chord) && isHeard(command, within)
			: singles.get(command.id) === event.key.toLowerCase() && !(within && isText(within)),
	);
	return found?.act && (!event.repeat || found.repeats) ? found : null;
}

/** What is heard where it is written is heard by its editor; Enter on a button presses the button. */
function isHeard({ scope, chord }: Command, within: Element | null): boolean {
	if (scope === 'everywhere') return true;
	if (scope === 'text' || scope === 'rating') return false;
	if (chord?.endsWith('Enter') && within?.closest('button, a, summary')) return false;
	return !(within && isText(within));
}

function isChord(event: KeyboardEvent, chord: string): boolean {
	if (event.getModifierState('AltGraph')) return false; // writes a sign, though it says Ctrl and Alt
	const parts = chord.split('+');
	const wanted = parts.at(-1) ?? '';
	const letter = wanted.length === 1 ? wanted.toUpperCase() : '';
	// Alt, and a keyboard of another script, give another sign: there the place of the key counts.
	const latin = /^[a-z]$/i.test(event.key);
	const pressed =
		event.key.toLowerCase() === wanted.toLowerCase() || (!latin && event.code === `Key${letter}`);
	return (
		pressed &&
		parts.includes('Mod') === (event.ctrlKey || event.metaKey) &&
		parts.includes('Alt') === event.altKey &&
		// A sign may need Shift on its keyboard, as the slash of a German one does.
		(parts.includes('Shift') === event.shiftKey || wanted === '/')
	);
}

export function isText(element: Element): boolean {
	if (element instanceof HTMLInputElement)
		return !['radio', 'checkbox', 'button', 'submit'].includes(element.type);
	const editable = element instanceof HTMLElement && element.isContentEditable;
	return editable || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;
}

/** The parts of a key as they are printed on it. */
export function capsOf(key: string): string[] {
	if (key.length < 2) return [key.toUpperCase()];
	return key
		.split('+')
		.map((part) => (part === 'Mod' ? 'Ctrl/⌘' : part.length === 1 ? part.toUpperCase() : part));
}
