import { WebSocket } from 'ws';

/** A WebSocket class whose handshake carries these headers: what a stock provider takes as its polyfill. */
export function socketWith(headers: Record<string, string>) {
	return class extends WebSocket {
		constructor(url: string | URL, protocols?: string | string[]) {
			super(url, protocols, { headers });
		}
	} as typeof WebSocket & typeof globalThis.WebSocket;
}
