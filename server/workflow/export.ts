import type { DialogueView } from '#lib/document/dialogue-view.ts';
import { toJsonLine } from '#lib/formats/json-line.ts';
import { toMessages, type Omission, type Provenance } from '#lib/formats/messages.ts';
import { toPreferences } from '#lib/formats/preference.ts';

export const EXPORT_FORMATS = ['messages', 'preference'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

type Reason = Omission | 'state' | 'no-pair';

export interface ExportFilter {
	project: number;
	state: 'accepted';
	format: ExportFormat;
	/** Begin after this dialogue: an export that broke off goes on. */
	afterId?: number;
	/** With where each row comes from: who rated what, and in `messages` who wrote what. */
	provenance?: boolean;
}

export interface ExportSources {
	/** Ids above `after` of the dialogues that the filter means, lowest first, at most `limit`. */
	ids: (after: number, limit: number) => Promise<number[]>;
	/** A dialogue, the system message of its row, empty for none, and where it comes from, where that is asked for. */
	read: (id: number) => Promise<{ view: DialogueView; system: string; provenance?: Provenance | undefined }>;
}

/** What an export left out and why, for its manifest. `state`: the dialogue left the state while the export ran. */
export interface ExportSummary {
	filter: ExportFilter;
	dialogues: number;
	rows: number;
	skipped: Partial<Record<Reason, number>>;
}

const PAGE = 200;

/**
 * The dialogues as JSON lines in order of id; returns the summary. Holds one page of ids and one dialogue at a
 * time. The same filter over the same data gives the same bytes.
 */
export async function* exportDialogues(
	filter: ExportFilter,
	{ ids, read }: ExportSources,
): AsyncGenerator<string, ExportSummary, undefined> {
	const summary: ExportSummary = { filter, dialogues: 0, rows: 0, skipped: {} };
	const skip = (why: Reason) => (summary.skipped[why] = (summary.skipped[why] ?? 0) + 1);
	let after = filter.afterId ?? 0;
	for (;;) {
		const page = await ids(after, PAGE);
		for (const id of page) {
			const { view, system, provenance } = await read(id);
			summary.dialogues += 1;
			if (view.state !== filter.state) {
				skip('state');
				continue;
			}
			const result = rowsOf(filter.format, view, { system, provenance });
			if (!result.ok) {
				skip(result.why);
				continue;
			}
			for (const row of result.rows) {
				summary.rows += 1;
				yield toJsonLine(row);
			}
		}
		const last = page.at(-1);
		if (last === undefined || page.length < PAGE) return summary;
		after = last;
	}
}

function rowsOf(
	format: ExportFormat,
	view: DialogueView,
	beside: Parameters<typeof toMessages>[1],
): { ok: true; rows: object[] } | { ok: false; why: Reason } {
	if (format === 'preference') return toPreferences(view, beside);
	const result = toMessages(view, beside);
	return result.ok ? { ok: true, rows: [result.row] } : result;
}
