import { z } from 'zod';
import { ROLES } from '#lib/document/workflow.ts';
import { Refused } from '#lib/wire/api-error.ts';
import { hashPassword } from '../gate/passwords.ts';
import type { Projects } from '../store/projects.ts';
import type { ApiTokens } from '../store/tokens.ts';
import type { Users } from '../store/users.ts';
import type { ExportSummary } from './export.ts';

/** What an administrator's command line asks for. */
export const administrationRequest = z.discriminatedUnion('command', [
	z.object({
		command: z.literal('user add'),
		email: z.string(),
		name: z.string(),
		role: z.enum(ROLES),
		owner: z.boolean(),
		password: z.string(),
		project: z.number().int().positive().optional(),
	}),
	z.object({ command: z.literal('token create'), email: z.string(), name: z.string().min(1).max(80) }),
	z.object({ command: z.literal('export'), project: z.number().int().positive().optional() }),
]);
export type AdministrationRequest = z.infer<typeof administrationRequest>;

interface Deps {
	users: Users;
	projects: Projects;
	tokens: ApiTokens;
	db: { query<R extends object>(text: string, values?: unknown[]): Promise<R[]> };
	exportProject(project: number): AsyncGenerator<string, ExportSummary, undefined>;
}

/**
 * Carries out an administrator's request; yields what goes to standard output, returns what goes to standard error.
 * @throws Refused, EmailTaken: nothing has changed then.
 */
export async function* administer(
	deps: Deps,
	request: AdministrationRequest,
): AsyncGenerator<string, string, undefined> {
	switch (request.command) {
		case 'user add': {
			const project = await projectOf(deps, request.project);
			const passwordHash = await hashPassword(request.password);
			const user = await deps.users.create({ ...request, passwordHash });
			await deps.projects.setRole(project, user.id, request.role);
			yield `${user.id}\n`;
			return `Added ${user.email} as ${request.role}${request.owner ? ' and owner' : ''}\n`;
		}
		case 'token create': {
			const found = await deps.users.byEmail(request.email);
			if (!found) throw new Refused('not-found', `Nobody is registered as ${request.email}`);
			const token = await deps.tokens.create(found.user.id, request.name);
			yield `${token}\n`;
			return '';
		}
		case 'export': {
			const summary = yield* deps.exportProject(await projectOf(deps, request.project));
			const skipped = Object.entries(summary.skipped).map(([why, count]) => `${count} ${why}`);
			return `${summary.dialogues} dialogues, ${summary.rows} rows${skipped.length > 0 ? `; left out: ${skipped.join(', ')}` : ''}\n`;
		}
	}
}

async function projectOf({ db }: Deps, asked: number | undefined): Promise<number> {
	const [found] = await db.query<{ id: number }>(
		'select id from project where $1::int is null or id = $1 order by id limit 1',
		[asked ?? null],
	);
	if (!found)
		throw new Refused(
			'not-found',
			asked === undefined ? 'There is no project yet' : `There is no project ${asked}`,
		);
	return found.id;
}
