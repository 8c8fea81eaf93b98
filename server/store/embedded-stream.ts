import { Duplex } from 'node:stream';
import type { EmbeddedEngine } from './embedded-engine.ts';
import { Frames } from './embedded-frames.ts';
import type { Client, EngineThread } from './embedded-thread.ts';

/** What pg takes for a socket to a server: a connection to the embedded engine. */
export class EmbeddedStream extends Duplex implements Client {
	readonly #engine: EmbeddedEngine;
	readonly #frames = new Frames();
	#thread: EngineThread | null = null;

	constructor(engine: EmbeddedEngine) {
		super();
		this.#engine = engine;
	}

	connect(): this {
		this.#engine.running().then(
			(thread) => {
				if (this.destroyed) return;
				this.#thread = thread;
				thread.serve(this);
				this.emit('connect');
			},
			(error: Error) => this.destroy(error),
		);
		return this;
	}

	answered(bytes: Uint8Array): void {
		this.push(bytes);
	}

	lost(error: Error): void {
		this.destroy(error);
	}

	override _read(): void {}

	override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
		for (const batch of this.#frames.push(chunk)) this.#thread?.ask(this, batch);
		done();
	}

	override _final(done: () => void): void {
		this.push(null);
		done();
	}

	override _destroy(error: Error | null, done: (error: Error | null) => void): void {
		this.#thread?.leave(this);
		done(error);
	}

	// pg calls these on a socket; here they have no meaning.
	setNoDelay(): this {
		return this;
	}
	setKeepAlive(): this {
		return this;
	}
	ref(): this {
		return this;
	}
	unref(): this {
		return this;
	}
}
