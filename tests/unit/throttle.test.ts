import { expect, test } from 'vitest';
import { networkOf } from '../../server/gate/network-of.ts';
import { Throttle } from '../../server/gate/throttle.ts';

function throttleAt(capacity?: number) {
	const clock = { now: 1_000_000 };
	const throttle = new Throttle({ now: () => clock.now, ...(capacity !== undefined && { capacity }) });
	const fail = (key: string, times: number) => {
		for (let i = 0; i < times; i++) throttle.failed([key]);
	};
	return { clock, throttle, fail };
}

test('[THROTTLE-1] four failures cost nothing, the fifth 2 s, each further one twice as much, at most 5 min', () => {
	const { throttle, fail } = throttleAt();
	fail('ana', 4);
	expect(throttle.wait(['ana'])).toBe(0);
	const waits = Array.from({ length: 10 }, () => {
		fail('ana', 1);
		return throttle.wait(['ana']);
	});
	expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
});

test('[THROTTLE-1] a wait passes with time, and says how much of it is left', () => {
	const { clock, throttle, fail } = throttleAt();
	fail('ana', 6);
	clock.now += 1_500;
	expect(throttle.wait(['ana'])).toBe(3);
	clock.now += 2_499;
	expect(throttle.wait(['ana'])).toBe(1);
	clock.now += 1;
	expect(throttle.wait(['ana'])).toBe(0);
	fail('ana', 1);
	expect(throttle.wait(['ana'])).toBe(8);
});

test('[THROTTLE-2] of several keys the longest wait counts, and keys do not mix', () => {
	const { throttle, fail } = throttleAt();
	fail('ana', 5);
	fail('office', 7);
	expect(throttle.wait(['ana', 'office'])).toBe(8);
	expect(throttle.wait(['bo'])).toBe(0);
	throttle.forget('office');
	expect(throttle.wait(['ana', 'office'])).toBe(2);
});

test('[THROTTLE-3] failures of half an hour ago are forgotten', () => {
	const { clock, throttle, fail } = throttleAt();
	fail('ana', 20);
	clock.now += 30 * 60_000;
	fail('ana', 1);
	expect(throttle.wait(['ana'])).toBe(0);
});

test('[THROTTLE-4] a flood of made-up keys pushes out the oldest failures only, and memory stays bounded', () => {
	const { throttle, fail } = throttleAt(100);
	fail('old', 9);
	fail('busy', 9);
	for (let i = 0; i < 99; i++) {
		fail(`made up ${i}`, 1);
		fail('busy', 1);
	}
	expect(throttle.wait(['old'])).toBe(0);
	expect(throttle.wait(['busy'])).toBe(300);
});

test.each([
	['203.0.113.7', '203.0.113.7'],
	['::ffff:203.0.113.7', '203.0.113.7'],
	['::1', '0:0:0:0::/64'],
	['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
	['2001:DB8:1:0002::9', '2001:db8:1:2::/64'],
	['2001:db8::9', '2001:db8:0:0::/64'],
	['2001:db8:1:2::', '2001:db8:1:2::/64'],
	['fe80::1%eth0', 'fe80:0:0:0::/64'],
	['::1:2:3:4:5:6.7.8.9', '0:1:2:3::/64'],
	['not an address', 'not an address'],
])('[THROTTLE-5] tries from %s count for %s', (address, network) => {
	expect(networkOf(address)).toBe(network);
});
