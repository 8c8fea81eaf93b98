import { STEP_2, SYNC, UPDATE } from '../wire/message-kinds.ts';
import type { Carried } from './saved-state.ts';

export interface SocketWatch {
	/** A new socket: its frames count from zero. */
	opened(): void;
	/** A frame was handed to the newest socket. */
	sent(carries: Carried): void;
}

/** A WebSocket class that tells what it sends, for the provider to make its sockets with. */
export function countingSocket(watch: SocketWatch): typeof WebSocket {
	let newest = 0;
	return class extends WebSocket {
		readonly #number = (newest += 1);

		constructor(url: string | URL, protocols?: string | string[]) {
			super(url, protocols);
			watch.opened();
		}

		override send(data: string | Blob | BufferSource): void {
			super.send(data);
			if (this.#number === newest) watch.sent(carriedBy(data));
		}
	};
}

function carriedBy(data: unknown): Carried {
	if (!(data instanceof Uint8Array) || data[0] !== SYNC) return 'nothing';
	return data[1] === STEP_2 ? 'step 2' : data[1] === UPDATE ? 'update' : 'nothing';
}
