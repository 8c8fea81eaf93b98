import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

interface Look {
	locale: 'en' | 'zh';
	theme: 'light' | 'dark';
	width: number;
}

/** Each two of a language, a theme and a width meet in one of these. */
export const LOOKS: readonly Look[] = [
	{ locale: 'en', theme: 'light', width: 1280 },
	{ locale: 'en', theme: 'dark', width: 360 },
	{ locale: 'zh', theme: 'light', width: 360 },
	{ locale: 'zh', theme: 'dark', width: 1280 },
];

/** Named in the environment: a folder for pictures of all that axe looks at, for people to look at. */
const FOLDER = process.env['LOOKS_IN'];
let taken = 0;

/** What is opened on this page next looks so. */
export async function wear(page: Page, origin: string, { locale, theme, width }: Look): Promise<void> {
	const cookies = Object.entries({ locale, theme }).map(([name, value]) => ({ name, value, url: origin }));
	await page.context().addCookies(cookies);
	await page.setViewportSize({ width, height: 800 });
}

/** axe finds nothing, and the page does not scroll sideways. */
export async function expectSound(page: Page, where: string): Promise<void> {
	if (FOLDER !== undefined) {
		const [file = '', title = ''] = test.info().titlePath;
		const name = `${file} ${title.slice(-40)} ${where} ${++taken}`;
		await page.screenshot({ path: join(FOLDER, `${name.replaceAll(/[^\p{L}\d]+/gu, '-')}.png`) });
	}
	// Our pages have no frames. Otherwise axe opens a page of its own each time to bring those of a page together.
	const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
	expect(violations.map(({ id, nodes }) => `${where} ${id}: ${nodes[0]?.html}`)).toEqual([]);
	const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
	expect(wide, `${where} scrolls sideways`).toBe(false);
}

export const nameOf = ({ locale, theme, width }: Look): string => `${locale} ${theme} ${width}`;
