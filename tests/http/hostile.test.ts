/** Hostile clients against a running server. How much they slow others down is measured by tests/bench/hostile.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { readMessage } from '#lib/wire/messages.ts';
import { ApiClient } from '../support/api-client.ts';
import { AttackProcess } from '../support/attack-process.ts';
import { ATTACKS, type AttackName } from '../support/attacks.ts';
import { live, type Live } from '../support/live-dialogue.ts';
import { frame, OPCODE, push, upgraded, type Target } from '../support/raw-socket.ts';
import { until } from '../support/rooms.ts';
import { RunningServer } from '../support/running-server.ts';
import { writeSync } from '../support/write-messages.ts';

/** MB that the server may take beyond what it had, at any moment of an attack. */
const GROWTH = 400;
/** MB that are thrown at least while it is looked at. */
const MUCH: Partial<Record<AttackName, number>> = {
	'broken messages': 20,
	'endless messages': 20,
	'readers that stop': 3,
	'a flood of presence': 20,
	'a flood of step 1s': 2,
	'a flood of questions': 2,
	'a flood of edits': 3,
};

let server: RunningServer;
let target: Target;
/** Of somebody who attacks nobody. */
let calm: Target;
let ann: Live;
let rev: Live;
let attack: AttackProcess | null = null;

beforeAll(async () => {
	server = await RunningServer.start();
	const roles = ['annotator', 'reviewer', 'annotator', 'annotator'] as const;
	const people = roles.map((role, index) => server.person(`${role}${index}@example.org`, role));
	const [one = '', two = '', three = '', four = ''] = (await Promise.all(people)).map(({ token }) => token);
	const { origin } = server;
	const opened = async (token: string) =>
		(await new ApiClient(origin, token).ok<{ id: number }>('POST', '/dialogues', { topicId: 1 })).id;
	const dialogue = await opened(one);
	ann = await live(origin, dialogue, one);
	rev = await live(origin, dialogue, two);
	target = { origin, token: three, dialogue: await opened(three) };
	calm = { origin, token: four, dialogue: await opened(four) };
});
afterEach(() => attack?.stop());
afterAll(async () => {
	for (const { provider } of [ann, rev]) provider.destroy();
	await server.stop();
});

/** Of the server's memory; null where /proc does not tell. */
function megabytes(field: 'VmRSS' | 'VmHWM'): number | null {
	if (process.platform !== 'linux') return null;
	const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
	return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
}

const draftOf = ({ doc }: Live) => doc.getText('draft');

/** People in another room write to each other. */
async function othersGoOn(): Promise<void> {
	for (const [from, to] of [
		[ann, rev],
		[rev, ann],
	] as const) {
		draftOf(from).insert(draftOf(from).length, 'word ');
		await until(() => draftOf(to).toJSON() === draftOf(from).toJSON());
	}
}

/** What somebody finds who comes into a room. */
async function draftIn({ origin, dialogue, token }: Target): Promise<string> {
	const late = await live(origin, dialogue, token);
	late.provider.destroy();
	return draftOf(late).toJSON();
}

test.each(Object.keys(ATTACKS) as AttackName[])(
	'[HOSTILE-1] [HOSTILE-2] %s: the server stays up in bounded memory, and people elsewhere go on',
	async (name) => {
		const { pid } = server;
		const before = megabytes('VmRSS');
		if (before !== null) writeFileSync(`/proc/${pid}/clear_refs`, '5'); // the peak counts from here
		attack = new AttackProcess(name, target);
		const { thrown } = attack;
		const enough = (MUCH[name] ?? 0) * 1e6;
		for (let rounds = 0; rounds < 3 || thrown.sockets === 0 || thrown.bytes < enough; rounds++) {
			await othersGoOn();
			await pause(200);
		}
		expect(attack.runs).toBe(true);
		expect((await fetch(`${server.origin}/livez`)).ok).toBe(true);
		await attack.stop();
		const peak = megabytes('VmHWM');
		if (process.env['SHOW']) console.log(name, thrown, before, peak);
		expect((peak ?? 0) - (before ?? 0)).toBeLessThan(GROWTH);
		await othersGoOn();
		await draftIn(target);
		expect([server.runs, server.pid]).toEqual([true, pid]);
	},
);

test('[HOSTILE-3] a message that comes byte by byte, in fragments, or with others in one piece counts as any other', async () => {
	const socket = await upgraded(calm);
	const heard: Buffer[] = [];
	socket.on('data', (bytes: Buffer) => heard.push(bytes));
	const doc = new Y.Doc();
	const updates: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => updates.push(update));
	for (const word of ['drip ', 'cut ', 'one ', 'two ', 'three ']) doc.getText('draft').insert(0, word);
	const [drip, cut, ...rest] = updates.map((update) => writeSync('update', update));
	if (!drip || !cut) throw new Error('five updates');
	await push(socket, frame(writeSync('step 1', Uint8Array.of(0))));
	for (const byte of Buffer.concat([frame(writeSync('step 2', Uint8Array.of(0, 0))), frame(drip)])) {
		await push(socket, Uint8Array.of(byte));
		await pause(1);
	}
	await push(
		socket,
		Buffer.concat([
			frame(cut.subarray(0, 3), { last: false }),
			frame(Uint8Array.of(7), { opcode: OPCODE.ping }),
			frame(cut.subarray(3, 3), { opcode: OPCODE.continuation, last: false }),
			frame(cut.subarray(3), { opcode: OPCODE.continuation }),
			...rest.map((message) => frame(message)),
		]),
	);
	const acked = (): number => {
		const last = messagesIn(Buffer.concat(heard)).findLast(({ kind }) => kind === 'durable');
		return last?.kind === 'durable' ? last.frames : 0;
	};
	await until(() => acked() === 7);
	expect(socket.readyState).toBe('open');
	socket.destroy();
	expect(await draftIn(calm)).toContain('three two one cut drip ');
});

/** The messages in whole binary frames as a server writes them. */
function messagesIn(bytes: Buffer): ReturnType<typeof readMessage>[] {
	const messages: ReturnType<typeof readMessage>[] = [];
	for (let at = 0; at + 2 <= bytes.length;) {
		const short = (bytes[at + 1] ?? 0) & 0x7f;
		const head = short < 126 ? 2 : short === 126 ? 4 : 10;
		if (at + head > bytes.length) break;
		const length =
			short < 126
				? short
				: short === 126
					? bytes.readUInt16BE(at + 2)
					: Number(bytes.readBigUInt64BE(at + 2));
		const body = bytes.subarray(at + head, at + head + length);
		if (body.length < length) break;
		if (((bytes[at] ?? 0) & 0x0f) === OPCODE.binary) messages.push(readMessage(Uint8Array.from(body)));
		at += head + length;
	}
	return messages;
}
