import * as Y from 'yjs';
import { textsOf } from '../load/document.ts';
import { fetchDocument } from '../load/fetch-document.ts';
import type { LiveDialogue } from '../load/live-dialogue.ts';
import { Load } from '../load/load.ts';
import { measure } from '../load/window.ts';
import type { Options } from '../options.ts';
import { record } from '../results.ts';
import type { Contender } from '../servers/contender.ts';
import { ordinary } from './documents.ts';
import { visitAll } from './visit.ts';

function expectedTexts({ typists }: LiveDialogue): string[] {
	const doc = new Y.Doc();
	Y.applyUpdate(doc, ordinary.state);
	const texts = textsOf(doc);
	for (const { anchor, typed } of typists) {
		const text = texts[anchor.turn] ?? '';
		texts[anchor.turn] = text.slice(0, anchor.index) + typed + text.slice(anchor.index);
	}
	return texts;
}

/** What a newcomer reads, against what was there and was typed. */
async function textIsExact(contender: Contender, dialogue: LiveDialogue): Promise<boolean> {
	const wanted = new Map(dialogue.typists.map(({ client, clock }) => [client, clock]));
	const { update, ms } = await fetchDocument(contender, dialogue.number, wanted);
	if (update === null || ms === null) return false;
	const doc = new Y.Doc();
	Y.applyUpdate(doc, update);
	return JSON.stringify(textsOf(doc)) === JSON.stringify(expectedTexts(dialogue));
}

/** The harness itself: what it types by hand is Yjs to every server, nothing is lost, and the text is as typed. */
export function check(options: Options): Promise<boolean> {
	const dialogues = options.number('dialogues', 3);
	return visitAll(options, 1, async (contender) => {
		await contender.start({ dialogues, document: ordinary.state });
		const load = new Load(contender, ordinary.anchors);
		try {
			const errors = await load.grow(dialogues);
			const window = await measure(load, contender, { seconds: options.number('seconds', 3) });
			const lost = await load.drain();
			const exact =
				contender.kind.dialect === 'none'
					? null
					: (await Promise.all(load.dialogues.map((one) => textIsExact(contender, one)))).every(Boolean);
			const { gaps, dropped } = load.tally;
			const passed =
				errors.length + lost + window.late + gaps + dropped === 0 &&
				exact !== false &&
				window.update.count > 0 &&
				window.presence.count > 0;
			record('check', { server: contender.name, passed, errors, lost, exact, ...window });
			return passed;
		} finally {
			load.end();
		}
	});
}
