import { playwright } from '@vitest/browser-playwright';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { chromium } from './support/chromium.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Times are generous: the machines that run this are small and shared, and no test asserts a duration. */
const patience = { testTimeout: 180_000, hookTimeout: 240_000 };

export default defineConfig({
	root,
	test: {
		projects: [
			{
				extends: `${root}vite.config.ts`,
				test: {
					...patience,
					name: 'node',
					environment: 'node',
					include: ['tests/{unit,contract,rooms,fuzz,crash,http}/**/*.test.ts'],
					globalSetup: ['tests/support/run-directory.ts', 'tests/support/postgres.ts'],
					maxWorkers: 2,
				},
			},
			{
				extends: `${root}vite.config.ts`,
				// Found late, these would make Vite reload the page in the middle of a run.
				optimizeDeps: {
					include: [
						'@codemirror/commands',
						'@codemirror/lang-markdown',
						'@codemirror/merge',
						'@codemirror/state',
						'@codemirror/view',
						'dompurify',
						'highlight.js/lib/core',
						'highlight.js/lib/languages/*',
						'markdown-it',
						'y-protocols/awareness',
						'yjs',
					],
				},
				test: {
					...patience,
					name: 'browser',
					include: ['tests/browser/**/*.test.ts'],
					browser: {
						enabled: true,
						headless: true,
						screenshotFailures: false,
						provider: playwright({ launchOptions: chromium() }),
						instances: [{ browser: 'chromium' }],
					},
				},
			},
		],
	},
});
