/** `node print-draft.ts DATA_DIR DATABASE_URL DIALOGUE`: the draft as the log on disk has it, as JSON. No server may run. */
import { draftOf } from '#lib/document/roots.ts';
import { openDatabase } from '../../server/store/database.ts';
import { DialogueCopy } from '../../server/rooms/dialogue-copy.ts';
import { StoredDialogues } from '../../server/store/stored-dialogues.ts';

const [dir, url, dialogue] = process.argv.slice(2);
if (dir === undefined || url === undefined || dialogue === undefined) throw new Error('three arguments');

const db = await openDatabase({ dir, url: url || undefined });
const stored = await new StoredDialogues(db).load(Number(dialogue));
if (stored === null) throw new Error(`there is no dialogue ${dialogue}`);
const doc = new DialogueCopy(stored).wake();
await db.close();
console.log(JSON.stringify(draftOf(doc).toJSON()));
