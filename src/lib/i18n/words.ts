import { getContext, setContext } from 'svelte';
import { en, type Words } from './en.ts';
import { zh } from './zh.ts';

export const LOCALES = ['en', 'zh'] as const;
export type Locale = (typeof LOCALES)[number];

const WORDS: Record<Locale, Words> = { en, zh };
const KEY = Symbol('locale');

/** The language tag of a page in `locale`. */
export const TAGS: Record<Locale, string> = { en: 'en', zh: 'zh-CN' };

/** Called once by the root layout. */
export function provideWords(locale: () => Locale): void {
	setContext(KEY, locale);
}

/** The page's locale, to be called while a component is made and read where it is shown. */
export function locale(): () => Locale {
	return getContext<() => Locale>(KEY);
}

/** The page's words: `const t = words()`, then `t().queue.next`. */
export function words(): () => Words {
	const current = locale();
	return () => WORDS[current()];
}

export function isLocale(value: unknown): value is Locale {
	return LOCALES.some((known) => known === value);
}

/** The first language of an Accept-Language header that we speak; English otherwise. */
export function preferredLocale(header: string | null): Locale {
	for (const wish of (header ?? '').split(',')) {
		const tag = wish.split(';')[0]?.trim().toLowerCase().split('-')[0];
		if (isLocale(tag)) return tag;
	}
	return 'en';
}
