import { parseArgs } from 'node:util';
import { COMPARED_NAMES, SERVERS } from './servers/all.ts';

const NUMBERS = {
	runs: 'how often each server is visited; the report takes medians',
	dialogues: 'how many, where the measurement does not look for that itself',
	seconds: 'how long a window lasts',
	budget: 'seconds that one search for the capacity may take',
	start: 'where that search begins',
	max: 'and the most that it tries',
	rounds: 'kills, or cold openings, a run',
	quiet: 'seconds to wait, before each visit, until the machine does nothing else',
	wait: 'seconds until a dialogue counts as idle',
	minutes: 'how long two people type while the page’s memory is watched',
} as const;

export type NumberName = keyof typeof NUMBERS;

export interface Options {
	what: string;
	servers: string[];
	verbose: boolean;
	number: (name: NumberName, otherwise: number) => number;
}

/** Throws with a sentence when they are not understood. */
export function readOptions(args: readonly string[]): Options {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: {
			servers: { type: 'string', default: COMPARED_NAMES.join(',') },
			verbose: { type: 'boolean', default: false },
			...(Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, { type: 'string' }])) as Record<
				NumberName,
				{ type: 'string' }
			>),
		},
	});
	const servers = values.servers.split(',');
	const unknown = servers.filter((name) => !SERVERS.has(name));
	if (unknown.length > 0)
		throw new Error(`No such server: ${unknown.join(', ')}. There are ${[...SERVERS.keys()].join(', ')}.`);
	return {
		what: positionals[0] ?? '',
		servers,
		verbose: values.verbose,
		number: (name, otherwise) => {
			const text = values[name];
			if (text === undefined) return otherwise;
			if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`--${name} is a number, not ${text}.`);
			return Number(text);
		},
	};
}

export const optionsHelp = (): string =>
	[
		`--servers    ${[...SERVERS.keys()].join(',')}`,
		...Object.entries(NUMBERS).map(([name, help]) => `--${name.padEnd(10)} ${help}`),
		'--verbose    says what a search tries',
	].join('\n');
