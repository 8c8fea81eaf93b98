/** kill -9 of a real server under load: `ROUNDS` times an engine. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { BusyServer } from '../support/busy-server.ts';
import { ENGINES, type Ground } from '../support/databases.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 3);

vi.setConfig({ testTimeout: 60_000 + ROUNDS * 60_000 });

describe.each(ENGINES)('a killed server on $engine', (engine) => {
	let ground: Ground;
	let busy: BusyServer;
	afterEach(async () => {
		await busy.close();
		await ground.remove();
	});

	test(`[CRASH-1] [CRASH-2] what it had called saved, or had sent to anybody, is on disk, once (${ROUNDS} times)`, async () => {
		ground = await engine.ground();
		busy = await BusyServer.start(ground);
		const { server, tables } = busy;
		for (let round = 0; round < ROUNDS; round++) {
			const fleeting = tables.map((table) => busy.enter(table, round));
			const before = busy.promised;
			await busy.write(100 + Math.random() * 1000);
			await server.kill();
			expect(busy.promised).toBeGreaterThan(before);
			for (const { provider } of busy.here) provider.disconnect(); // nothing more is promised until it is checked
			await busy.leave(fleeting);
			await Promise.all([busy.checkDisk(), server.run()]);
			for (const { provider } of busy.here) provider.connect();
			await busy.settle();
		}
		if (process.env['SHOW']) console.log(engine.engine, busy.checked);
	});
});
