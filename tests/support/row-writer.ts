import { openEmbedded } from '../../server/store/embedded.ts';

/**
 * A process of its own: `node row-writer.ts <directory>` writes rows to `line` one commit after the other, several
 * at once, and prints the number of each once it is acknowledged. It runs until it is killed.
 */
const [dir = ''] = process.argv.slice(2);
const db = await openEmbedded(dir);
await db.query('create table if not exists line (n int8 primary key)');
const [row] = await db.query<{ last: number | null }>('select max(n) as last from line');
let next = row?.last ?? 0;

async function write(): Promise<never> {
	for (;;) {
		const n = ++next;
		await db.query('insert into line values ($1)', [n]);
		process.stdout.write(`${n}\n`);
	}
}
await Promise.all([write(), write(), write()]);
