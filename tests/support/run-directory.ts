import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = 'DUOLOGUE_TEST_RUN';

/** Makes a folder for what the test files of this run share; in the environment, for they run in processes of their own. */
export default function makeRunDirectory(): () => void {
	const directory = mkdtempSync(join(tmpdir(), 'duologue-run-'));
	process.env[NAME] = directory;
	return () => rmSync(directory, { recursive: true, force: true });
}

/** Null outside of a run of the tests, as in the benchmark. */
export const runDirectory = (): string | null => process.env[NAME] ?? null;
