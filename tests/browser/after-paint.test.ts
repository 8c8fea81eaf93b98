import { expect, test, vi } from 'vitest';
import { AfterPaint } from '../../src/lib/text/after-paint.ts';

test('[READ-9] all that waits for one picture runs in one task, with what it asks for meanwhile', async () => {
	const ran: string[] = [];
	const told = new AfterPaint(() => ran.push('told'));
	const publishing = new AfterPaint(() => {
		ran.push('published');
		told.ask();
	});
	const reading = new AfterPaint(() => {
		ran.push('read');
		setTimeout(() => ran.push('a later task'));
	});
	for (const one of [publishing, reading, publishing]) one.ask();
	await vi.waitFor(() => expect(ran).toContain('a later task'));
	expect(ran).toEqual(['published', 'read', 'told', 'a later task']);
});

test('[READ-9] what throws, or is not asked for any more, holds nothing else up', async () => {
	const ran: string[] = [];
	const errors: unknown[] = [];
	const broken = new AfterPaint(() => {
		throw new Error('broken');
	});
	vi.stubGlobal('reportError', (error: unknown) => errors.push(error));
	const [forgotten, reading] = ['forgotten', 'read'].map((name) => new AfterPaint(() => ran.push(name)));
	for (const one of [broken, forgotten, reading]) one?.ask();
	forgotten?.forget();
	await vi.waitFor(() => expect(ran).toEqual(['read']));
	expect(errors).toEqual([new Error('broken')]);
	vi.unstubAllGlobals();
	reading?.ask();
	await vi.waitFor(() => expect(ran).toEqual(['read', 'read']));
});

test('[READ-9] what another one ends meanwhile does not run', async () => {
	const ran: string[] = [];
	const ended = new AfterPaint(() => ran.push('ended'));
	const ending = new AfterPaint(() => {
		ran.push('ending');
		ended.forget();
		setTimeout(() => ran.push('a later task'));
	});
	ending.ask();
	ended.ask();
	await vi.waitFor(() => expect(ran).toContain('a later task'));
	expect(ran).toEqual(['ending', 'a later task']);
});

test('[READ-9] what asks for itself again waits for the next picture', async () => {
	let runs = 0;
	const again = new AfterPaint(() => {
		runs++;
		if (runs < 5) again.ask();
	});
	again.ask();
	expect(runs).toBe(0);
	await vi.waitFor(() => expect(runs).toBe(5));
});
