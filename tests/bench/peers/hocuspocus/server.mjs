// @hocuspocus/server as it comes; with DATABASE_URL it keeps documents in PostgreSQL, at its default debounce.
import { Database } from '@hocuspocus/extension-database';
import { Server } from '@hocuspocus/server';
import pg from 'pg';

const LOAD = { name: 'load', text: 'select data from documents where name = $1' };
const STORE = {
	name: 'store',
	text: `insert into documents (name, data) values ($1, $2)
		on conflict (name) do update set data = excluded.data`,
};

async function storeAt(connectionString) {
	const pool = new pg.Pool({ connectionString, max: 10 });
	await pool.query('create table if not exists documents (name text primary key, data bytea not null)');
	return new Database({
		fetch: async ({ documentName }) =>
			(await pool.query({ ...LOAD, values: [documentName] })).rows[0]?.data ?? null,
		store: ({ documentName, state }) => pool.query({ ...STORE, values: [documentName, state] }),
	});
}

const { PORT, DATABASE_URL } = process.env;
const extensions = DATABASE_URL ? [await storeAt(DATABASE_URL)] : [];
await new Server({ port: Number(PORT), address: '127.0.0.1', quiet: true, extensions }).listen();
