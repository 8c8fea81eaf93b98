// Makes the checkout ready: `node scripts/ready.mjs [build] [browser] [postgres]`. Plain JavaScript for the system's
// Node (20 or newer), since what it installs brings the Node that runs everything else.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const windows = process.platform === 'win32';
const ownNode = join(root, 'node_modules', '.bin', windows ? 'node.cmd' : 'node');

const say = (line) => console.log(`[ready] ${line}`);
function fail(sentence) {
	console.error(`[ready] ${sentence}`);
	process.exit(1);
}

/** Whether the command succeeded. */
const run = (command, args, env = {}) =>
	spawnSync(command, args, {
		cwd: root,
		stdio: 'inherit',
		shell: windows,
		env: { ...process.env, ...env },
	}).status === 0;

const time = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The latest change below a folder. Folders count too: removing a file changes only its folder. */
function newest(folder) {
	if (!existsSync(join(root, folder))) return 0;
	return readdirSync(join(root, folder), { withFileTypes: true }).reduce((latest, entry) => {
		const path = join(folder, entry.name);
		return Math.max(latest, entry.isDirectory() ? newest(path) : time(path));
	}, time(folder));
}

function packages() {
	// npm writes its own lock last: an install that was cut off has none, or one that is older than ours.
	const installed = 'node_modules/.package-lock.json';
	if (time(installed) >= time('package-lock.json') && existsSync(ownNode)) return;
	say('Installing packages (a minute or two the first time)…');
	const lock = join(root, 'package-lock.json');
	const before = readFileSync(lock);
	rmSync(join(root, installed), { force: true });
	// Not `npm ci`: it refuses a good lock where the registry lacks the binaries of some platform.
	const quiet = ['--loglevel=error', '--no-audit', '--no-fund'];
	const done = run('npm', ['install', '--no-save', '--include=dev', ...quiet]);
	if (!readFileSync(lock).equals(before)) {
		writeFileSync(lock, before);
		if (done) utimesSync(join(root, installed), new Date(), new Date());
	}
	if (!done) fail('npm could not install the packages; its message is above.');
	if (!existsSync(ownNode)) {
		fail('The package "node" brought no Node: allow its install script (npm config get ignore-scripts).');
	}
}

function build() {
	const sources = ['src', 'static'].map(newest);
	const settings = ['vite.config.ts', 'svelte.config.js', 'package-lock.json'].map(time);
	if (time('build/handler.js') > Math.max(...sources, ...settings)) return;
	say('Building the page…');
	const vite = join('node_modules', 'vite', 'bin', 'vite.js');
	if (!run(ownNode, [vite, 'build', '--logLevel', 'warn'])) fail('The page could not be built; see above.');
}

const rootOnDebian = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;

function apt(...names) {
	say(`Installing ${names.join(', ')}…`);
	const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
	const install = ['install', '-y', '-qq', '--no-install-recommends', ...names];
	return run('apt-get', ['update', '-qq'], quiet) && run('apt-get', install, quiet);
}

function browser() {
	const found = () =>
		[process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'].some(
			(path) => path && existsSync(path),
		);
	const drawsChinese = () =>
		existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc') ||
		spawnSync('fc-list', [':lang=zh', 'file'], { encoding: 'utf8' }).stdout?.trim();

	if (rootOnDebian) {
		const missing = [...(found() ? [] : ['chromium']), ...(drawsChinese() ? [] : ['fonts-noto-cjk'])];
		if (missing.length > 0 && !apt(...missing)) say(`apt-get could not install ${missing.join(', ')}.`);
	}
	if (found()) return;
	// Does nothing when Playwright has its browser already.
	if (run('npx', ['playwright', 'install', 'chromium'])) return;
	fail('The tests need a browser: install Chromium or Chrome, or name one that is there in CHROMIUM_PATH.');
}

function postgres() {
	if (process.env.TEST_DATABASE_URL) return;
	const debian = '/usr/lib/postgresql';
	const versions = existsSync(debian) ? readdirSync(debian).map((name) => join(debian, name, 'bin')) : [];
	const has = (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'));
	if ([...versions, ...(process.env.PATH ?? '').split(delimiter)].some((folder) => folder && has(folder)))
		return;
	const { status, stdout } = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' });
	if (status === 0 && has(stdout.trim())) return;
	if (rootOnDebian && apt('postgresql')) return;
	say(
		'No PostgreSQL here: the tests run on the embedded database only. (Or name a server: TEST_DATABASE_URL.)',
	);
}

const steps = { build, browser, postgres };
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(steps, name));
if (unknown) fail(`There is no step "${unknown}", only ${Object.keys(steps).join(', ')}.`);
packages();
for (const [name, step] of Object.entries(steps)) if (asked.includes(name)) step();
