import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { acceptSockets } from '../../server/http/upgrade.ts';
import { LIMITS } from '../../server/rooms/limits.ts';
import { startServices } from '../../server/services.ts';
import { embeddedDirectory } from '../support/embedded-directory.ts';
import { connection, handshake } from '../support/raw-socket.ts';

test('[ROOM-75] whose sockets have come too often is answered 429, and others are let in', async () => {
	const { dir, remove } = await embeddedDirectory('migrated');
	onTestFinished(remove);
	const services = await startServices(readConfig({ DATA_DIR: dir, LOG_LEVEL: 'silent' }));
	onTestFinished(() => services.close());
	const http = createServer().listen(0, '127.0.0.1');
	acceptSockets(http, services);
	await once(http, 'listening');
	onTestFinished(() => void http.close());
	const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

	const statusOf = async (token: string): Promise<string | undefined> => {
		const socket = await connection(origin);
		onTestFinished(() => void socket.destroy());
		socket.write(handshake({ dialogue: 1, token }));
		const [data] = (await once(socket, 'data')) as [Buffer];
		return String(data).split(' ')[1];
	};
	const [ana, ben] = [
		await services.users.create({ email: 'ana@example.org', name: 'Ana' }),
		await services.users.create({ email: 'ben@example.org', name: 'Ben' }),
	];
	const token = await services.tokens.create(ana.id, 'test');
	expect(await statusOf(token)).toBe('101');
	while (services.hub.knock(ana.id));
	expect(await statusOf(token)).toBe('429');
	const other = await services.tokens.create(ben.id, 'test');
	expect(await statusOf(other)).toBe('101');

	const asked = vi.spyOn(services.entry, 'identify');
	const unknown = `dlg_${'x'.repeat(43)}`;
	const answers = await Promise.all(
		Array.from({ length: LIMITS.userKnocks.burst + 100 }, () => statusOf(unknown)),
	);
	expect(answers.filter((status) => status === '429').length).toBeGreaterThan(0);
	expect(asked.mock.calls.length).toBe(answers.filter((status) => status === '101').length);
	expect(await statusOf(other)).toBe('101');
});
