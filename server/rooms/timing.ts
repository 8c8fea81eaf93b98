/** Spans in milliseconds. */
export interface Timing {
	/** A flush that has failed for so long gives up: its rooms are read anew from the log. */
	flushWithin: number;
	retryEvery: number;
	/** How long a room sits out that has more than one beat takes, while others write. */
	restFor: number;
	/** How long a room stays after its last peer and its last write. */
	unloadAfter: number;
	/** How long after its last write a room keeps its document awake. */
	sleepAfter: number;
	/** And how long while the documents take more than they may: where somebody types it would wake at once. */
	sleepSoonerAfter: number;
	/** How often peers and rooms are looked after. */
	tendEvery: number;
	pingEvery: number;
	/** A peer that was not heard for so long is gone; found within `tendEvery` after that. */
	deadAfter: number;
	/** A stock y-websocket client leaves after 30 s of silence; pings do not count. */
	sayEvery: number;
	/** How long a peer may take to read what it was sent. */
	behindFor: number;
	closeWithin: number;
	/** How long closing waits for the other sides' answers. */
	byeWithin: number;
}

export const TIMING: Timing = {
	flushWithin: 15_000,
	retryEvery: 200,
	restFor: 40,
	unloadAfter: 10_000,
	sleepAfter: 30_000,
	sleepSoonerAfter: 3_000,
	tendEvery: 2_000,
	pingEvery: 20_000,
	deadAfter: 40_000,
	sayEvery: 20_000,
	behindFor: 30_000,
	closeWithin: 10_000,
	byeWithin: 1_000,
};
