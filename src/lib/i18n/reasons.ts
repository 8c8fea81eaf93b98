import type { Words } from './en.ts';

/** Why a dialogue was returned, in one line: the reasons in words, then what the reviewer wrote. */
export function reasonsOf(t: Words, reasons: readonly string[], note: string | null): string {
	const known: Record<string, string> = t.returnReasons;
	const named = reasons.map((reason) => known[reason] ?? reason).join(t.comma);
	return note ? t.reasonsAndNote(named, note) : named;
}
