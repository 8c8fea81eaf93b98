/**
 * The browser's own database, for what has to outlive a page. Nothing else knows IndexedDB.
 * A change of what is in it is a new name: a page of another release goes on with its own.
 */
const NAME = 'duologue-1';

/**
 * What a row belongs to. `born`: when the dialogue was begun, for another database may use its number again; of what
 * its owner rates in a blind one, that and a word.
 */
export interface Place {
	owner: number;
	dialogue: number;
	born: number | `${number} ratings`;
}

/** `edits`: changes of one document. `late`: what was refused. `visits`: when a dialogue was last open. `aside`: what could not be read. */
export const STORES = ['edits', 'late', 'visits', 'aside'] as const;
type StoreName = (typeof STORES)[number];

/** `strict`: not done before the disk has it, which also survives a power cut. */
export type Access = 'readonly' | 'readwrite' | 'strict';

export const keyOf = ({ owner, dialogue, born }: Place): [number, number, Place['born']] => [
	owner,
	dialogue,
	born,
];

/** Every place of an owner, or every one of an owner's dialogue. */
export const placesOf = (owner: number, ...dialogue: [] | [number]): IDBKeyRange =>
	IDBKeyRange.bound([owner, ...dialogue], [owner, ...dialogue, []]);

export const asked = <T>(request: IDBRequest<T>): Promise<T> =>
	new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error ?? new Error('The request failed'));
	});

let opened: Promise<IDBDatabase> | null = null;

/** Opens it on first use, and again after the browser has closed it. */
function database(): Promise<IDBDatabase> {
	return (opened ??= open().catch((error: unknown) => {
		opened = null;
		throw error;
	}));
}

async function open(): Promise<IDBDatabase> {
	hearForgotten();
	const db = await request();
	if (STORES.every((name) => db.objectStoreNames.contains(name))) return db;
	db.close(); // somebody else's, or half of ours: nothing in it can be read
	await asked(indexedDB.deleteDatabase(NAME));
	return request();
}

async function request(): Promise<IDBDatabase> {
	const opening = indexedDB.open(NAME, 1);
	opening.onupgradeneeded = () => {
		for (const name of STORES) {
			const store = opening.result.createObjectStore(name, { autoIncrement: true });
			store.createIndex('place', ['owner', 'dialogue', 'born']);
		}
	};
	const db = await asked(opening);
	const gone = (): void => {
		db.close();
		opened = null;
	};
	db.onclose = gone;
	db.onversionchange = gone; // it is being deleted
	return db;
}

/** How long anything may take: some browsers never answer, and another tab may hold the whole database. */
const PATIENCE_MS = 5000;

type Work<T> = (store: (name: StoreName) => IDBObjectStore) => Promise<T>;

/**
 * Resolves with what `work` gives, once all of it is stored; or nothing of it is, also where the database does not
 * answer in time. `work` awaits requests only.
 */
export function transact<T>(names: StoreName[], access: Access, work: Work<T>): Promise<T> {
	const patience = AbortSignal.timeout(PATIENCE_MS);
	const over = new Promise<never>((_, reject) => {
		patience.addEventListener('abort', () => reject(new Error('The database does not answer')));
	});
	return Promise.race([stored(patience, names, access, work), over]);
}

async function stored<T>(
	patience: AbortSignal,
	names: StoreName[],
	access: Access,
	work: Work<T>,
): Promise<T> {
	const db = await database();
	patience.throwIfAborted(); // who asked was told that nothing is stored
	const tx = begin(db, names, access);
	patience.addEventListener('abort', () => abort(tx));
	const done = new Promise<void>((resolve, reject) => {
		tx.oncomplete = () => resolve();
		tx.onabort = () => reject(tx.error ?? new Error('The transaction was aborted'));
	});
	try {
		const result = await work((name) => tx.objectStore(name));
		await done;
		return result;
	} catch (error) {
		done.catch(() => undefined);
		abort(tx);
		throw error;
	}
}

function abort(tx: IDBTransaction): void {
	try {
		tx.abort();
	} catch {
		// it has ended by itself
	}
}

function begin(db: IDBDatabase, names: StoreName[], access: Access): IDBTransaction {
	try {
		return db.transaction(names, access === 'readonly' ? 'readonly' : 'readwrite', {
			durability: access === 'strict' ? 'strict' : 'default',
		});
	} catch (error) {
		opened = null; // it was closed without a word
		throw error;
	}
}

const CHANNEL = 'duologue-forgotten';
const forgotten = new Set<number>();
let hearing: BroadcastChannel | null = null;

/** Whether all of this person's has been taken away since this page was opened: then it stores nothing more of theirs. */
export const isForgotten = (owner: number): boolean => forgotten.has(owner);

function hearForgotten(): void {
	hearing ??= new BroadcastChannel(CHANNEL);
	hearing.onmessage = ({ data }: MessageEvent<number>) => forgotten.add(data);
}

/** Before it is taken away: every page of this browser stops storing what is theirs. */
export function tellForgotten(owner: number): void {
	forgotten.add(owner);
	hearForgotten();
	hearing?.postMessage(owner);
}
