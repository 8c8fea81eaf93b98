/** `node print-draft.ts DATA_DIR DATABASE_URL DIALOGUE`: the draft as the log on disk has it, as JSON. No server may run. */
import * as Y from 'yjs';
import { openDatabase } from '../../server/store/database.ts';
import { UpdateLog, unpackUpdates } from '../../server/store/update-log.ts';

const [dir, url, dialogue] = process.argv.slice(2);
if (dir === undefined || url === undefined || dialogue === undefined) throw new Error('three arguments');

const db = await openDatabase({ dir, url: url || undefined });
const stored = await new UpdateLog(db).load(Number(dialogue));
const doc = new Y.Doc();
if (stored?.state) Y.applyUpdate(doc, stored.state);
for (const { body } of stored?.tail ?? [])
	for (const update of unpackUpdates(body)) Y.applyUpdate(doc, update);
await db.close();
console.log(JSON.stringify(doc.getText('draft').toJSON()));
