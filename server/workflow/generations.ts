import type { Logger } from 'pino';
import { finishResponse, streamUpTo } from '#lib/document/write-dialogue.ts';
import type { BotFault, TurnState } from '#lib/document/dialogue-view.ts';
import { BotFailure, type Bot, type Prompting } from '../bots/bot.ts';
import type { Hub } from '../rooms/hub.ts';

/** One response to write, perhaps beside others of the same turn. */
export interface Response {
	dialogue: number;
	/** The turn that it comes with. */
	turnId: string;
	candidateId: string;
	botId: number;
}

type Ending = { state: Exclude<TurnState, 'generating'>; fault?: BotFault };

const RETRY_MS = [200, 1000, 3000, 10_000];

/**
 * The responses being written on this node. What a bot says is written to its room as fast as the room commits:
 * one write is under way at a time and carries all that came meanwhile.
 */
export class Generations {
	readonly #hub: Hub;
	readonly #logger: Logger;
	/** By candidate. */
	readonly #running = new Map<string, { turnId: string; abort: AbortController; done: Promise<void> }>();
	#closing = false;

	constructor(hub: Hub, logger: Logger) {
		this.#hub = hub;
		this.#logger = logger;
	}

	has(candidateId: string): boolean {
		return this.#running.has(candidateId);
	}

	start(response: Response, bot: Bot, prompting: Prompting): void {
		const { turnId, candidateId } = response;
		const abort = new AbortController();
		const done = this.#write(response, bot.answer(prompting, abort.signal), abort.signal).finally(() =>
			this.#running.delete(candidateId),
		);
		this.#running.set(candidateId, { turnId, abort, done });
	}

	/**
	 * Stops what is written for a turn, or one candidate of it. Resolves when what had come is kept and the document
	 * says so; false when nothing of it is being written here.
	 */
	async stop(turnId: string, candidateId?: string): Promise<boolean> {
		const found = this.#of(turnId, candidateId);
		for (const { abort } of found) abort.abort('stopped');
		await Promise.all(found.map(({ done }) => done));
		return found.length > 0;
	}

	/** Resolves when the turn is written, or at once when it is not being written here. */
	async finished(turnId: string): Promise<void> {
		await Promise.all(this.#of(turnId).map(({ done }) => done));
	}

	#of(turnId: string, candidateId?: string): { abort: AbortController; done: Promise<void> }[] {
		const all = [...this.#running].filter(([, running]) => running.turnId === turnId);
		return all
			.filter(([id]) => candidateId === undefined || id === candidateId)
			.map(([, running]) => running);
	}

	/** Ends all of them, keeping what has come. */
	async close(): Promise<void> {
		this.#closing = true;
		for (const { abort } of this.#running.values()) abort.abort('interrupted');
		await Promise.all([...this.#running.values()].map(({ done }) => done));
	}

	async #write(response: Response, answer: AsyncIterable<string>, asked: AbortSignal): Promise<void> {
		const { turnId, candidateId } = response;
		let said = '';
		const pen = { busy: false, done: Promise.resolve() };
		const write = async (): Promise<void> => {
			for (let written = -1; written < said.length && !asked.aborted;) {
				const upTo = said.length;
				// The text is brought up to what was said, so a repeated write never doubles a token.
				await this.#persist(response, (doc) => streamUpTo(doc, candidateId, said.slice(0, upTo)));
				written = upTo;
			}
			pen.busy = false;
		};
		const ending = await this.#listen(response, answer, asked, (chunk) => {
			said += chunk;
			if (pen.busy) return;
			pen.busy = true;
			pen.done = write();
		});
		await pen.done;
		await this.#persist(response, (doc) => {
			streamUpTo(doc, candidateId, said);
			finishResponse(doc, { turnId, candidateId, ...ending });
		});
	}

	async #listen(
		{ dialogue, botId: bot }: Response,
		answer: AsyncIterable<string>,
		asked: AbortSignal,
		heard: (chunk: string) => void,
	): Promise<Ending> {
		try {
			for await (const chunk of answer) {
				if (asked.aborted) break;
				heard(chunk);
			}
		} catch (error) {
			const fault = error instanceof BotFailure ? error.fault : 'cut';
			// Not in its own words: they may repeat what people wrote.
			if (!(error instanceof BotFailure)) this.#logger.error({ err: error }, 'bot failed unexpectedly');
			else if (!asked.aborted) this.#logger.warn({ dialogue, bot, fault }, 'a bot gave no whole answer');
			if (!asked.aborted) return { state: 'failed', fault };
		}
		if (!asked.aborted) return { state: 'ready' };
		return this.#closing ? { state: 'failed', fault: 'interrupted' } : { state: 'stopped' };
	}

	/** A room can be dropped under a write (a failed commit): it is read again and the write repeated, a few times. */
	async #persist({ dialogue, botId }: Response, change: Parameters<Hub['write']>[2]): Promise<void> {
		for (const wait of RETRY_MS) {
			try {
				await this.#hub.write(dialogue, -botId, change);
				return;
			} catch (error) {
				this.#logger.warn({ err: error, dialogue }, 'a response could not be stored yet');
				if (this.#closing) break;
				await new Promise((resolve) => setTimeout(resolve, wait).unref());
			}
		}
		this.#logger.error({ dialogue }, 'a response could not be stored; it will show as interrupted');
	}
}
