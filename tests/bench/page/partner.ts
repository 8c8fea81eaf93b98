import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { turnText, visibleTurnIds } from '#lib/document/read-dialogue.ts';
import { socketWith } from '../../support/sockets.ts';
import type { Contender } from '../servers/contender.ts';

/** The other person, at a machine of their own: the one that is measured does not draw their page as well. */
export class Partner {
	readonly #provider: WebsocketProvider;
	readonly #text: Y.Text;
	#at: Y.RelativePosition;
	#edits = 0;

	private constructor(provider: WebsocketProvider, turn: string) {
		this.#provider = provider;
		const text = turnText(provider.doc, turn);
		if (!text) throw new Error('there is no such response');
		this.#text = text;
		this.#at = this.#position(Math.floor(text.length / 2));
		provider.awareness.setLocalStateField('focus', { turn });
	}

	/** @param nth the response they type into, from 1. */
	static async enter({ port, door }: Contender, nth: number): Promise<Partner> {
		const doc = new Y.Doc();
		const provider = new WebsocketProvider(`ws://127.0.0.1:${port}/sync`, door.nameOf(0), doc, {
			disableBc: true,
			WebSocketPolyfill: socketWith(door.headers(0, 'reviewer')),
		});
		await new Promise<void>((done) => provider.once('sync', () => done()));
		return new Partner(provider, visibleTurnIds(doc)[2 * nth - 1] ?? '');
	}

	leave(): void {
		this.#provider.destroy();
	}

	/** In the middle of the text, behind what they typed before; everybody sees the caret. */
	press(key: string): void {
		const { doc, awareness } = this.#provider;
		const index = Y.createAbsolutePositionFromRelativePosition(this.#at, doc)?.index ?? 0;
		if (key === 'Backspace') this.#text.delete(index - 1, 1);
		else this.#text.insert(index, key === 'Space' ? ' ' : key);
		this.#at = this.#position(index + (key === 'Backspace' ? -1 : 1));
		awareness.setLocalStateField('caret', { anchor: this.#at, head: this.#at, edits: ++this.#edits });
	}

	#position(index: number): Y.RelativePosition {
		return Y.createRelativePositionFromTypeIndex(this.#text, index, -1);
	}
}
