import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { rate } from '#lib/document/ratings.ts';
import { turnText } from '#lib/document/read-dialogue.ts';
import { answered, projectOf, type ApiDialogue, type ApiTurn } from '../support/api-client.ts';
import { overheardPerson, type OverheardPerson } from '../support/api-person.ts';
import { live, openedDialogue } from '../support/live-dialogue.ts';
import { startStandIn, type StandIn, type StandInOptions } from '../support/openai-stand-in.ts';
import { until } from '../support/rooms.ts';
import { RunningServer } from '../support/running-server.ts';

const NAMES = ['qwen-of-the-east', 'llama-of-the-west'] as const;
const SAYS = ['The east says: boil it in the morning.', 'The west says: steam it at night.'] as const;
const CRITERIA = ['helpful', 'honest', 'harmless'] as const;

const pace: StandInOptions[] = SAYS.map((said) => ({ answers: () => said, chunk: 4, delayMs: 0 }));
let standIns: StandIn[] = [];
let server: RunningServer;
let ann: OverheardPerson;
let rev: OverheardPerson;
let lead: OverheardPerson;
let project: number;

const post = (who: OverheardPerson, action: string, fields: Record<string, string>): Promise<Response> =>
	fetch(`${server.origin}/settings?/${action}`, {
		method: 'POST',
		headers: { cookie: who.cookie, origin: server.origin },
		body: new URLSearchParams(fields),
		redirect: 'manual',
	});
const responses = (n: number): Promise<unknown> =>
	lead.api.ok('PATCH', `/projects/${project}`, { responses: n });

beforeAll(async () => {
	standIns = await Promise.all(pace.map((options) => startStandIn(options)));
	server = await RunningServer.start({ env: { BOT_BASE_URL: standIns[0]?.url ?? '', BOT_MODEL: NAMES[0] } });
	ann = await overheardPerson(server, 'ann', 'annotator');
	rev = await overheardPerson(server, 'rev', 'reviewer');
	lead = await overheardPerson(server, 'lea', 'lead');
	project = await projectOf(lead.api);
	const added = await post(lead, 'save', {
		kind: 'openai',
		name: NAMES[1],
		baseUrl: standIns[1]?.url ?? '',
		model: NAMES[1],
		key: '',
		systemPrompt: '',
		temperature: '',
		timeoutSeconds: '60',
	});
	expect(await added.json()).toMatchObject({ type: 'redirect' });
});
afterAll(async () => {
	await server.stop();
	await Promise.all(standIns.map((standIn) => standIn.close()));
});
beforeEach(async () => {
	for (const standIn of standIns) standIn.setMode('ok');
	for (const options of pace) options.delayMs = 0;
	await responses(2);
});

const view = (id: number, who = ann): Promise<ApiDialogue> => who.api.ok('GET', `/dialogues/${id}`);
async function response(
	id: number,
	who = ann,
): Promise<ApiTurn & { choice: NonNullable<ApiTurn['choice']> }> {
	const turn = (await view(id, who)).turns.findLast(({ role }) => role === 'bot');
	if (!turn?.choice) throw new Error('there is nothing to choose');
	return { ...turn, choice: turn.choice };
}
async function asked(text = 'How?'): Promise<number> {
	const id = await openedDialogue(ann.api);
	await ann.api.ok('POST', `/dialogues/${id}/turns`, { text });
	return id;
}
async function answeredAsk(text?: string): Promise<number> {
	const id = await asked(text);
	await answered(ann.api, id);
	return id;
}
const choose = (
	who: OverheardPerson,
	id: number,
	turn: string,
	best: string,
	degree?: number,
): Promise<unknown> =>
	who.api.ok('POST', `/dialogues/${id}/turns/${turn}/choose`, { best, ...(degree && { degree }) });

/** Rates a turn whole; resolves when the server has it. */
async function rateAll(
	who: OverheardPerson,
	document: string | number,
	id: number,
	turn: string,
): Promise<void> {
	const { doc, provider } = await live(server.origin, document, who.token);
	for (const key of CRITERIA) rate(doc, who.id, turn, key, { value: 4 });
	await until(async () => {
		const found = (await view(id, who)).turns.find((one) => one.id === turn);
		return Object.keys(found?.ratings[who.id] ?? {}).length === CRITERIA.length;
	});
	provider.destroy();
}

test('[CAND-1] a lead sets how many responses a prompt gets, by the settings or the API; nobody else does, nor another number', async () => {
	const id = await answeredAsk();
	expect((await response(id)).choice.candidates).toHaveLength(2);
	expect((await post(lead, 'responses', { responses: '4' })).status).toBe(200);
	expect((await response(await answeredAsk())).choice.candidates).toHaveLength(4);
	for (const wrong of [0, 5, 1.5, 'two'])
		expect(await lead.api.refused('PATCH', `/projects/${project}`, { responses: wrong })).toBe(
			'400 bad-input',
		);
	expect(await (await post(lead, 'responses', { responses: '9' })).json()).toMatchObject({ type: 'error' });
	expect(await ann.api.refused('PATCH', `/projects/${project}`, { responses: 1 })).toBe('403 forbidden');
	expect(await lead.api.refused('PATCH', '/projects/999', { responses: 1 })).toBe('404 not-found');
	expect((await response(await answeredAsk())).choice.candidates).toHaveLength(4);
	await responses(1);
	const { turns } = await view(await answeredAsk());
	expect(turns[1]).not.toHaveProperty('choice');
	expect(turns[1]).toMatchObject({ text: SAYS[0], bot: { name: NAMES[0] } });
});

test('[CAND-2] the bots that are on answer at the same time, and in slots that tell nothing', async () => {
	// Each says half of it, and then neither more nor that it has ended.
	for (const standIn of standIns) standIn.setMode('stall');
	const id = await asked();
	await until(async () => (await response(id)).choice.candidates.every(({ text }) => text !== ''));
	expect((await response(id)).choice.candidates.map(({ state }) => state)).toEqual([
		'generating',
		'generating',
	]);
	expect(standIns.map((standIn) => standIn.open())).toEqual([1, 1]);
	await ann.api.ok('POST', `/dialogues/${id}/turns/${(await response(id)).id}/stop`);
	for (const standIn of standIns) standIn.setMode('ok');
	const first = new Set<string>();
	// By chance alone they would all be alike once in a million times.
	for (let n = 0; n < 20; n++) {
		const { candidates } = (await response(await answeredAsk())).choice;
		expect(candidates.map(({ text }) => text).sort()).toEqual([...SAYS].sort());
		first.add(candidates[0]?.text ?? '');
	}
	expect(first.size).toBe(2);
});

test('[CAND-2] where more responses are wanted than bots are on, they take turns; each is told the same', async () => {
	await responses(3);
	const before = standIns.map(({ requests }) => requests.length);
	const id = await answeredAsk('Thrice?');
	const counts = standIns.map(({ requests }, n) => requests.length - (before[n] ?? 0));
	expect(counts).toEqual([2, 1]);
	const told = standIns.flatMap(({ requests }, n) =>
		requests.slice(before[n]).map(({ messages }) => messages),
	);
	expect(new Set(told.map((messages) => JSON.stringify(messages))).size).toBe(1);
	expect((await response(id)).choice.candidates).toHaveLength(3);
});

test('[CAND-3] before the annotator has chosen nothing that is sent to anybody names a bot; then all are named', async () => {
	const people = [ann, rev];
	for (const options of pace) options.delayMs = 5;
	const id = await asked();
	const sockets = people.map(({ ear }) => ear.socket(id));
	await answered(ann.api, id);
	const askAll = async ({ ear }: OverheardPerson): Promise<void> => {
		for (const path of [
			`/d/${id}`,
			`/d/${id}/__data.json`,
			`/api/v1/dialogues/${id}`,
			`/api/v1/dialogues/${id}/authors`,
		])
			await ear.get(path);
	};
	// A socket that comes later is sent the whole document as it is then.
	sockets.push(...people.map(({ ear }) => ear.socket(id)));
	for (const who of people) await askAll(who);
	await until(() => sockets.every(({ frames }) => frames >= 2));
	const counted = (who: OverheardPerson): number[] => NAMES.map((name) => who.ear.times(name));
	for (const who of people) {
		expect(counted(who)).toEqual([0, 0]);
		expect(who.ear.times('The east says'), 'what is searched holds the candidates').toBeGreaterThan(1);
	}
	const { choice } = await response(id);
	expect(choice.candidates.map(({ bot }) => bot.name)).toEqual(['', '']);

	await choose(ann, id, choice.id, choice.candidates[0]?.id ?? '');
	const named = await response(id);
	expect(named.choice.candidates.map(({ bot }) => bot.name).sort()).toEqual([...NAMES].sort());
	for (const { text, bot } of named.choice.candidates)
		expect(bot.name).toBe(NAMES[SAYS.indexOf(text as never)]);
	expect(named.bot?.name).toBe(named.choice.candidates[0]?.bot.name);
	for (const who of people) await askAll(who);
	await until(() => people.every((who) => counted(who).every((times) => times > 0)));
	for (const socket of sockets) socket.leave();
});

test('[CAND-4] one candidate is stopped alone, and keeps what had come; then all that is left at once', async () => {
	for (const standIn of standIns) standIn.setMode('stall');
	const id = await asked();
	await until(async () => (await response(id)).choice.candidates.every(({ text }) => text !== ''));
	const { choice, id: turn } = await response(id);
	const stop = `/dialogues/${id}/turns/${turn}/stop`;
	await ann.api.ok('POST', stop, { candidateId: choice.candidates[1]?.id });
	const stopped = await response(id);
	expect(stopped).toMatchObject({ state: 'generating' });
	expect(stopped.choice.candidates).toMatchObject([{ state: 'generating' }, { state: 'stopped' }]);
	expect(stopped.choice.candidates[1]?.text).not.toBe('');
	expect(await ann.api.refused('POST', stop, { candidateId: choice.candidates[1]?.id })).toBe('409 conflict');
	expect(await ann.api.refused('POST', `/dialogues/${id}/turns`, { text: 'again' })).toBe('409 generating');
	await ann.api.ok('POST', stop);
	expect(await response(id)).toMatchObject({
		state: 'ready',
		choice: { candidates: [{ state: 'stopped' }, { state: 'stopped' }] },
	});
});

test('[CAND-4] a bot that fails says so in its slot; the others are chosen from', async () => {
	standIns[0]?.setMode('500');
	const id = await answeredAsk();
	const { choice } = await response(id);
	const failed = choice.candidates.find(({ state }) => state === 'failed');
	expect(failed).toMatchObject({ fault: 'refused', text: '' });
	expect(
		await ann.api.refused('POST', `/dialogues/${id}/turns/${choice.id}/choose`, { best: failed?.id }),
	).toBe('409 empty');
	await choose(ann, id, choice.id, 'tie');
	expect(await response(id)).toMatchObject({ state: 'ready', text: SAYS[1] });
});

test('[CAND-4] after kill -9 those that were being written say that they were interrupted; the others stand', async () => {
	standIns[0]?.setMode('stall');
	const id = await asked();
	await until(async () => {
		const { candidates } = (await response(id)).choice;
		return candidates.some(({ text }) => text === SAYS[1]) && candidates.every(({ text }) => text !== '');
	});
	await until(async () => (await response(id)).choice.candidates.some(({ state }) => state === 'ready'));
	await server.kill();
	await server.run();
	await answered(ann.api, id);
	const { state, choice } = await response(id);
	expect(state).toBe('ready');
	expect(choice.candidates.map((one) => one.fault ?? one.state).sort()).toEqual(['interrupted', 'ready']);
	const whole = choice.candidates.find((one) => one.state === 'ready');
	await choose(ann, id, choice.id, whole?.id ?? '');
	// what the server knew of the names outlives it too
	expect((await response(id)).bot?.name).toBe(NAMES[1]);
});

test('[CAND-5] a choice is the chooser’s own, with its degree; what is none is refused', async () => {
	const id = await answeredAsk();
	const { choice } = await response(id);
	const path = `/dialogues/${id}/turns/${choice.id}/choose`;
	for (const body of [
		{},
		{ best: 7 },
		{ best: choice.candidates[0]?.id, degree: 4 },
		{ best: 'tie', degree: 0 },
	])
		expect(await ann.api.refused('POST', path, body)).toBe('400 bad-input');
	expect(await ann.api.refused('POST', path, { best: 'none-of-them' })).toBe('400 bad-input');
	expect(await ann.api.refused('POST', `/dialogues/${id}/turns/none/choose`, { best: 'tie' })).toBe(
		'404 not-found',
	);
	const other = await overheardPerson(server, 'ann2', 'annotator');
	expect(await other.api.refused('POST', path, { best: 'tie' })).toBe('404 not-found');
	expect(await lead.api.refused('POST', path, { best: 'tie' })).toBe('403 forbidden');
	expect((await response(id)).choice.given).toEqual({});
	const best = choice.candidates[1]?.id ?? '';
	await choose(ann, id, choice.id, best);
	expect((await response(id)).choice.given).toEqual({ [ann.id]: { best, degree: 2 } });
	await choose(ann, id, choice.id, best, 3);
	expect((await response(id)).choice.given).toEqual({ [ann.id]: { best, degree: 3 } });
	expect((await response(id)).id).toBe(choice.id);
});

test('[CAND-6] one chooses while the bots write: Final is what comes of the chosen one', async () => {
	for (const standIn of standIns) standIn.setMode('stall');
	const id = await asked();
	await until(async () => (await response(id)).choice.candidates.every(({ text }) => text !== ''));
	const { choice } = await response(id);
	const best = choice.candidates[0]?.id ?? '';
	await choose(ann, id, choice.id, best);
	const chosen = await response(id);
	expect(chosen).toMatchObject({ state: 'generating', choice: { from: best } });
	expect(chosen).not.toHaveProperty('original');
	await ann.api.ok('POST', `/dialogues/${id}/turns/${choice.id}/stop`);
	const done = await response(id);
	expect(done).toMatchObject({ state: 'stopped', choice: { from: best } });
	expect(done.text).toBe(done.choice.candidates[0]?.text);
	expect(done.text).not.toBe('');
	expect(done.original).toBe(done.text);
});

test('[CAND-7] another choice keeps what was edited, by who had written it, and the first one brings it back', async () => {
	const id = await answeredAsk();
	const { choice } = await response(id);
	const [a, b] = choice.candidates.map((candidate) => candidate.id);
	if (!a || !b) throw new Error('two candidates');
	await choose(ann, id, choice.id, a);
	const { doc, provider } = await live(server.origin, id, ann.token);
	turnText(doc, choice.id)?.insert(0, '【改】');
	await until(async () => (await response(id)).text.startsWith('【改】'));
	await choose(ann, id, choice.id, b);
	const other = await response(id);
	expect(other.text).toBe(other.choice.candidates[1]?.text);
	expect(other.earlier).toMatchObject([{ id: choice.id, text: `【改】${other.choice.candidates[0]?.text}` }]);
	expect(await ann.api.refused('POST', `/dialogues/${id}/turns/${choice.id}/bring-back`)).toBe(
		'409 conflict',
	);
	// typed into the one that was left, by a page that did not know yet
	turnText(doc, choice.id)?.insert(3, '又');
	await until(async () => (await response(id)).earlier?.[0]?.text.startsWith('【改】又') === true);
	await choose(ann, id, choice.id, a, 1);
	const back = await response(id);
	expect(back).toMatchObject({ id: choice.id, text: `【改】又${back.choice.candidates[0]?.text}` });
	expect(back).toMatchObject({
		authorship: [{ author: { kind: 'bot' } }, { author: { id: ann.id }, characters: 4 }],
	});
	provider.destroy();
});

test('[CAND-8] the next prompt waits for the choice, and the dialogue is submitted when every response is chosen and rated', async () => {
	const id = await answeredAsk();
	const { choice } = await response(id);
	const before = standIns.map(({ requests }) => requests.length);
	expect(await ann.api.refused('POST', `/dialogues/${id}/turns`, { text: 'More' })).toBe('409 unchosen');
	expect(standIns.map(({ requests }) => requests.length)).toEqual(before);
	await rateAll(ann, id, id, choice.id);
	expect(await ann.api.refused('POST', `/dialogues/${id}/submit`)).toBe('409 unrated');
	await choose(ann, id, choice.id, choice.candidates[1]?.id ?? '');
	await ann.api.ok('POST', `/dialogues/${id}/turns`, { text: 'More' });
	await answered(ann.api, id);
	// the bots are told the chosen one, and not the other
	const told = standIns[0]?.requests.at(-1)?.messages.map(({ content }) => content);
	expect(told).toEqual(['How?', choice.candidates[1]?.text, 'More']);
	const second = await response(id);
	await rateAll(ann, id, id, second.id);
	expect(await ann.api.refused('POST', `/dialogues/${id}/submit`)).toBe('409 unrated');
	await choose(ann, id, second.choice.id, 'tie');
	await ann.api.ok('POST', `/dialogues/${id}/submit`);

	// Who reviews chooses for themselves, and Final stays.
	await rev.api.ok('POST', `/dialogues/${id}/claim`);
	expect(await ann.api.refused('POST', `/dialogues/${id}/turns/${choice.id}/choose`, { best: 'tie' })).toBe(
		'403 forbidden',
	);
	const final = (await view(id)).turns[1];
	await choose(rev, id, choice.id, 'bad');
	expect((await view(id)).turns[1]).toMatchObject({
		id: final?.id,
		text: final?.text,
		choice: { given: { [ann.id]: { best: choice.candidates[1]?.id }, [rev.id]: { best: 'bad', degree: 0 } } },
	});
	expect(await rev.api.ok('POST', `/dialogues/${id}/accept`)).toEqual({ state: 'accepted' });
});

test('[CAND-8] written anew, all candidates are: the earlier ones stay, and come back', async () => {
	const id = await answeredAsk();
	const { choice } = await response(id);
	await choose(ann, id, choice.id, choice.candidates[0]?.id ?? '');
	await ann.api.ok('POST', `/dialogues/${id}/turns/${choice.id}/regenerate`);
	await answered(ann.api, id);
	const anew = await response(id);
	expect(anew.choice.id).not.toBe(choice.id);
	expect(anew.choice.candidates).toHaveLength(2);
	expect(anew.choice).not.toHaveProperty('from');
	expect(anew.earlier).toMatchObject([{ id: choice.id, choice: { from: choice.candidates[0]?.id } }]);
	await ann.api.ok('POST', `/dialogues/${id}/turns/${choice.id}/bring-back`);
	expect(await response(id)).toMatchObject({ id: choice.id, choice: { from: choice.candidates[0]?.id } });
});

test('[CAND-5] in a blind dialogue a choice lies with the ratings: unseen until one’s own are in, and part of them', async () => {
	expect((await post(lead, 'blind', { blind: 'true' })).ok).toBe(true);
	const id = await answeredAsk();
	expect((await post(lead, 'blind', { blind: 'false' })).ok).toBe(true);
	const { choice } = await response(id);
	const best = choice.candidates[1]?.id ?? '';
	await choose(ann, id, choice.id, best, 3);
	expect(await response(id)).toMatchObject({
		text: choice.candidates[1]?.text,
		choice: { from: best, given: { [ann.id]: { best, degree: 3 } } },
	});
	await rateAll(ann, `${id}.${ann.id}`, id, choice.id);
	await ann.api.ok('POST', `/dialogues/${id}/submit`);
	await rev.api.ok('POST', `/dialogues/${id}/claim`);
	const socket = rev.ear.socket(id);
	await rev.ear.get(`/api/v1/dialogues/${id}`);
	await until(() => socket.frames >= 2);
	expect((await response(id, rev)).choice.given).toEqual({});
	expect(rev.ear.times(`"best":"${best}"`)).toBe(0);
	await rateAll(rev, `${id}.${rev.id}`, id, choice.id);
	expect(await rev.api.refused('POST', `/dialogues/${id}/accept`)).toBe('409 unrated');
	await choose(rev, id, choice.id, 'tie');
	expect((await response(id, rev)).choice.given).toEqual({
		[ann.id]: { best, degree: 3 },
		[rev.id]: { best: 'tie', degree: 0 },
	});
	expect(Object.keys((await response(id)).choice.given)).toEqual([String(ann.id)]);
	expect(await rev.api.ok('POST', `/dialogues/${id}/accept`)).toEqual({ state: 'accepted' });
	expect(Object.keys((await response(id)).choice.given)).toHaveLength(2);
	socket.leave();
});
