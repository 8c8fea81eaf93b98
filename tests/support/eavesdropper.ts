import { WebSocket } from 'ws';
import { writeSync } from './write-messages.ts';

/** All that the server sends one person, to be searched: every frame of their sockets and every body of their requests. */
export class Eavesdropper {
	readonly #origin: string;
	readonly #headers: Record<string, string>;
	#heard: Buffer[] = [];

	constructor(origin: string, headers: Record<string, string>) {
		this.#origin = origin;
		this.#headers = headers;
	}

	note(bytes: Uint8Array): void {
		this.#heard.push(Buffer.from(bytes));
	}

	/** How often it was said, in any frame or body so far. */
	times(said: string): number {
		const all = Buffer.concat(this.#heard);
		let found = 0;
		for (let at = all.indexOf(said); at >= 0; at = all.indexOf(said, at + 1)) found++;
		return found;
	}

	forget(): void {
		this.#heard = [];
	}

	/** The body of a page or of an answer of the API, whatever it is. */
	async get(path: string, method = 'GET', body?: unknown): Promise<{ status: number; text: string }> {
		const response = await fetch(`${this.#origin}${path}`, {
			method,
			headers: { ...this.#headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const bytes = new Uint8Array(await response.arrayBuffer());
		this.note(bytes);
		return { status: response.status, text: Buffer.from(bytes).toString() };
	}

	/** A bare socket that asks for everything and brings nothing. */
	socket(document: string | number): Overheard {
		return new Overheard(`${this.#origin.replace('http', 'ws')}/sync/${document}`, this.#headers, (bytes) =>
			this.note(bytes),
		);
	}
}

/** One socket of theirs. */
export class Overheard {
	frames = 0;
	closed: { code: number; reason: string } | null = null;
	readonly #ws: WebSocket;

	constructor(url: string, headers: Record<string, string>, note: (bytes: Uint8Array) => void) {
		this.#ws = new WebSocket(url, { headers });
		this.#ws.on('open', () => {
			this.#ws.send(writeSync('step 1', Uint8Array.of(0)));
			this.#ws.send(writeSync('step 2', Uint8Array.of(0, 0)));
		});
		this.#ws.on('message', (bytes: Buffer) => {
			this.frames++;
			note(bytes);
		});
		this.#ws.on('close', (code, reason) => {
			note(reason);
			this.closed = { code, reason: reason.toString() };
		});
		this.#ws.on('error', () => undefined);
	}

	leave(): void {
		this.#ws.terminate();
	}
}
