import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const STEP = 64 << 10; // bytes

/** A disk of its own, in memory, that a test may fill. */
export class SmallDisk {
	readonly dir: string;
	readonly #ballast: string;

	private constructor(dir: string) {
		this.dir = dir;
		this.#ballast = join(dir, 'ballast');
	}

	/** Null where this process may not mount one. */
	static mount(megabytes: number): SmallDisk | null {
		const dir = mkdtempSync(join(tmpdir(), 'duologue-disk-'));
		try {
			execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir], { stdio: 'pipe' });
			return new SmallDisk(dir);
		} catch {
			rmdirSync(dir);
			return null;
		}
	}

	get #free(): number {
		const { bavail, bsize } = statfsSync(this.dir);
		return bavail * bsize;
	}

	/** Writes a file so large that only `leaving` bytes are free. */
	fill(leaving = 0): void {
		const file = openSync(this.#ballast, 'a');
		try {
			while (this.#free > leaving) writeSync(file, Buffer.alloc(Math.min(STEP, this.#free - leaving)));
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
		} finally {
			closeSync(file);
		}
	}

	clear(): void {
		rmSync(this.#ballast, { force: true });
	}

	remove(): void {
		execFileSync('umount', [this.dir]);
		rmdirSync(this.dir);
	}
}
