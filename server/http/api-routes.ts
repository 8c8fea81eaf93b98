import { z } from 'zod';
import { DEGREES } from '#lib/document/choices.ts';
import { RETURN_REASONS, SKIP_REASONS, STATES } from '#lib/document/workflow.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { Services } from '../services.ts';
import type { User } from '../store/users.ts';
import { publishing } from '../workflow/publish-rubric.ts';
import { asApiDialogue } from './api-dialogue.ts';

/** One request to the API by somebody who is signed in. */
export interface Call {
	services: Services;
	user: User;
	/** The named parts of the path. */
	params: Record<string, string>;
	query: URLSearchParams;
	body: unknown;
}

export interface Answer {
	status: number;
	body: unknown;
}

type Handler = (call: Call) => Promise<Answer>;

const ok = (body: unknown, status = 200): Answer => ({ status, body });

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	throw new Refused('bad-input', 'The request is not as it should be', result.error.issues.map(faultOf));
}
const faultOf = ({ path, message }: z.core.$ZodIssue) => ({ path: path.join('.'), message });

/** A turn's or a candidate's. */
const key = z.string().max(40);
const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const dialogueOf = ({ params }: Call): number => {
	const found = id.safeParse(params['id']);
	if (!found.success) throw new Refused('not-found', `There is no dialogue ${params['id']}`);
	return found.data;
};
const page = z.object({
	cursor: z.string().max(200).optional(),
	limit: z.coerce.number().int().min(1).max(200).default(50),
});
const text = z
	.string()
	.max(5000)
	.refine((text) => !text.includes('\0'), 'No text of the database holds a NUL');
const reasons = z.object({
	reasons: z.array(z.enum(RETURN_REASONS)).max(10),
	note: text.default(''),
});

async function projectOf({ services, user, query }: Call): Promise<number> {
	const projects = await services.projects.ofUser(user.id);
	const asked = query.get('project');
	const found = asked === null ? projects[0] : projects.find((project) => String(project.id) === asked);
	if (!found)
		throw new Refused(
			'not-found',
			asked === null ? 'You are in no project yet' : `There is no project ${asked} for you`,
		);
	return found.id;
}

async function ledProjectOf({ services, user, params }: Call): Promise<number> {
	const projects = await services.projects.ofUser(user.id);
	const found = projects.find((project) => String(project.id) === params['id']);
	if (!found) throw new Refused('not-found', `There is no project ${params['id']} for you`);
	if (found.role !== 'lead') throw new Refused('forbidden', 'Leads settle how a project works');
	return found.id;
}

const decided =
	(kind: 'submit' | 'take-back' | 'claim' | 'accept' | 'reopen' | 'discard'): Handler =>
	async (call) =>
		ok(await call.services.workflow.decide(call.user, dialogueOf(call), { kind }));

const said =
	(kind: 'dispute' | 'uphold'): Handler =>
	async (call) => {
		const { reason } = parse(z.object({ reason: text.trim() }), call.body);
		return ok(await call.services.workflow.decide(call.user, dialogueOf(call), { kind, reason }));
	};

/** The API, version 1: method, path, what it does. `export` streams and is answered in api.ts. */
export const ROUTES: readonly [method: string, path: string, handler: Handler][] = [
	[
		'GET',
		'/me',
		async ({ services, user }) =>
			ok({
				user: { id: user.id, name: user.name, email: user.email },
				projects: await services.projects.ofUser(user.id),
			}),
	],
	[
		'PATCH',
		'/projects/:id',
		async (call) => {
			const { responses } = parse(z.object({ responses: z.number().int().min(1).max(4) }), call.body);
			const project = await ledProjectOf(call);
			await call.services.projects.setResponses(project, responses);
			return ok({ id: project, responses });
		},
	],
	[
		'GET',
		'/projects/:id/rubric',
		async (call) => {
			const project = await ledProjectOf(call);
			return ok(await call.services.projects.rubric(project));
		},
	],
	[
		'POST',
		'/projects/:id/rubric',
		async (call) => {
			const wish = parse(publishing, call.body);
			return ok(await call.services.workflow.publishRubric(await ledProjectOf(call), wish), 201);
		},
	],
	[
		'GET',
		'/topics',
		async (call) => {
			const { query, services, user } = call;
			const asked = parse(page.extend({ q: z.string().max(200).optional() }), Object.fromEntries(query));
			return ok(await services.topics.list({ ...asked, project: await projectOf(call), userId: user.id }));
		},
	],
	[
		'POST',
		'/dialogues',
		async ({ services, user, body }) => {
			const { topicId } = parse(z.object({ topicId: id }), body);
			const opened = await services.workflow.open(user, { topic: topicId });
			return ok(asApiDialogue(await services.workflow.view(user, opened.id)), 201);
		},
	],
	[
		'GET',
		'/dialogues',
		async (call) => {
			const { query, services, user } = call;
			const { state, disputed, ...asked } = parse(
				page.extend({ state: z.enum(STATES).optional(), disputed: z.literal('1').optional() }),
				Object.fromEntries(query),
			);
			const project = await projectOf(call);
			return ok(
				await services.workflow.list(user, project, {
					...asked,
					...(state && { states: [state] }),
					...(disputed && { disputed: true }),
				}),
			);
		},
	],
	[
		'GET',
		'/dialogues/:id',
		async (call) => {
			const { page, authorship } = await call.services.workflow.viewWithAuthors(call.user, dialogueOf(call));
			return ok(asApiDialogue(page, authorship));
		},
	],
	[
		'GET',
		'/dialogues/:id/authors',
		async (call) => ok(await call.services.workflow.whoWrote(call.user, dialogueOf(call))),
	],
	[
		'GET',
		'/dialogues/:id/changes',
		async (call) => ok(await call.services.workflow.changesSince(call.user, dialogueOf(call))),
	],
	[
		'POST',
		'/dialogues/:id/look',
		async (call) => {
			const { unseen } = parse(z.object({ unseen: z.array(key).max(1000).default([]) }), call.body);
			await call.services.workflow.lookAway(call.user, dialogueOf(call), unseen);
			return ok({});
		},
	],
	[
		'POST',
		'/dialogues/:id/turns',
		async (call) => {
			const { text } = parse(z.object({ text: z.string() }), call.body);
			return ok(await call.services.workflow.send(call.user, dialogueOf(call), text), 202);
		},
	],
	[
		'POST',
		'/dialogues/:id/turns/:turn/stop',
		async (call) => {
			const { candidateId } = parse(z.object({ candidateId: key.optional() }), call.body);
			await call.services.workflow.stop(
				call.user,
				dialogueOf(call),
				call.params['turn'] ?? '',
				...(candidateId === undefined ? [] : [candidateId]),
			);
			return ok({});
		},
	],
	[
		'POST',
		'/dialogues/:id/turns/:turn/choose',
		async (call) => {
			const choosing = parse(
				z.object({ best: key, degree: z.number().int().min(1).max(DEGREES.length).optional() }),
				call.body,
			);
			await call.services.workflow.choose(call.user, dialogueOf(call), call.params['turn'] ?? '', choosing);
			return ok({});
		},
	],
	[
		'POST',
		'/dialogues/:id/turns/:turn/regenerate',
		async (call) =>
			ok(
				await call.services.workflow.regenerate(call.user, dialogueOf(call), call.params['turn'] ?? ''),
				202,
			),
	],
	[
		'POST',
		'/dialogues/:id/turns/:turn/bring-back',
		async (call) => {
			await call.services.workflow.bringBack(call.user, dialogueOf(call), call.params['turn'] ?? '');
			return ok({});
		},
	],
	[
		'POST',
		'/dialogues/:id/keep',
		async (call) => {
			const { turns } = parse(z.object({ turns: z.array(key).min(1).max(1000) }), call.body);
			await call.services.workflow.keep(call.user, dialogueOf(call), turns);
			return ok({});
		},
	],
	['POST', '/dialogues/:id/submit', decided('submit')],
	['POST', '/dialogues/:id/take-back', decided('take-back')],
	['POST', '/dialogues/:id/claim', decided('claim')],
	['POST', '/dialogues/:id/accept', decided('accept')],
	['POST', '/dialogues/:id/reopen', decided('reopen')],
	['POST', '/dialogues/:id/discard', decided('discard')],
	['POST', '/dialogues/:id/dispute', said('dispute')],
	['POST', '/dialogues/:id/uphold', said('uphold')],
	[
		'POST',
		'/dialogues/:id/return',
		async (call) =>
			ok(
				await call.services.workflow.decide(call.user, dialogueOf(call), {
					kind: 'return',
					...parse(reasons, call.body),
				}),
			),
	],
	[
		'POST',
		'/dialogues/:id/skip',
		async (call) => {
			const { reason } = parse(z.object({ reason: z.enum(SKIP_REASONS) }), call.body);
			return ok(await call.services.workflow.decide(call.user, dialogueOf(call), { kind: 'skip', reason }));
		},
	],
	[
		'POST',
		'/dialogues/:id/together',
		async (call) => {
			const { together } = parse(z.object({ together: z.boolean() }), call.body);
			await call.services.workflow.together(call.user, dialogueOf(call), together);
			return ok({ together });
		},
	],
];
