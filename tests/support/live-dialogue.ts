import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { rate } from '#lib/document/ratings.ts';
import { answered, type ApiClient } from './api-client.ts';
import { socketWith } from './sockets.ts';

/** Somebody at a dialogue with a stock provider. */
export interface Live {
	doc: Y.Doc;
	provider: WebsocketProvider;
}

/** Resolves once the document is there. */
export async function live(origin: string, id: number | string, token: string): Promise<Live> {
	const doc = new Y.Doc();
	const provider = new WebsocketProvider(`${origin.replace('http', 'ws')}/sync`, String(id), doc, {
		disableBc: true,
		WebSocketPolyfill: socketWith({ authorization: `Bearer ${token}` }),
	});
	await new Promise<void>((resolve) => provider.once('sync', () => resolve()));
	return { doc, provider };
}

type Language = 'en' | 'zh';
const CRITERIA = ['helpful', 'honest', 'harmless'] as const;

/** A new dialogue of this annotator. */
export async function openedDialogue(ann: ApiClient, language: Language = 'en'): Promise<number> {
	const { items } = await ann.ok<{ items: { id: number; language: Language }[] }>('GET', '/topics');
	const topicId = items.find((topic) => topic.language === language)?.id;
	return (await ann.ok<{ id: number }>('POST', '/dialogues', { topicId })).id;
}

/** One with prompts that a bot has answered. */
export async function answeredDialogue(
	ann: ApiClient,
	prompts: readonly string[] = ['Hello'],
	language: Language = 'en',
): Promise<number> {
	const id = await openedDialogue(ann, language);
	for (const text of prompts) {
		await ann.ok('POST', `/dialogues/${id}/turns`, { text });
		await answered(ann, id);
	}
	return id;
}

/** Its annotator rates every response of a dialogue by all that the sample rubric asks. */
export async function rateAll(origin: string, ann: ApiClient, token: string, id: number): Promise<void> {
	const bots = async () => (await answered(ann, id)).turns.filter(({ role }) => role === 'bot');
	const { user } = await ann.ok<{ user: { id: number } }>('GET', '/me');
	const { doc, provider } = await live(origin, id, token);
	for (const turn of await bots())
		for (const key of CRITERIA) rate(doc, String(user.id), turn.id, key, { value: 4 });
	const stored = async () =>
		(await bots()).every(({ ratings }) => CRITERIA.every((key) => ratings[user.id]?.[key] !== undefined));
	while (!(await stored())) await new Promise((resolve) => setTimeout(resolve, 50));
	provider.destroy();
}

/** One that its annotator has also rated and submitted. */
export async function submittedDialogue(origin: string, ann: ApiClient, token: string): Promise<number> {
	const id = await answeredDialogue(ann);
	await rateAll(origin, ann, token, id);
	await ann.ok('POST', `/dialogues/${id}/submit`);
	return id;
}
