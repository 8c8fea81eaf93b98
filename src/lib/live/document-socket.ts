import { toBase64UrlEncoded } from 'lib0/buffer';
import { readVarUint } from 'lib0/decoding';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { DURABLE } from '../wire/message-kinds.ts';
import { countingSocket } from './counting-socket.ts';
import type { SavedEvent } from './saved-state.ts';

/** The document that a page shows, and whose page it is. */
interface Shown {
	room: string;
	user: string;
	doc: Y.Doc;
}

export interface SocketWatch {
	/** What the socket does, as far as saving is concerned; not `synced` and `closed`. */
	on(event: SavedEvent): void;
	synced(): void;
	/** For now: it comes back by itself. */
	lost(): void;
	/** For good. */
	closed(code: number, reason: string): void;
}

/** Longer ones wait for step 1: addresses are bounded. */
const LONGEST = 2000;

function vectorOf(doc: Y.Doc): string {
	const text = toBase64UrlEncoded(Y.encodeStateVector(doc));
	return text.length > LONGEST ? '' : text;
}

/** The provider between a document and its room. It has to be told to connect. */
export function documentSocket(
	url: string,
	{ room, user, doc }: Shown,
	watch: SocketWatch,
): WebsocketProvider {
	const provider = new WebsocketProvider(url, room, doc, {
		connect: false,
		disableBc: true, // it would bypass the gate
		params: {
			as: user,
			client: String(doc.clientID),
			durable: '1',
			// Asked for anew with every socket: the server answers it as it lets the page in, one way there and back sooner.
			get has() {
				return vectorOf(doc);
			},
		},
		WebSocketPolyfill: countingSocket({
			opened: () => watch.on({ kind: 'opened' }),
			sent: (carries) => watch.on({ kind: 'sent', carries }),
		}),
	});
	provider.messageHandlers[DURABLE] = (_encoder, decoder) =>
		watch.on({ kind: 'durable', frames: readVarUint(decoder) });
	provider.on('sync', (synced) => {
		if (synced) watch.synced();
	});
	provider.on('connection-close', () => watch.lost());
	provider.on('closed', ({ code, reason }) => watch.closed(code, reason));
	return provider;
}
