/**
 * `node tests/bench/hostile.ts [seconds] [attack…]`: how long it takes until what people type is with the others in their room
 * and saved, while somebody attacks another room, and in the quiet before each attack. Fails where the 99th percentile is above
 * twice that of all that is quiet. As in all of the benchmark the server and its database have one core, and who loads
 * it the other.
 */
import { setTimeout as pause } from 'node:timers/promises';
import * as Y from 'yjs';
import { ApiClient } from '../support/api-client.ts';
import { AttackProcess } from '../support/attack-process.ts';
import { ATTACKS, type AttackName } from '../support/attacks.ts';
import { live, type Live } from '../support/live-dialogue.ts';
import type { Target } from '../support/raw-socket.ts';
import { RunningServer } from '../support/running-server.ts';
import { onServerCore, stayOnGeneratorCore } from './machine/cores.ts';
import { freshDatabase } from './servers/database.ts';

const [seconds = '15', ...only] = process.argv.slice(2);
const SECONDS = Number(seconds);
const attacks = (Object.keys(ATTACKS) as AttackName[]).filter(
	(name) => only.length === 0 || only.includes(name),
);
const PAIRS = 5;
const EVERY_MS = 50;
const MOST = 2;
/** How long it is quiet before an attack, as a share of it. */
const QUIET = 0.5;

stayOnGeneratorCore();
const database = await freshDatabase();
const server = await onServerCore(() => RunningServer.start({ databaseUrl: database.url }));
const run = Date.now().toString(36);
const person = async (name: string, role: 'annotator' | 'reviewer') =>
	(await server.person(`${name}-${run}@example.org`, role)).token;
const opened = async (token: string) =>
	(await new ApiClient(server.origin, token).ok<{ id: number }>('POST', '/dialogues', { topicId: 1 })).id;

const reviewer = await person('reviewer', 'reviewer');
const pairs: [Live, Live][] = [];
for (let index = 0; index < PAIRS; index++) {
	const token = await person(`annotator${index}`, 'annotator');
	const dialogue = await opened(token);
	pairs.push([await live(server.origin, dialogue, token), await live(server.origin, dialogue, reviewer)]);
}
/** Somebody new for each attack, who has used up nothing of what a user may do, and their dialogue. */
async function attacker(name: AttackName): Promise<Target> {
	const token = await person(name.replaceAll(' ', '-'), 'annotator');
	return { origin: server.origin, token, dialogue: await opened(token) };
}

/** Milliseconds from each edit of `from` until `to` has it. People do not type in step: one stall is one of many. */
async function type(from: Live, to: Live, until: number): Promise<number[]> {
	await pause(Math.random() * EVERY_MS);
	const took: number[] = [];
	const open: { clock: number; at: number }[] = [];
	const arrive = (): void => {
		const clock = Y.getState(to.doc.store, from.doc.clientID);
		while (open[0] && open[0].clock <= clock) took.push(performance.now() - (open.shift()?.at ?? 0));
	};
	to.doc.on('update', arrive);
	const draft = from.doc.getText('draft');
	while (performance.now() < until) {
		const at = performance.now();
		draft.insert(0, 'x');
		open.push({ clock: Y.getState(from.doc.store, from.doc.clientID), at });
		if (draft.length > 1000) draft.delete(500, 400);
		await pause(EVERY_MS);
	}
	for (let waited = 0; open.length > 0 && waited < 10_000; waited += 50) await pause(50);
	to.doc.off('update', arrive);
	return [...took, ...open.map(() => Infinity)];
}

async function measure(seconds: number): Promise<number[]> {
	const until = performance.now() + seconds * 1000;
	const took = await Promise.all(
		pairs.flatMap(([one, two]) => [type(one, two, until), type(two, one, until)]),
	);
	return took.flat().sort((a, b) => a - b);
}

const at = (took: number[], share: number) => took[Math.ceil(took.length * share) - 1] ?? NaN;
const line = (name: string, took: number[], thrown = '') =>
	console.log(
		[
			name.padEnd(22),
			String(took.length).padStart(6),
			at(took, 0.5).toFixed(1).padStart(8),
			at(took, 0.99).toFixed(1).padStart(8),
			thrown.padStart(11),
		].join(''),
	);

console.log('attack                 edits  p50 ms  p99 ms  MB thrown');
await measure(SECONDS); // warm
const quiet: number[] = [];
const attacked = new Map<AttackName, number>();
for (const name of attacks) {
	quiet.push(...(await measure(SECONDS * QUIET)));
	const attack = new AttackProcess(name, await attacker(name));
	while (attack.thrown.sockets === 0) await pause(50);
	const took = await measure(SECONDS);
	await attack.stop();
	attacked.set(name, at(took, 0.99));
	line(name, took, (attack.thrown.bytes / 1e6).toFixed(1));
	await pause(1000);
}
quiet.sort((a, b) => a - b);
line('nobody', quiet);
const times = [...attacked].map(([name, p99]) => ({ name, times: p99 / at(quiet, 0.99) }));
console.log(`\nTimes the quiet p99; asked: below ${MOST}.`);
for (const one of times) console.log(`${one.name.padEnd(22)} ${one.times.toFixed(1)}`);
for (const { provider } of pairs.flat()) provider.destroy();
await server.stop();
await database.drop();
process.exit(times.every((one) => one.times < MOST) ? 0 : 1);
