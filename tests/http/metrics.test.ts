import { afterAll, beforeAll, expect, test } from 'vitest';
import { answeredDialogue, live } from '../support/live-dialogue.ts';
import { ApiClient } from '../support/api-client.ts';
import { RunningServer } from '../support/running-server.ts';

let server: RunningServer;
let lead: { token: string };
beforeAll(async () => {
	server = await RunningServer.start();
	lead = await server.person('lea@example.org', 'lead');
});
afterAll(() => server.stop());

const metrics = (headers: Record<string, string> = {}) => fetch(`${server.origin}/metrics`, { headers });

test('[METRICS-1] the figures tell who is here, how long edits take, and what is stored', async () => {
	const { token } = await server.person('ann@example.org', 'annotator');
	const id = await answeredDialogue(new ApiClient(server.origin, token));
	const { provider } = await live(server.origin, id, token);
	const answer = await metrics();
	expect(answer.headers.get('content-type')).toContain('text/plain');
	const text = await answer.text();
	provider.destroy();
	const value = (line: string): number =>
		Number(new RegExp(`^${line.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1]);
	expect(value('duologue_peers')).toBe(1);
	expect(value('duologue_rooms_awake') + value('duologue_rooms_asleep')).toBe(1);
	for (const name of ['commit_seconds', 'flush_rows', 'edit_to_durable_seconds', 'edit_to_peer_seconds'])
		expect(value(`duologue_${name}_count`)).toBeGreaterThan(0);
	expect(value('duologue_stored{what="logBytes"}')).toBeGreaterThan(0);
	expect(value('duologue_flush_failures_total')).toBe(0);
	for (const name of ['waiting_bytes', 'unsent_bytes']) expect(value(`duologue_${name}`)).toBe(0);
	expect(text).toContain('nodejs_eventloop_lag_seconds');
	expect(text).not.toMatch(/ann@|lea@/);
});

test('[METRICS-2] from elsewhere, or through a proxy, the figures are for an owner’s token', async () => {
	const through = { 'x-forwarded-for': '203.0.113.9' };
	expect((await metrics(through)).status).toBe(401);
	expect((await metrics({ ...through, authorization: `Bearer ${lead.token}` })).status).toBe(403);
	const owner = ['user', 'add', '--email', 'own@example.org', '--name', 'Own', '--role', 'lead', '--owner'];
	await server.admin([...owner, '--password-stdin'], 'correct horse battery');
	const out = await server.admin(['token', 'create', '--email', 'own@example.org', '--name', 'prometheus']);
	const token = out.trim().split('\n').at(-1) ?? '';
	expect((await metrics({ ...through, authorization: `Bearer ${token}` })).status).toBe(200);
});
