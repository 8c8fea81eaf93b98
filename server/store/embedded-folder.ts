import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';

/** Stock PGlite runs with fsync off (`-F`) and its file system ignores fsync: saved would not mean on disk. */
export const startParams = [
	...PGlite.defaultStartParams.filter((param) => param !== '-F'),
	...['-c', 'fsync=on', '-c', 'synchronous_commit=on', '-c', 'wal_sync_method=fsync'],
];

/** The parts of Emscripten's NODEFS that the hook needs. */
type NodeStream = { nfd?: number; node: unknown };
type EngineModule = {
	FS: { ErrnoError: new (errno: number) => Error };
	NODEFS: {
		realPath(node: unknown): string;
		convertNodeCode(error: unknown): number;
		stream_ops: { fsync?: (stream: NodeStream) => number };
	};
};

function syncPath(path: string): void {
	const fd = fs.openSync(path, 'r');
	try {
		fs.fsyncSync(fd);
	} finally {
		fs.closeSync(fd);
	}
}

/** A data directory in which the engine's fsync reaches the disk. */
export class SyncedFolder extends NodeFS {
	/** How often the engine has synced a file or directory. */
	syncs = 0;

	override async init(...[pg, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
		const result = await super.init(pg, options);
		const hook = ({ FS, NODEFS }: EngineModule) => {
			NODEFS.stream_ops.fsync = ({ nfd, node }) => {
				try {
					if (nfd === undefined) syncPath(NODEFS.realPath(node));
					else fs.fsyncSync(nfd);
				} catch (error) {
					// PostgreSQL then panics rather than call the commit done, and recovers from its log.
					throw new FS.ErrnoError(NODEFS.convertNodeCode(error));
				}
				this.syncs++;
				return 0;
			};
		};
		result.emscriptenOpts.preRun?.push((module: unknown) => hook(module as EngineModule));
		return result;
	}
}

/** Throws unless a commit makes the engine sync. `syncs` counts the syncs so far. */
export async function proveCommitSyncs(db: PGlite, syncs: () => number): Promise<void> {
	const before = syncs();
	await db.query(`select pg_logical_emit_message(true, 'duologue', 'does a commit sync?')`);
	if (syncs() === before) {
		throw new Error('The embedded database does not sync its commits to disk: refusing to start on it.');
	}
}

/**
 * Makes a new database in `dir`, which must be missing or empty: beside it, synced, then moved into place. So
 * a directory that has the name also has a whole database, whenever the power goes.
 */
export async function createDatabase(dir: string): Promise<void> {
	const present = fs.existsSync(dir);
	if (present && fs.readdirSync(dir).length > 0) {
		throw new Error(`The directory ${dir} holds something that is not a database: empty it or name another.`);
	}
	const unfinished = `${dir}.unfinished`;
	fs.rmSync(unfinished, { recursive: true, force: true });
	fs.mkdirSync(unfinished, { mode: 0o700 });
	const db = await PGlite.create({ fs: new SyncedFolder(unfinished), startParams });
	await db.close();
	for (const path of fs.readdirSync(unfinished, { recursive: true, encoding: 'utf8' })) {
		syncPath(join(unfinished, path)); // what initdb wrote was copied in without a sync
	}
	syncPath(unfinished);
	if (present) fs.rmdirSync(dir);
	fs.renameSync(unfinished, dir);
	syncPath(dirname(dir));
}
