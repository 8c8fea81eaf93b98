import * as Y from 'yjs';
import { keepingDeletedText } from '#lib/document/deleted-text.ts';
import { standingOf, turnText } from '#lib/document/read-dialogue.ts';
import { helpfulHonestHarmless } from '#lib/document/presets/helpful-honest-harmless.ts';
import { policiesFor } from '#lib/document/schema.ts';
import { ClientOwners } from '../../../server/gate/client-owners.ts';
import type { Sender } from '../../../server/gate/authority.ts';
import type { Carrier } from '../../../server/gate/limits.ts';
import { UpdateGate } from '../../../server/gate/update-gate.ts';
import { updateOf } from '../../support/gate-world.ts';
import { withPeople } from '../load/document.ts';
import type { Options } from '../options.ts';
import { median, record } from '../results.ts';
import { ordinary } from './documents.ts';

const ANNOTATOR = 1;
const REVIEWER = 2;
const PAGE = 2_000_000_011;
/** Of what applying a keystroke takes. */
const KEYSTROKE_MAY_TAKE = 0.5;
const policy = policiesFor(helpfulHonestHarmless).whole;
const KEYSTROKE = 'keystroke';

/** The server's copy with the gate before it, another that has none, and the page that writes. */
interface Ground {
	gated: Y.Doc;
	gate: UpdateGate;
	plain: Y.Doc;
	page: Y.Doc;
	sender: Sender;
}

function copyOf(state: Uint8Array): Y.Doc {
	const doc = new Y.Doc({ gcFilter: keepingDeletedText() });
	for (const [name, { kind }] of policy.fields) {
		if (kind === 'text') doc.getText(name);
		else doc.getMap(name);
	}
	Y.applyUpdate(doc, state);
	return doc;
}

/** `clients`: those under which the page writes. */
function groundOn(document: Uint8Array, clients: Iterable<number>): Ground {
	const state = withPeople(document, ANNOTATOR, REVIEWER);
	const gated = copyOf(state);
	const page = copyOf(state);
	page.clientID = PAGE;
	const userId = String(ANNOTATOR);
	const owners = new ClientOwners([PAGE, ...clients].map((client) => [client, userId] as const));
	return {
		gated,
		gate: new UpdateGate(gated, policy, owners),
		plain: copyOf(state),
		page,
		sender: { userId, part: 'annotator', ...standingOf(gated) },
	};
}

function textAt({ page }: Ground, turn: number): Y.Text {
	const text = turnText(page, `turn-${turn}`);
	if (text === undefined) throw new Error(`no turn ${turn}`);
	return text;
}

const took = (work: () => void): number => {
	const from = performance.now();
	work();
	return performance.now() - from;
};

/** Microseconds, of one change after the other. */
class Times {
	readonly inspect: number[] = [];
	readonly apply: number[] = [];

	/** Both do the same update; who is first alternates. */
	take({ gate, plain, sender }: Ground, update: Uint8Array, carrier: Carrier): void {
		const inspect = (): unknown =>
			this.inspect.push(1000 * took(() => void gate.inspect(update, sender, carrier)));
		const apply = (): unknown => this.apply.push(1000 * took(() => Y.applyUpdate(plain, update)));
		const order = this.apply.length % 2 === 0 ? [inspect, apply] : [apply, inspect];
		for (const one of order) one();
	}
}

/** What one page sends, one change after the other, on one ground. */
interface Case {
	change: string;
	carrier: Carrier;
	/** Of one run, the first third to warm up. */
	times: number;
	open(): Ground;
	next(ground: Ground, nth: number): Uint8Array;
	/** Each time from the beginning. */
	once?: true;
}

const typing = (change: string, times: number, type: (ground: Ground, nth: number) => void): Case => ({
	change,
	carrier: 'update',
	times,
	open: () => groundOn(ordinary.state, []),
	next: (ground, nth) => updateOf(ground.page, () => type(ground, nth)),
});

const CASES: readonly Case[] = [
	typing(KEYSTROKE, 6000, (ground, nth) => textAt(ground, 1).insert(60 + nth, 'x')),
	typing('keystroke somewhere', 6000, (ground, nth) => {
		const text = textAt(ground, nth % 20);
		text.insert((nth * 7919) % text.length, 'x');
	}),
	// As a bot's would be: what the server itself writes passes no gate.
	typing('token of 4 characters', 6000, (ground) => {
		const text = textAt(ground, 19);
		text.insert(text.length, 'abc ');
	}),
	typing('paste of 1 KB', 600, (ground, nth) => textAt(ground, nth % 20).insert(30, 'pasted '.repeat(146))),
	{
		change: 'step 2 of all that was typed',
		carrier: 'step 2',
		times: 60,
		once: true,
		open: () => groundOn(ordinary.empty, ordinary.typed.keys()),
		next: ({ gated }) => {
			const whole = copyOf(ordinary.state);
			return Y.encodeStateAsUpdate(whole, Y.encodeStateVector(gated));
		},
	},
	{
		// A room where nothing is under way sees this at a glance, without its gate.
		change: 'step 2 with nothing new',
		carrier: 'step 2',
		times: 600,
		open: () => groundOn(ordinary.state, []),
		next: ({ gated, page }) => Y.encodeStateAsUpdate(page, Y.encodeStateVector(gated)),
	},
];

function run(one: Case): Times {
	const { carrier, times } = one;
	const warm = new Times();
	const taken = new Times();
	let ground = one.open();
	for (let nth = 0; nth < times; nth++) {
		if (one.once) ground = one.open();
		const update = one.next(ground, nth);
		(nth < times / 3 ? warm : taken).take(ground, update, carrier);
		ground.gate.receive(update, ground.sender, carrier, null);
	}
	return taken;
}

/** What judging a change costs against applying it, in one process, turn by turn. */
export function gate(options: Options): Promise<boolean> {
	for (const one of CASES) run(one); // compiled by now
	const keystrokes: number[] = [];
	for (let nth = 0; nth < options.number('runs', 3); nth++) {
		for (const one of CASES) {
			const { inspect, apply } = run(one);
			const [inspectUs, applyUs] = [median(inspect), median(apply)];
			const ratio = inspectUs / applyUs;
			if (one.change === KEYSTROKE) keystrokes.push(ratio);
			record('gate', {
				server: 'product',
				run: nth,
				change: one.change,
				inspectUs: short(inspectUs),
				applyUs: short(applyUs),
				ratio: short(ratio),
			});
		}
	}
	const ratio = median(keystrokes);
	console.log(
		`A keystroke is judged in ${short(ratio)} of its applying; asked: below ${KEYSTROKE_MAY_TAKE}.`,
	);
	return Promise.resolve(ratio < KEYSTROKE_MAY_TAKE);
}

const short = (value: number): number => Number(value.toPrecision(3));
