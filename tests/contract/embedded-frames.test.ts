import { describe, expect, test } from 'vitest';
import { type Batch, Frames, withoutStrayReady } from '../../server/store/embedded-frames.ts';

const message = (type: string, body = '') => {
	const head = Buffer.alloc(5);
	head.write(type);
	head.writeInt32BE(body.length + 4, 1);
	return Buffer.concat([head, Buffer.from(body)]);
};
const startup = message('?', 'user\0postgres\0\0').subarray(1); // the first message has no type
const all = (frames: Frames, ...chunks: Buffer[]) => chunks.flatMap((chunk) => frames.push(chunk));
const shown = (batches: Batch[]) => batches.map((batch) => Buffer.from(batch.bytes).toString('latin1'));

describe('what a client writes to the engine', () => {
	test('[EMB-10] is held until it asks for an answer', () => {
		const frames = new Frames();
		expect(shown(all(frames, startup))).toEqual([startup.toString('latin1')]);
		const [parse, bind, sync] = [message('P', 'select 1'), message('B', 'values'), message('S')];
		expect(all(frames, parse, bind)).toEqual([]);
		expect(shown(all(frames, sync))).toEqual([Buffer.concat([parse, bind, sync]).toString('latin1')]);
	});

	test('[EMB-10] makes the same batches however it is cut into chunks', () => {
		const wire = Buffer.concat([
			startup,
			message('Q', 'one'),
			message('P', 'two'),
			message('H'),
			message('S'),
		]);
		const whole = shown(all(new Frames(), wire));
		expect(whole).toHaveLength(4);
		for (let size = 1; size < wire.length; size++) {
			const chunks: Buffer[] = [];
			for (let at = 0; at < wire.length; at += size) chunks.push(wire.subarray(at, at + size));
			expect(shown(all(new Frames(), ...chunks))).toEqual(whole);
		}
	});

	test('[EMB-10] never ends the engine', () => {
		const frames = new Frames();
		all(frames, startup);
		expect(shown(all(frames, message('X')))).toEqual([]);
		expect(shown(all(frames, Buffer.concat([message('Q', 'last'), message('X')])))).toEqual([
			message('Q', 'last').toString('latin1'),
		]);
	});

	test('[EMB-11] gets a ReadyForQuery only where it asked for one', () => {
		const answer = Buffer.concat([message('1'), message('Z', 'I')]);
		expect(withoutStrayReady(answer, { endsReady: true })).toEqual(answer);
		expect(withoutStrayReady(answer, { endsReady: false })).toEqual(message('1'));
		expect(withoutStrayReady(message('1'), { endsReady: false })).toEqual(message('1'));
		const [flushed] = new Frames().push(Buffer.concat([startup, message('H')])).slice(1);
		expect(flushed?.endsReady).toBe(false);
	});
});
