/** The room was left before this was done, and nothing of it was: ask again. */
export class RoomGone extends Error {
	constructor() {
		super('the room was closed');
	}
}
