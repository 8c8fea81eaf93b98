/**
 * Loaded into every server under test before itself. Two signals, and nothing on the way of the data:
 * SIGUSR2 collects garbage and writes down the memory in use; SIGTERM ends a server that would just die of it,
 * so that a CPU profile is written. A server that listens for SIGTERM itself is left to it.
 */
import { renameSync, writeFileSync } from 'node:fs';

const { BENCH_MEMORY_FILE: file, BENCH_EXIT_ON_TERM: exits } = process.env;

process.on('SIGUSR2', () => {
	globalThis.gc?.();
	globalThis.gc?.();
	if (file === undefined) return;
	writeFileSync(`${file}.new`, JSON.stringify(process.memoryUsage()));
	renameSync(`${file}.new`, file);
});
if (exits) process.on('SIGTERM', () => process.exit(0));
