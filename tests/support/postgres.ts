import type { TestProject } from 'vitest/node';
import { startPostgres } from './temporary-postgres.ts';

declare module 'vitest' {
	interface ProvidedContext {
		/** A PostgreSQL server whose user may create databases; null when this machine has none. */
		postgresUrl: string | null;
	}
}

/**
 * Once a run: a real PostgreSQL for the tests, the one in TEST_DATABASE_URL or a temporary one of our own. Never the
 * one in DATABASE_URL: that is somebody's work.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const given = process.env['TEST_DATABASE_URL'] || null;
	const own = given === null ? await startPostgres() : null;
	if (given === null && own === null) {
		console.warn(
			'Tests on PostgreSQL are not run: no PostgreSQL programs found on this machine and no TEST_DATABASE_URL ' +
				'given. The same tests run on the embedded database only.',
		);
	}
	project.provide('postgresUrl', given ?? own?.url ?? null);
	return async () => {
		await own?.stop();
	};
}
