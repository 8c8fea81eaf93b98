import { WebSocket } from 'ws';

/** Hears what goes over a client's sockets, one socket after the other. */
export interface Listener {
	opening(): void;
	/** As the client sends it, whether or not it gets through. */
	sending(bytes: Uint8Array): void;
	/** Before the client hears it. */
	hearing(bytes: Uint8Array): void;
	/** What still comes on a socket that was left for another: its acks are not the other's. */
	hearingLate?(bytes: Uint8Array): void;
}

/** The network between one client and the server, in the test's hands. */
export class Wire {
	/** A WebSocket class: what a stock provider takes as its polyfill. */
	readonly polyfill: typeof globalThis.WebSocket;
	/** How often `cutAt` has cut. */
	cuts = 0;
	#socket: WebSocket | null = null;
	#passed = { sent: 0, heard: 0 };
	#cutAt: { side: 'sent' | 'heard'; nth: number } | null = null;
	/** What waits while nothing gets through. */
	#held: (() => void)[] | null = null;

	constructor(listener: Listener, headers: Record<string, string> = {}) {
		const open = (socket: WebSocket): void => {
			this.#socket = socket;
			this.#passed = { sent: 0, heard: 0 };
			if (this.#held) this.#held = [];
			listener.opening();
			socket.on('open', () => this.#held && socket.pause());
			socket.on('message', (data) => {
				const bytes = new Uint8Array(data as unknown as ArrayBuffer);
				if (socket !== this.#socket) return listener.hearingLate?.(bytes);
				listener.hearing(bytes);
				this.#passes('heard');
			});
		};
		const send = (bytes: Uint8Array, go: () => void): void => {
			listener.sending(bytes);
			if (this.#passes('sent')) return;
			if (this.#held) this.#held.push(go);
			else go();
		};
		class Steered extends WebSocket {
			constructor(url: string | URL, protocols?: string | string[]) {
				super(url, protocols, { headers });
				open(this);
			}
			override send(bytes: Uint8Array): void {
				send(bytes, () => super.send(bytes));
			}
		}
		this.polyfill = Steered as unknown as typeof globalThis.WebSocket;
	}

	/** True when the connection is cut here. */
	#passes(side: 'sent' | 'heard'): boolean {
		const nth = ++this.#passed[side];
		if (this.#cutAt?.side !== side || this.#cutAt.nth !== nth) return false;
		this.#cutAt = null;
		this.cuts++;
		this.cut();
		return true;
	}

	/** Once, of this socket or a later one: instead of its nth message sent, or after its nth heard. */
	cutAt(side: 'sent' | 'heard', nth: number): void {
		this.#cutAt = { side, nth };
	}

	/** The connection breaks; a stock provider comes again by itself. */
	cut(): void {
		this.#socket?.terminate();
	}

	/** Nothing gets through, in either direction, until `flow`. */
	stall(): void {
		this.#held ??= [];
		if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.pause();
	}
	flow(): void {
		const held = this.#held ?? [];
		this.#held = null;
		if (this.#socket?.readyState !== WebSocket.OPEN) return;
		for (const go of held) go();
		this.#socket.resume();
	}
}
