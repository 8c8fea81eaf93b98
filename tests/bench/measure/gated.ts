import type { Options } from '../options.ts';
import { median, rowsOf } from '../results.ts';
import { capacity } from './capacity.ts';

const GATED = 'product';
const UNGATED = 'ungated';
/** Two figures of the search differ by chance by less. */
const NEAR = 1.04;
/** Of what the server carries without. */
const GATE_MAY_TAKE = 0.1;

/** What the gate costs a server: the capacity with it and without, in turn. */
export async function gated(options: Options): Promise<boolean> {
	const before = rowsOf('gated').length;
	const well = await capacity({ ...options, servers: [GATED, UNGATED] }, NEAR);
	const rows = rowsOf('gated').slice(before);
	// Nothing is told by a search that found the generator's end, or no end.
	if (rows.some(({ generatorBound, failed }) => generatorBound === true || failed === null)) {
		console.log('The load did not bring every server to its end: this says nothing about the gate.');
		return false;
	}
	const carries = (server: string): number =>
		median(rows.filter((row) => row.server === server).map((row) => Number(row['capacity'])));
	const [on, off] = [carries(GATED), carries(UNGATED)];
	const cost = 1 - on / off;
	console.log(
		`With the gate ${on} live dialogues, without ${off}: it costs ${(100 * cost).toFixed(1)} %; asked: at most ${100 * GATE_MAY_TAKE} %.`,
	);
	return well && cost <= GATE_MAY_TAKE;
}
