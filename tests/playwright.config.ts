import { defineConfig } from '@playwright/test';
import { chromium } from './support/chromium.ts';

/**
 * Every test file starts the servers it needs; nothing is shared between files. Times are there to end what hangs: a small,
 * shared machine may be ten times as slow as another.
 */
export default defineConfig({
	testDir: 'e2e',
	outputDir: '../test-results',
	globalSetup: './support/run-directory.ts',
	workers: 2,
	timeout: 600_000,
	expect: { timeout: 30_000 },
	reporter: [['list']],
	use: { launchOptions: chromium(), viewport: { width: 1280, height: 800 }, locale: 'en-GB' },
});
