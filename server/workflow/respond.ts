import { randomInt } from 'node:crypto';
import type * as Y from 'yjs';
import { readDialogue } from '#lib/document/read-dialogue.ts';
import { beginCandidates } from '#lib/document/write-candidates.ts';
import { beginResponse } from '#lib/document/write-dialogue.ts';
import type { DialogueView, TurnView } from '#lib/document/dialogue-view.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { Bot } from '../bots/bot.ts';
import { openaiBot } from '../bots/openai-bot.ts';
import { practiceBot } from '../bots/practice-bot.ts';
import type { BotSettings } from '../store/bots.ts';
import type { Queries } from '../store/database.ts';
import type { DialogueRow } from '../store/dialogues.ts';
import type { Context } from './context.ts';
import { newId } from './new-id.ts';

/** A bot that is about to write one candidate. */
interface Writer {
	candidateId: string;
	settings: BotSettings;
	bot: Bot;
}

/** An answer that is to be given: its turn, and who writes, in the order of the slots. */
export interface Answering {
	turnId: string;
	writers: [Writer, ...Writer[]];
}

/** As many writers as the project wants responses; where it is more than one, nothing tells from a slot who has it. */
export async function prepareAnswer(ctx: Context, dialogue: DialogueRow): Promise<Answering> {
	const [first, ...others] = shuffled(await botsOf(ctx, dialogue));
	if (!first)
		throw new Refused('bot-missing', 'No bot is set up for this project: a lead adds one under Settings');
	const writer = async (settings: BotSettings): Promise<Writer> => ({
		candidateId: newId(),
		settings,
		bot: await makeBot(settings, () => ctx.bots.keyOf(settings.id)),
	});
	return { turnId: newId(), writers: [await writer(first), ...(await Promise.all(others.map(writer)))] };
}

/**
 * Who answers: the dialogue's own bot, or where that is off the project's first; then the others that are on, in
 * order, and from the beginning again where they are fewer than the responses. A practice bot's text carries its
 * mark, so it never stands beside a model's: the mark would tell.
 */
async function botsOf(ctx: Context, { bot, project: id }: DialogueRow): Promise<BotSettings[]> {
	const [project, enabled] = await Promise.all([ctx.projects.get(id), ctx.bots.enabledIn(id)]);
	const own = enabled.find((one) => one.id === bot) ?? enabled[0];
	if (!own) return [];
	const alike = enabled.filter(({ kind }) => kind === own.kind);
	const at = alike.indexOf(own);
	const inTurn = [...alike.slice(at), ...alike.slice(0, at)];
	return Array.from({ length: project?.responses ?? 1 }, (_, nth) => inTurn[nth % inTurn.length] ?? own);
}

function shuffled<T>(things: readonly T[]): T[] {
	const left = [...things];
	return things.flatMap(() => left.splice(randomInt(left.length), 1));
}

export async function makeBot(
	settings: Pick<BotSettings, 'kind' | 'baseUrl' | 'model' | 'temperature' | 'timeoutSeconds'>,
	key: () => Promise<string | null>,
): Promise<Bot> {
	switch (settings.kind) {
		case 'practice':
			return practiceBot();
		case 'openai':
			return openaiBot({ ...settings, key: (await key()) ?? '' });
	}
}

const isPractice = ({ settings }: Writer): boolean => settings.kind === 'practice';

/** Within a write: adds the empty response, or the several, that will stream. @returns what their bots are told. */
export function beginAnswer(
	doc: Y.Doc,
	{ turnId, writers }: Answering,
	place: { parent: string; replaces?: string },
): DialogueView {
	const [one, ...others] = writers;
	if (others.length === 0) {
		const { id, name } = one.settings;
		const bot = { id, name, practice: isPractice(one) };
		beginResponse(doc, { turnId, candidateId: one.candidateId, ...place, bot });
	} else {
		const candidates = writers.map((writer) => ({ id: writer.candidateId, practice: isPractice(writer) }));
		beginCandidates(doc, { turnId, ...place }, candidates);
	}
	return readDialogue(doc);
}

/** In the transaction of that write: keeps what the document does not tell yet. */
export async function keepBots(
	{ candidateBots }: Context,
	tx: Queries,
	dialogue: number,
	{ writers }: Answering,
): Promise<void> {
	if (writers.length === 1) return;
	const bots = writers.map(({ candidateId, settings: { id, name } }) => ({
		candidate: candidateId,
		id,
		name,
	}));
	await candidateBots.keep(tx, dialogue, bots);
}

/** After the write is on disk: lets the bots answer. The history is always the final text of earlier turns. */
export function letAnswer(
	ctx: Context,
	dialogue: DialogueRow,
	{ turnId, writers }: Answering,
	view: DialogueView,
): void {
	const at = view.turns.findIndex((turn) => turn.id === turnId);
	const history = view.turns
		.slice(0, at)
		.filter((turn) => turn.text !== '')
		.map((turn) => ({
			role: turn.role === 'bot' ? ('assistant' as const) : ('user' as const),
			content: turn.text,
		}));
	const before = answersBefore(view.turns[at]?.earlier ?? []);
	for (const [nth, { candidateId, settings, bot }] of writers.entries())
		ctx.generations.start({ dialogue: dialogue.id, turnId, candidateId, botId: settings.id }, bot, {
			system: settings.systemPrompt,
			topic: dialogue.topic,
			history,
			attempt: before + nth,
		});
}

/** How often the prompt was answered before: turns that share their candidates count these once. */
function answersBefore(earlier: readonly TurnView[]): number {
	const counts = new Map(earlier.map(({ id, choice }) => [choice?.id ?? id, choice?.candidates.length ?? 1]));
	return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
