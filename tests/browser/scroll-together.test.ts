import { afterEach, expect, test } from 'vitest';
import { ScrollTogether } from '../../src/lib/text/scroll-together.ts';

afterEach(() => document.body.replaceChildren());

/** Areas of 100 px, with so much in each; and how often each has scrolled. */
function areasOf(heights: readonly number[], on = () => true) {
	const together = new ScrollTogether(on);
	return heights.map((height) => {
		const area = document.createElement('div');
		area.tabIndex = 0;
		area.style.cssText = 'height: 100px; overflow-y: auto';
		const inner = document.createElement('div');
		inner.style.height = `${height}px`;
		area.append(inner);
		document.body.append(area);
		const leave = together.add(area);
		const one = { area, inner, leave, moved: 0 };
		area.addEventListener('scroll', () => (one.moved += 1));
		return one;
	});
}
const touch = (area: HTMLElement): boolean => area.dispatchEvent(new WheelEvent('wheel', { bubbles: true }));
/** Two frames: the scroll events of what was scrolled, and of what that scrolled, are over. */
const frames = () =>
	new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))));
const tops = (areas: { area: HTMLElement }[]): number[] => areas.map(({ area }) => area.scrollTop);

test('[CAND-11] the one that is touched takes the others along, in proportion, to both ends', async () => {
	const areas = areasOf([500, 1100, 80]);
	const [first, second] = areas;
	if (!first || !second) throw new Error('no areas');
	touch(first.area);
	for (const [top, other] of [
		[100, 250],
		[400, 1000],
		[0, 0],
	] as const) {
		first.area.scrollTop = top;
		await frames();
		expect(tops(areas)).toEqual([top, other, 0]);
	}
	touch(second.area);
	second.area.scrollTop = 500;
	await frames();
	expect(tops(areas)).toEqual([200, 500, 0]);
});

test('[CAND-11] one that is a pixel away is taken along, too: at the end of one stands the end of the others', async () => {
	const areas = areasOf([500, 1100]);
	const [first, second] = areas;
	if (!first || !second) throw new Error('no areas');
	touch(first.area);
	for (const [top, near, end] of [
		[0, 1, 0],
		[400, 999, 1000],
	] as const) {
		first.area.scrollTop = 200;
		await frames();
		second.area.scrollTop = near;
		first.area.scrollTop = top;
		await frames();
		expect(tops(areas)).toEqual([top, end]);
	}
});

test('[CAND-11] what is moved moves nothing back: each scrolls once, and stands where it was put', async () => {
	const areas = areasOf([333, 1234]);
	const [first, second] = areas;
	if (!first || !second) throw new Error('no areas');
	touch(first.area);
	for (let top = 1; top <= 60; top++) {
		first.area.scrollTop = top;
		await frames();
		expect(first.area.scrollTop).toBe(top);
	}
	expect(first.moved).toBe(60);
	expect(second.moved).toBeLessThanOrEqual(60);
});

test('[CAND-11] what nobody touched moves none: a text that grows, a search', async () => {
	const areas = areasOf([500, 1100]);
	const [first, second] = areas;
	if (!first || !second) throw new Error('no areas');
	second.area.scrollTop = 300;
	await frames();
	expect(tops(areas)).toEqual([0, 300]);
	touch(first.area);
	first.inner.style.height = '900px';
	second.area.scrollTop = 400;
	await frames();
	expect(tops(areas)).toEqual([0, 400]);
});

test('[CAND-11] switched off, or gone, an area takes none along', async () => {
	let on = false;
	const areas = areasOf([500, 500, 500], () => on);
	const [first, , third] = areas;
	if (!first || !third) throw new Error('no areas');
	touch(first.area);
	first.area.scrollTop = 50;
	await frames();
	expect(tops(areas)).toEqual([50, 0, 0]);
	on = true;
	third.leave();
	first.area.scrollTop = 80;
	await frames();
	expect(tops(areas)).toEqual([80, 80, 0]);
});
