import { mkdir } from 'node:fs/promises';
import { pino, type Logger } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import { readConfig, type Config } from './config.ts';
import { Entry } from './gate/entry.ts';
import { Compaction } from './rooms/compaction.ts';
import { Figures } from './rooms/figures.ts';
import { Hub, type HubOptions } from './rooms/hub.ts';
import { Archive } from './store/archive.ts';
import { Bots } from './store/bots.ts';
import { CandidateBots } from './store/candidate-bots.ts';
import { openDatabase } from './store/database.ts';
import { Dialogues } from './store/dialogues.ts';
import { LastLooks } from './store/last-looks.ts';
import { Links } from './store/links.ts';
import { logSizes } from './store/log-sizes.ts';
import { partiesIn } from './store/parties.ts';
import { Projects } from './store/projects.ts';
import { RatingDocuments } from './store/rating-documents.ts';
import { rubricVersionsIn } from './store/rubric-versions.ts';
import { loadSecretKey, Seal } from './store/seal.ts';
import { StoredDialogues } from './store/stored-dialogues.ts';
import { ApiTokens } from './store/tokens.ts';
import { Topics } from './store/topics.ts';
import { UpdateLog } from './store/update-log.ts';
import { Users } from './store/users.ts';
import { commandsOf } from './workflow/commands.ts';
import type { Context } from './workflow/context.ts';
import { resume } from './workflow/decide.ts';
import type { ExportFormat } from './workflow/export.ts';
import { exportProject } from './workflow/export-project.ts';
import { Generations } from './workflow/generations.ts';
import { interruptLost } from './workflow/interrupt-lost.ts';
import { membershipCommands } from './workflow/membership.ts';
import { rubricOf } from './workflow/rubric-of.ts';
import { ensureSampleProject } from './workflow/sample-project.ts';
import { seatIn, type Seat } from './workflow/seat.ts';

const KEY = Symbol.for('duologue.services');
type Slot = { [KEY]?: Promise<Services> };

export type Services = Awaited<ReturnType<typeof compose>>;

async function compose(config: Config, logger: Logger, gateBefore: HubOptions['gateBefore']) {
	await mkdir(config.DATA_DIR, { recursive: true, mode: 0o700 });
	const seal = new Seal(await loadSecretKey(config));
	const db = await openDatabase({ url: config.DATABASE_URL || undefined, dir: config.DATA_DIR, logger });
	const users = new Users(db);
	const links = new Links(db);
	const tokens = new ApiTokens(db);
	const projects = new Projects(db);
	const topics = new Topics(db);
	const bots = new Bots(db, seal);
	const dialogues = new Dialogues(db);
	const log = new UpdateLog(db);
	const secure = config.ORIGIN.length > 0 && config.ORIGIN.every((origin) => origin.startsWith('https:'));
	const entry = new Entry({ db, users, links, tokens, projects, config: { secure } });

	const figures = new Figures();
	collectDefaultMetrics({ register: figures.registry });
	figures.sizesFrom(() => logSizes(db));
	const hub: Hub = new Hub({
		figures,
		log,
		stored: new StoredDialogues(db),
		logger,
		...(gateBefore && { gateBefore }),
		rubricOf: (id) => rubricOf(context, id),
		opened: (id, summary) => interruptLost(context, id, summary),
		wrote: (id, userId, dialogueState) => {
			if (dialogueState !== 'returned') return;
			resume(context, id, userId).catch((error: unknown) =>
				logger.warn({ err: error, dialogue: id }, 'a returned dialogue could not be resumed'),
			);
		},
	});
	const compaction = new Compaction({ archive: new Archive(db), logger });
	const generations = new Generations(hub, logger);
	const context: Context = {
		db,
		projects,
		topics,
		dialogues,
		ratingDocuments: new RatingDocuments(db),
		partyIn: partiesIn(db),
		rubricVersionOf: rubricVersionsIn(db),
		bots,
		candidateBots: new CandidateBots(db),
		lastLooks: new LastLooks(db),
		log,
		hub,
		generations,
		logger,
	};
	await ensureSampleProject(context, config);
	let state: 'starting' | 'open' | 'closing' = 'starting';

	return {
		config,
		logger,
		db,
		users,
		links,
		tokens,
		projects,
		topics,
		bots,
		dialogues,
		entry,
		figures,
		hub,
		workflow: commandsOf(context),
		membership: membershipCommands({ ...context, users, links, entry }),

		seatIn: (userId: number, dialogue: number, rater: number | null): Promise<Seat | null> =>
			seatIn(context, userId, dialogue, rater),
		exportProject: (project: number, provenance?: boolean, format?: ExportFormat) =>
			exportProject(context, project, provenance, format),

		/** Whoever runs these services has done all that a start takes. */
		started(): void {
			if (state === 'starting') state = 'open';
		},
		/** Null when this server can do its work, else why not. */
		async ready(): Promise<string | null> {
			if (state !== 'open') return state === 'starting' ? 'starting' : 'shutting down';
			return db.query('select 1').then(
				() => null,
				() => 'the database does not answer',
			);
		},
		/** In order: bots stop and keep what they said, rooms store and close, the database closes. */
		async close(): Promise<void> {
			state = 'closing';
			await generations.close();
			await hub.close();
			await compaction.close();
			await db.close();
		},
	};
}

/**
 * One set of services a process, whoever asks first: main.ts, the Vite plugin, the command line or a test.
 * `logTo`: the file descriptor that the log goes to. `gateBefore`: the benchmark's alone.
 */
export function startServices(
	config?: Config,
	logTo: 1 | 2 = 1,
	gateBefore?: HubOptions['gateBefore'],
): Promise<Services> {
	return ((globalThis as Slot)[KEY] ??= begin(config ?? readConfig(), logTo, gateBefore));
}

async function begin(config: Config, logTo: 1 | 2, gateBefore: HubOptions['gateBefore']): Promise<Services> {
	const redact = ['req.headers', '*.password', '*.key', '*.token'];
	return compose(config, pino({ level: config.LOG_LEVEL, redact }, pino.destination(logTo)), gateBefore);
}
