import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { openDatabase, type Database } from '../../../server/store/database.ts';
import { digestOf } from '../../../server/store/secret-token.ts';
import { packUpdates, UpdateLog } from '../../../server/store/update-log.ts';
import { storesOn } from '../../support/store-world.ts';
import { withPeople } from '../load/document.ts';
import type { Door, Seat, World } from './door.ts';

const SERVER = 0;
const SEEDS_AT_ONCE = 50;
const SEATS: readonly Seat[] = ['annotator', 'reviewer', 'lead'];

type Crew = Record<Seat, { id: number; session: string }>;

/** Everybody of every dialogue: members of the project, and signed in. */
async function hire(db: Database, project: number, dialogues: number): Promise<Crew[]> {
	const wishes = Array.from({ length: dialogues * SEATS.length }, (_, nth) => ({
		email: `bench${nth}@example.org`,
		role: SEATS[nth % SEATS.length] ?? 'lead',
		session: randomBytes(20).toString('hex'),
	}));
	const people = await db.query<{ id: number }>(
		`with hired as (
			insert into app_user (email, name)
			select email, initcap(role) from unnest($1::text[], $2::text[]) wish(email, role)
			returning id, email
		 ), wished as (
			select hired.id, wish.* from unnest($1::text[], $2::text[], $3::text[])
				with ordinality wish(email, role, digest, nth) join hired using (email)
		 ), members as (
			insert into member (project, user_id, role) select $4, id, role from wished
		 ), sessions as (
			insert into session (id, user_id, expires_at) select digest, id, now() + interval '30 days' from wished
		 )
		 select id from wished order by nth`,
		[
			wishes.map(({ email }) => email),
			wishes.map(({ role }) => role),
			wishes.map(({ session }) => digestOf(session)),
			project,
		],
	);
	const sitting = (dialogue: number, seat: Seat) => {
		const nth = dialogue * SEATS.length + SEATS.indexOf(seat);
		return { id: people[nth]?.id ?? 0, session: wishes[nth]?.session ?? '' };
	};
	return Array.from({ length: dialogues }, (_, dialogue) => ({
		annotator: sitting(dialogue, 'annotator'),
		reviewer: sitting(dialogue, 'reviewer'),
		lead: sitting(dialogue, 'lead'),
	}));
}

/** In progress, with the reviewer asked in: annotator and reviewer may both write. */
async function openAll(
	db: Database,
	{ id: project, bot, topics }: { id: number; bot: number; topics: number[] },
	crews: readonly Crew[],
): Promise<number[]> {
	const rows = await db.query<{ id: number }>(
		`with opened as (
			insert into dialogue (project, topic, bot, rubric_version, state, together, annotator, reviewer, turns)
			select $1, $2, $3, 1, 'in_progress', true, annotator, reviewer, 10
			from unnest($4::int[], $5::int[]) with ordinality crew(annotator, reviewer, nth) order by nth
			returning id
		 ), heads as (insert into head (dialogue) select id from opened)
		 select id from opened order by id`,
		[
			project,
			topics[0],
			bot,
			crews.map(({ annotator }) => annotator.id),
			crews.map(({ reviewer }) => reviewer.id),
		],
	);
	return rows.map(({ id }) => id);
}

/** Each dialogue's document as the first row of its log. */
async function seed(
	db: Database,
	ids: readonly number[],
	crews: readonly Crew[],
	document: Uint8Array,
): Promise<void> {
	const log = new UpdateLog(db);
	const batches = crews.map(({ annotator, reviewer }, nth) => ({
		dialogue: ids[nth] ?? 0,
		rows: [{ author: SERVER, body: packUpdates([withPeople(document, annotator.id, reviewer.id)]) }],
	}));
	for (let at = 0; at < batches.length; at += SEEDS_AT_ONCE)
		await log.append(batches.slice(at, at + SEEDS_AT_ONCE));
}

/** Fills a fresh database with dialogues and their people, before a server runs on it. */
export async function makeProductWorld({ dialogues, document }: World, databaseUrl: string): Promise<Door> {
	const db = await openDatabase({ url: databaseUrl, dir: tmpdir() });
	try {
		const project = await storesOn(db).project('Bench');
		const crews = await hire(db, project.id, dialogues);
		const ids = await openAll(db, project, crews);
		await seed(db, ids, crews, document);
		// Neither is to fall into what is measured.
		await db.query('vacuum analyze');
		await db.query('checkpoint');
		return {
			nameOf: (dialogue) => String(ids[dialogue]),
			// As the page does.
			path: (dialogue, client, vector) =>
				`/sync/${ids[dialogue]}?client=${client}&durable=1&has=${Buffer.from(vector).toString('base64url')}`,
			headers: (dialogue, seat) => ({
				Cookie: `duologue_session=${crews[dialogue]?.[seat].session}`,
				'X-Forwarded-For': `10.${dialogue >> 8}.${dialogue & 255}.${SEATS.indexOf(seat) + 1}`,
			}),
			brings: null,
		};
	} finally {
		await db.close();
	}
}
