/** What V8 writes, as far as it is read here. */
export interface Profile {
	/** Microseconds of the machine's monotonic clock, which process.hrtime reads too. */
	startTime: number;
	nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
	samples: number[];
	/** Microseconds before each sample. */
	timeDeltas: number[];
}

type Shares = Record<string, number>;

export interface ProfileSummary {
	/** Percent of the whole time. */
	busy: number;
	/** Percent of the busy time, by self time. */
	modules: Shares;
	functions: Shares;
}

/** The package, Node's own module, or the file of the product. */
function moduleOf(url: string): string {
	const inPackage = [...url.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].at(-1)?.[1];
	if (inPackage !== undefined) return inPackage;
	if (url === '') return 'engine';
	if (url.startsWith('node:')) return url;
	return /(?:server|src|tests)\/.*$/.exec(url)?.[0] ?? url;
}

function shares(times: ReadonlyMap<string, number>, total: number, most: number): Shares {
	const sorted = [...times].sort(([, a], [, b]) => b - a).slice(0, most);
	return Object.fromEntries(sorted.map(([name, time]) => [name, Math.round((time / total) * 1000) / 10]));
}

/** One clock with the profile's. */
export const microseconds = (): number => Number(process.hrtime.bigint() / 1000n);

/** Of the samples between two times. The engine's own entries are called (garbage collector) and (program): the latter is native code, mostly system calls. */
export function summarize(
	{ startTime, nodes, samples, timeDeltas }: Profile,
	[from, to]: readonly [from: number, to: number],
): ProfileSummary {
	const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
	const functions = new Map<string, number>();
	const modules = new Map<string, number>();
	const add = (times: Map<string, number>, name: string, time: number): void => {
		times.set(name, (times.get(name) ?? 0) + time);
	};
	let [at, total, busy] = [startTime, 0, 0];
	samples.forEach((id, nth) => {
		const frame = frames.get(id);
		const time = timeDeltas[nth] ?? 0;
		at += time;
		if (at < from || at > to) return;
		total += time;
		if (!frame || frame.functionName === '(idle)') return;
		busy += time;
		const name = frame.functionName || 'anonymous';
		const own = moduleOf(frame.url);
		add(modules, own === 'engine' ? name : own, time);
		add(functions, own === 'engine' ? name : `${name} ${own}:${frame.lineNumber + 1}`, time);
	});
	return {
		busy: Math.round((busy / total) * 1000) / 10,
		modules: shares(modules, busy, 15),
		functions: shares(functions, busy, 30),
	};
}

export function profileText({ busy, modules, functions }: ProfileSummary): string {
	const lines = (of: Shares): string =>
		Object.entries(of)
			.map(([name, percent]) => `${percent.toFixed(1).padStart(6)} %  ${name}`)
			.join('\n');
	return `busy ${busy} %

by module, of the busy time
${lines(modules)}

by function
${lines(functions)}`;
}
