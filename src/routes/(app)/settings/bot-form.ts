import { z } from 'zod';
import type { BotSettings, NewBot } from '#server/store/bots.ts';

const BOT = z
	.object({
		kind: z.enum(['practice', 'openai']),
		name: z.string().trim().min(1).max(80),
		baseUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)]),
		model: z.string().trim().max(200),
		key: z.string().trim().max(500),
		systemPrompt: z.string().trim().max(20_000),
		temperature: z.union([z.literal(''), z.coerce.number().min(0).max(2)]),
		timeoutSeconds: z.coerce.number().int().min(1).max(3600),
	})
	.superRefine(({ kind, baseUrl, model }, faults) => {
		if (kind === 'practice') return;
		if (baseUrl === '') faults.addIssue({ code: 'custom', path: ['baseUrl'] });
		if (model === '') faults.addIssue({ code: 'custom', path: ['model'] });
	});

export type BotField = Exclude<keyof z.infer<typeof BOT>, 'kind'>;
export type BotFaults = Partial<Record<BotField, BotField | 'keyAgain'>>;
export type ReadBot = { ok: true; bot: NewBot } | { ok: false; faults: BotFaults };

/**
 * A bot as the form tells it. An empty key leaves the stored one, but never at another address: whoever may change
 * the address could otherwise have the key sent to their own.
 */
export function readBot(form: FormData, stored: BotSettings | null): ReadBot {
	const kind = stored?.kind ?? form.get('kind');
	const read = BOT.safeParse({ baseUrl: '', model: '', key: '', ...Object.fromEntries(form), kind });
	if (!read.success) {
		const fields = read.error.issues.map(({ path }) => path[0] as BotField);
		return { ok: false, faults: Object.fromEntries(fields.map((field) => [field, field])) };
	}
	const { key, temperature, ...rest } = read.data;
	if (stored?.hasKey && key === '' && !sameOrigin(stored.baseUrl, rest.baseUrl))
		return { ok: false, faults: { key: 'keyAgain' } };
	return {
		ok: true,
		bot: { ...rest, temperature: temperature === '' ? null : temperature, ...(key !== '' && { key }) },
	};
}

function sameOrigin(a: string, b: string): boolean {
	return URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin;
}
