import type { Dialect } from '../wire/messages.ts';
import type { Door, World } from './door.ts';

export interface Surroundings {
	port: number;
	/** A folder that outlives restarts. */
	folder: string;
	/** Null: it uses none. */
	databaseUrl: string | null;
}

/** A server that can be measured. */
export interface Kind {
	dialect: Dialect;
	/** Documents outlive a restart. */
	persists: boolean;
	usesDatabase: boolean;
	/** Dialogues at which a search for its capacity begins: only saves time. */
	guess: number;
	/** Seconds that a window of that search lasts: long enough to hold what the server puts off. */
	window: number;
	/** The program, from the repository's root. */
	main: string;
	/** Before it is started for the first time. */
	install?(): void;
	env(surroundings: Surroundings): Record<string, string>;
	/** Makes the world on a fresh database, if it can be made before the server runs. */
	open(world: World, databaseUrl: string | null): Promise<Door>;
}
