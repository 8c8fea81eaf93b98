import type { Cut } from './cut.ts';
import { joined, syncFrame } from './frames.ts';
import type { Peer } from './peer.ts';

/** What a cut has to tell the peers of its room: to each what the others did and show. */
export class News {
	/** Each with the peer that need not hear it. */
	readonly #frames: Cut['shown'];
	readonly #sources: ReadonlySet<Peer | null>;
	/** For all who did nothing: one block, whoever gets it. */
	readonly #all: readonly Buffer[];

	/** Of what somebody did who is alone here nobody need hear. */
	constructor({ runs, shown }: Cut, peers: ReadonlySet<Peer>) {
		const frames: Cut['shown'] = [];
		for (const { from, updates } of runs) {
			if (from !== null && peers.size === 1 && peers.has(from)) continue;
			for (const update of updates) frames.push({ from, frame: syncFrame('update', update) });
		}
		this.#frames = frames.concat(shown);
		this.#sources = new Set(this.#frames.map(({ from }) => from));
		this.#all = joined(this.#frames.map(({ frame }) => frame));
	}

	for(peer: Peer): Buffer[] {
		if (!this.#sources.has(peer)) return [...this.#all];
		const frames: Buffer[] = [];
		for (const { from, frame } of this.#frames) if (from !== peer) frames.push(frame);
		return frames;
	}
}

/** The users who did something in a cut, at a socket. */
export function writersOf({ runs }: Cut): Set<number> {
	return new Set(runs.filter(({ from }) => from !== null).map(({ author }) => author));
}
