/** How many bytes a number takes, written as Reader.uint reads it. */
export function uintLength(value: number): number {
	let length = 1;
	for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) length++;
	return length;
}

/** Writes the number at `at`; answers where it ends. */
export function putUint(into: Uint8Array, at: number, value: number): number {
	let rest = value;
	for (; rest > 127; rest = Math.floor(rest / 128)) into[at++] = 128 | (rest % 128);
	into[at++] = rest;
	return at;
}
