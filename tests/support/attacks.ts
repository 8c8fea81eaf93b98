/** What hostile clients may do to a server. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import * as Y from 'yjs';
import { connection, frame, handshake, OPCODE, push, upgraded, type Target } from './raw-socket.ts';
import { writeAwareness, writeSync } from './write-messages.ts';

/** What an attack has thrown so far. */
export interface Thrown {
	bytes: number;
	sockets: number;
}

type Round = (target: Target, raid: Raid, attacker: number) => Promise<void>;

/** Several attackers that do the same over and over, until the process ends. */
class Raid {
	readonly thrown: Thrown = { bytes: 0, sockets: 0 };
	#throws = 0;

	constructor(target: Target, attackers: number, round: Round) {
		const attack = async (attacker: number): Promise<never> => {
			for (;;) {
				await round(target, this, attacker);
				await pause(0);
			}
		};
		for (let attacker = 0; attacker < attackers; attacker++) void attack(attacker);
	}

	async open(opening: Promise<Socket>): Promise<Socket> {
		const socket = await opening;
		this.thrown.sockets++;
		return socket;
	}

	async throw(socket: Socket, bytes: Uint8Array): Promise<boolean> {
		this.thrown.bytes += bytes.length;
		// What is taken at once gives nobody else a turn.
		if (++this.#throws % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
		return push(socket, bytes);
	}
}

const NOTHING = new Uint8Array();
const ENTER = Buffer.concat([
	frame(writeSync('step 1', Uint8Array.of(0))),
	frame(writeSync('step 2', Uint8Array.of(0, 0))),
]);

/** Bytes after the handshake that no WebSocket client sends. */
const BROKEN_FRAMES: (() => Uint8Array)[] = [
	() => frame(randomBytes(20), { reserved: 4 }),
	() => frame(randomBytes(20), { reserved: 1 }),
	() => frame(randomBytes(20), { masked: false }),
	() => frame(randomBytes(20), { opcode: 5 }),
	() => frame(randomBytes(20), { opcode: 11 }),
	() => frame(randomBytes(20), { opcode: OPCODE.continuation }),
	() => frame(randomBytes(200), { opcode: OPCODE.ping }),
	() => frame(NOTHING, { opcode: OPCODE.ping, last: false }),
	() => frame(randomBytes(20), { length: 2n ** 63n }),
	() => frame(randomBytes(20), { length: 2n ** 53n - 1n }),
	() => frame(Uint8Array.of(3), { opcode: OPCODE.close }),
	() => frame(Uint8Array.of(0xff, 0xff), { opcode: OPCODE.close }),
	() => frame(Uint8Array.of(0xc3, 0x28), { opcode: OPCODE.text }),
	() => Buffer.concat([frame(randomBytes(9), { last: false }), frame(randomBytes(9))]),
	() => frame(randomBytes(2000)).subarray(0, 1000),
	() => randomBytes(1 + Math.floor(Math.random() * 300)),
];

/** Well-framed messages that no provider sends. */
const BROKEN_MESSAGES: (() => Uint8Array)[] = [
	() => randomBytes(1 + Math.floor(Math.random() * 300)),
	() => Uint8Array.of(0, 2, 0xff, 0xff, 0xff, 0xff, 0x0f),
	() => writeSync('step 1', randomBytes(300)),
	() => writeSync('step 2', randomBytes(3000)),
	() => writeSync('update', randomBytes(3000)),
	() => writeAwareness([{ client: 1, clock: 1, state: randomBytes(100) }]),
	() => writeSync('update', randomBytes(6 << 20)),
];

const some = <T>(from: readonly (() => T)[]): T => {
	const make = from[Math.floor(Math.random() * from.length)];
	if (!make) throw new Error('nothing to choose from');
	return make();
};

/** Updates of a client of its own that each add and take away `size` characters of the draft. */
function* edits(size: number): Generator<Uint8Array, never> {
	const doc = new Y.Doc();
	const updates: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => updates.push(update));
	const draft = doc.getText('draft');
	for (;;) {
		draft.insert(0, 'x'.repeat(size));
		draft.delete(0, size);
		for (const update of updates.splice(0)) yield update;
	}
}

const at =
	(attackers: number, round: Round) =>
	(target: Target): Raid =>
		new Raid(target, attackers, round);

export const ATTACKS = {
	'broken frames': at(8, async (target, raid) => {
		const socket = await raid.open(upgraded(target));
		await raid.throw(socket, some(BROKEN_FRAMES));
		await pause(5);
		if (Math.random() < 0.5) socket.resetAndDestroy();
		else socket.destroy();
	}),
	'broken messages': at(8, async (target, raid) => {
		const socket = await raid.open(upgraded(target));
		await raid.throw(socket, ENTER);
		for (let n = 0; n < 3; n++) await raid.throw(socket, frame(some(BROKEN_MESSAGES)));
		await pause(5);
		socket.destroy();
	}),
	'endless messages': at(16, async (target, raid) => {
		const socket = await raid.open(upgraded(target));
		const piece = frame(randomBytes(60_000), { opcode: OPCODE.continuation, last: false });
		await raid.throw(socket, frame(NOTHING, { last: false }));
		while (await raid.throw(socket, piece));
	}),
	'dripping frames': at(100, async (target, raid) => {
		const socket = await raid.open(upgraded(target));
		for (const byte of frame(writeSync('update', randomBytes(200)))) {
			await raid.throw(socket, Uint8Array.of(byte));
			await pause(5);
		}
	}),
	'half-open handshakes': at(200, async (target, raid) => {
		const socket = await raid.open(connection(target.origin));
		for (const byte of Buffer.from(handshake(target)).subarray(0, -2)) {
			await raid.throw(socket, Uint8Array.of(byte));
			await pause(20);
		}
		while (socket.writable) await pause(50);
	}),
	'sockets of nobody': at(300, async ({ origin, dialogue }, raid) => {
		const silent = Math.random() < 0.5;
		const socket = await raid.open(connection(origin));
		if (!silent) await raid.throw(socket, Buffer.from(handshake({ dialogue })));
		while (socket.writable) await pause(50);
	}),
	'readers that stop': at(40, async (target, raid, attacker) => {
		const socket = await raid.open(upgraded(target));
		await raid.throw(socket, ENTER);
		const typist = attacker === 0 ? edits(50_000) : null;
		if (typist) socket.resume();
		else socket.pause();
		while (socket.writable) {
			if (typist) await raid.throw(socket, frame(writeSync('update', typist.next().value)));
			else await pause(50);
		}
	}),
	'a flood of presence': at(4, async (target, raid) => {
		const socket = await raid.open(upgraded(target));
		socket.resume();
		const client = Math.floor(Math.random() * 2 ** 32);
		const state = Buffer.from(JSON.stringify({ long: 'x'.repeat(4000) }));
		await raid.throw(socket, ENTER);
		for (let clock = 1; await raid.throw(socket, frame(writeAwareness([{ client, clock, state }]))); clock++);
	}),
	'a flood of step 1s': at(4, async (target, raid) => {
		const socket = await raid.open(upgraded(target));
		if (Math.random() < 0.5) socket.resume();
		else socket.pause();
		await raid.throw(socket, ENTER);
		while (await raid.throw(socket, ENTER));
	}),
	'a flood of questions': at(4, async (target, raid) => {
		const socket = await raid.open(upgraded(target));
		socket.resume();
		await raid.throw(socket, ENTER);
		while (await raid.throw(socket, frame(Uint8Array.of(3))));
	}),
	'a flood of edits': at(2, async (target, raid) => {
		const socket = await raid.open(upgraded(target));
		socket.resume();
		await raid.throw(socket, ENTER);
		for (const update of edits(20))
			if (!(await raid.throw(socket, frame(writeSync('update', update))))) return;
	}),
} satisfies Record<string, (target: Target) => Raid>;

export type AttackName = keyof typeof ATTACKS;
