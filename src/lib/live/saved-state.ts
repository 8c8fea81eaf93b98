/**
 * What may be called saved: one reducer over what the socket tells, with no socket in it.
 *
 * Invariants:
 * 1. `durable` only grows, and never past `edits`: the first `durable` local edits are on the server's disk.
 * 2. A frame vouches for an edit only if the edit came before it, on the socket that is open now, and after
 *    that socket's sync step 2: what a server is sent before the step 2 it drops, since the step 2 repeats it.
 * 3. An edit that found no open socket is vouched for by the next socket's step 2, never by an old frame.
 */
export type SavedState = Counts &
	(
		| { kind: 'connecting'; socket: Socket | null }
		| { kind: 'live'; socket: Socket }
		| { kind: 'offline'; socket: Socket | null }
		| { kind: 'closed'; code: number; reason: string }
	);

interface Counts {
	edits: number;
	durable: number;
}

interface Socket {
	/** Frames sent on this socket. */
	frames: number;
	/** Whether this socket's sync step 2 has been sent. */
	answered: boolean;
	/** Frames that await their ack, oldest first: once `frame` frames are durable, so are `edits` edits. */
	inFlight: readonly { frame: number; edits: number }[];
}

export type SavedEvent =
	/** `edits`: how many, where it is not one. */
	| { kind: 'edited'; edits?: number }
	| { kind: 'opened' }
	| { kind: 'sent'; carries: Carried }
	| { kind: 'synced' }
	| { kind: 'durable'; frames: number }
	| { kind: 'lost' }
	| { kind: 'closed'; code: number; reason: string };

/** What a sent frame holds, as far as saving is concerned. */
export type Carried = 'step 2' | 'update' | 'nothing';

/** Before the first socket. */
export const UNCONNECTED: SavedState = { kind: 'connecting', edits: 0, durable: 0, socket: null };

export function after(state: SavedState, event: SavedEvent): SavedState {
	switch (event.kind) {
		case 'edited':
			return { ...state, edits: state.edits + (event.edits ?? 1) };
		case 'opened': {
			if (state.kind === 'closed') return state;
			const kind = state.kind === 'connecting' ? 'connecting' : 'offline'; // until it has synced
			return { ...state, kind, socket: { frames: 0, answered: false, inFlight: [] } };
		}
		case 'sent':
			return onSocket(state, (socket) => afterSending(socket, event.carries, state.edits));
		case 'synced':
			if (state.kind === 'closed' || state.socket === null) return state;
			return { ...state, kind: 'live', socket: state.socket };
		case 'durable': {
			if (state.kind === 'closed' || state.socket === null) return state;
			const { inFlight } = state.socket;
			const acked = inFlight.filter(({ frame }) => frame <= event.frames);
			const durable = Math.max(state.durable, acked.at(-1)?.edits ?? 0);
			return onSocket({ ...state, durable }, (socket) => ({
				...socket,
				inFlight: inFlight.slice(acked.length),
			}));
		}
		case 'lost':
			return state.kind === 'closed' ? state : { ...state, kind: 'offline', socket: null };
		case 'closed': {
			const { edits, durable } = state;
			return { kind: 'closed', code: event.code, reason: event.reason, edits, durable };
		}
	}
}

function onSocket(state: SavedState, change: (socket: Socket) => Socket): SavedState {
	if (state.kind === 'closed' || state.socket === null) return state;
	return { ...state, socket: change(state.socket) };
}

function afterSending(socket: Socket, carries: Carried, edits: number): Socket {
	const frames = socket.frames + 1;
	const answered = socket.answered || carries === 'step 2';
	if (carries === 'nothing' || !answered) return { ...socket, frames, answered };
	return { frames, answered, inFlight: [...socket.inFlight, { frame: frames, edits }] };
}

/** Local edits that are not known to be on the server's disk. */
export function unsent({ edits, durable }: SavedState): number {
	return edits - durable;
}

/** `closed` means that the server refused, for the reason that the close code names, and nothing will retry. */
export type Status =
	| { kind: 'connecting' }
	| { kind: 'live' }
	| { kind: 'offline'; unsent: number }
	| { kind: 'closed'; code: number; reason: string };

export function statusOf(state: SavedState): Status {
	switch (state.kind) {
		case 'connecting':
		case 'live':
			return { kind: state.kind };
		case 'offline':
			return { kind: 'offline', unsent: unsent(state) };
		case 'closed':
			return { kind: 'closed', code: state.code, reason: state.reason };
	}
}

/** Of several documents at once: the least that is true of all of them. */
export function statusOfAll(all: readonly Status[]): Status {
	const closed = all.find(({ kind }) => kind === 'closed');
	if (closed) return closed;
	const offline = all.filter((status) => status.kind === 'offline');
	if (offline.length > 0)
		return { kind: 'offline', unsent: offline.reduce((sum, one) => sum + one.unsent, 0) };
	return { kind: all.some(({ kind }) => kind === 'connecting') ? 'connecting' : 'live' };
}

export function savedOfAll(all: readonly Saved[]): Saved {
	return WORST_FIRST.find((saved) => all.includes(saved)) ?? 'saved';
}

const WORST_FIRST: readonly Saved[] = ['failed', 'offline', 'saving', 'reading'];

/** `reading`: nothing that this page counts is unsaved, but it has not read yet what an earlier one left on the device. */
export type Saved = 'saved' | 'reading' | 'saving' | 'offline' | 'failed';

/** `failed`: something typed here can no longer be saved by this page. */
export function savedOf(state: SavedState): Exclude<Saved, 'reading'> {
	switch (state.kind) {
		case 'connecting':
		case 'live':
			return unsent(state) === 0 ? 'saved' : 'saving';
		case 'offline':
			return 'offline';
		case 'closed':
			return unsent(state) === 0 ? 'saved' : 'failed';
	}
}
