import { BotFailure, type Prompting } from '../bots/bot.ts';
import type { BotFault } from '#lib/document/dialogue-view.ts';
import type { BotSettings } from '../store/bots.ts';
import { makeBot } from './respond.ts';

/** How a bot did on one short question. */
export type BotTrial =
	| { ok: true; firstWordMs: number; totalMs: number; text: string }
	| { ok: false; fault: BotFault; detail: string };

const ENOUGH = 280;

/** Asks a bot one short question, and listens no longer than it takes to see that it streams. */
export async function testBot(
	settings: Pick<
		BotSettings,
		'kind' | 'baseUrl' | 'model' | 'temperature' | 'timeoutSeconds' | 'systemPrompt'
	>,
	key: string,
	language: 'en' | 'zh',
): Promise<BotTrial> {
	const bot = await makeBot(settings, () => Promise.resolve(key));
	const abort = new AbortController();
	const prompting: Prompting = {
		system: settings.systemPrompt,
		topic: { title: language === 'zh' ? '自我介绍' : 'Introduce yourself', brief: '', language },
		history: [
			{
				role: 'user',
				content: language === 'zh' ? '用两句话介绍你自己。' : 'Introduce yourself in two sentences.',
			},
		],
		attempt: 0,
	};
	const from = performance.now();
	let firstWordMs = 0;
	let text = '';
	try {
		for await (const chunk of bot.answer(prompting, abort.signal)) {
			firstWordMs ||= performance.now() - from;
			text += chunk;
			if (text.length > ENOUGH) break;
		}
		return {
			ok: true,
			firstWordMs: Math.round(firstWordMs),
			totalMs: Math.round(performance.now() - from),
			text,
		};
	} catch (error) {
		if (!(error instanceof BotFailure)) throw error;
		return { ok: false, fault: error.fault, detail: error.detail };
	} finally {
		abort.abort();
	}
}
