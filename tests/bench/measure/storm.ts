import { setTimeout as pause } from 'node:timers/promises';
import { within } from '../../../server/rooms/within.ts';
import { enterAll } from '../load/crowd.ts';
import { Participant } from '../load/participant.ts';
import { newClientId } from '../load/typist.ts';
import type { Options } from '../options.ts';
import { record } from '../results.ts';
import type { Seat } from '../servers/door.ts';
import { ordinary } from './documents.ts';
import { visitAll } from './visit.ts';

const SEATS: readonly Seat[] = ['annotator', 'reviewer', 'lead'];
const STORED_AFTER = 4_000;
const STORM_WITHIN = 60_000;

/** Everybody of all dialogues comes back at once after a restart, each with the document: how long until all are in. */
export function storm(options: Options): Promise<boolean> {
	const dialogues = options.number('dialogues', 400);
	return visitAll(options, 3, async (contender, run) => {
		await contender.start({ dialogues, document: ordinary.state });
		const before = await enterAll(contender, [0, dialogues], { bring: true });
		await pause(STORED_AFTER);
		for (const one of before) one.cutOff();
		await pause(STORED_AFTER);
		await contender.restart('SIGTERM');
		await pause(1000);

		const cpuBefore = contender.usage();
		const began = performance.now();
		const everybody = Array.from({ length: dialogues }, (_, dialogue) =>
			SEATS.map(
				(seat) => new Participant(contender, { dialogue, seat, client: newClientId() }, {}, ordinary),
			),
		).flat();
		const settled = Promise.allSettled(everybody.map(({ ready }) => ready));
		await within(STORM_WITHIN, settled).catch(() => undefined);
		const cpuAfter = contender.usage();
		const times = everybody
			.map(({ syncedAt }) => syncedAt - began)
			.filter(Number.isFinite)
			.sort((a, b) => a - b);
		const failed = everybody.length - times.length;
		const at = (share: number): number => Math.round(times[Math.ceil(times.length * share) - 1] ?? NaN);
		record('storm', {
			server: contender.name,
			run,
			clients: everybody.length,
			failed,
			allMs: failed === 0 ? at(1) : null,
			p50: at(0.5),
			p99: at(0.99),
			serverCpuMs: Math.round((cpuAfter.server - cpuBefore.server) * 1000),
			databaseCpuMs: Math.round((cpuAfter.database - cpuBefore.database) * 1000),
		});
		for (const one of everybody) one.cutOff();
		return failed === 0;
	});
}
