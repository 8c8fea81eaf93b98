import { existsSync } from 'node:fs';

const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--no-first-run',
];

/** How to start the browser of this machine; without one of these, Playwright looks for its own. */
export function chromium(): { executablePath?: string; args: string[] } {
	const found = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
		(path) => path && existsSync(path),
	);
	return { ...(found && { executablePath: found }), args: FLAGS };
}
