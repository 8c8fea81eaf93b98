import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { onAllCores } from '../machine/cores.ts';
import type { Options } from '../options.ts';
import { heapMB, slopeOf, type HeapSample } from '../page/heap.ts';
import { traceKeystrokes } from '../page/keystrokes.ts';
import { beginTyping, pressFor } from '../page/typing.ts';
import { Partner } from '../page/partner.ts';
import { openBrowser, Visitor } from '../page/visitor.ts';
import { scriptsOf, vitalsOf } from '../page/vitals.ts';
import { record } from '../results.ts';
import type { Contender } from '../servers/contender.ts';
import { huge } from './documents.ts';
import { visitAll } from './visit.ts';

/** What a page does late (what moves, what grows) is done by then. */
const SETTLED_AFTER = 1500;
/** In the middle of the dialogue: half of it above, half below. */
const TURN = 50;
const HEAP_EVERY_S = 15;
/** Editors, undo and presence have taken what they take once. */
const WARM_AFTER_S = 30;

const tenth = (value: number): number => Math.round(value * 10) / 10;

/** Somebody's first look at a page, with nothing cached. */
async function look(browser: Browser, contender: Contender, path: string) {
	const visitor = await Visitor.enter(browser, contender, 'annotator');
	const id = contender.door.nameOf(0);
	await (path === '' ? visitor.openDialogue(id) : visitor.page.goto(path));
	await pause(SETTLED_AFTER);
	const { usable, lcp, cls } = await vitalsOf(visitor.page);
	const scripts = await scriptsOf(visitor.page);
	await visitor.leave();
	return {
		usableMs: usable === null ? null : tenth(usable),
		lcpMs: tenth(lcp),
		cls: Math.round(cls * 1e4) / 1e4,
		scriptsKB: tenth(scripts.reduce((sum, { kb }) => sum + kb, 0)),
		scripts: scripts.slice(0, 10),
	};
}

/** What the browser takes from a key to its picture where nothing of ours is on the page. */
async function bare(browser: Browser, contender: Contender, seconds: number) {
	const visitor = await Visitor.enter(browser, contender, 'annotator');
	const { page, cdp } = visitor;
	await page.setContent('<!doctype html><title>Bare</title><textarea rows="20" cols="80"></textarea>');
	await page.locator('textarea').click();
	const key = await traceKeystrokes(page, cdp, () => typeFor(page, seconds));
	await visitor.leave();
	return key;
}

const typeFor = (page: Page, seconds: number): Promise<number> =>
	pressFor(seconds, 1, (key) => page.keyboard.press(key));

/** One person types into a response, then two; what that costs the page of the first. */
async function work(browser: Browser, contender: Contender, options: Options) {
	const id = contender.door.nameOf(0);
	const ann = await Visitor.enter(browser, contender, 'annotator');
	await ann.openDialogue(id);
	await beginTyping(ann.page, TURN);
	const seconds = options.number('seconds', 30);
	await typeFor(ann.page, SETTLED_AFTER / 1000);
	const alone = await traceKeystrokes(ann.page, ann.cdp, () => typeFor(ann.page, seconds));
	const rev = await Partner.enter(contender, TURN);
	const together = async (seconds: number): Promise<void> => {
		await Promise.all([typeFor(ann.page, seconds), pressFor(seconds, 2, (key) => rev.press(key))]);
	};
	const two = await traceKeystrokes(ann.page, ann.cdp, () => together(seconds));

	const minutes = options.number('minutes', 2);
	const samples: HeapSample[] = [];
	await together(WARM_AFTER_S);
	const began = performance.now();
	for (let minute = 0; ; minute = (performance.now() - began) / 60_000) {
		samples.push({ minute: Math.round(minute * 100) / 100, mb: await heapMB(ann.cdp) });
		if (minute >= minutes) break;
		await together(HEAP_EVERY_S);
	}
	rev.leave();
	await ann.leave();
	return {
		alone,
		two,
		bare: await bare(browser, contender, seconds),
		heap: {
			minutes,
			firstMB: samples[0]?.mb,
			lastMB: samples.at(-1)?.mb,
			slopeKB: slopeOf(samples),
			samples,
		},
	};
}

/** What a very long dialogue is like in the installed browser, by the browser's own figures. */
export function page(options: Options): Promise<boolean> {
	const { state, turns, characters } = huge();
	return visitAll({ ...options, servers: ['product'] }, 1, async (contender, run) => {
		await contender.start({ dialogues: 1, document: state });
		const browser = await onAllCores(openBrowser);
		try {
			const workspace = await look(browser, contender, '');
			const queue = await look(browser, contender, '/queue');
			const typing = await work(browser, contender, options);
			record('page', { server: contender.name, run, turns, characters, workspace, queue, ...typing });
		} finally {
			await browser.close();
		}
	});
}
