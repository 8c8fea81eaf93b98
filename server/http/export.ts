import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Refused } from '#lib/wire/api-error.ts';
import type { Services } from '../services.ts';
import type { User } from '../store/users.ts';
import { EXPORT_FORMATS } from '../workflow/export.ts';

/**
 * Answers an export of one project, streamed: a row a line.
 * `provenance=1`: each row also says who rated what and, in `messages`, who wrote what; left out, for not every reader takes more than the format has.
 * @throws Refused `forbidden` for who does not lead the project, `bad-input` for an unknown format, state or provenance.
 */
export async function answerExport(
	services: Services,
	user: User,
	query: URLSearchParams,
	res: ServerResponse,
): Promise<Readable> {
	const wanted = query.get('format') ?? 'messages';
	const format = EXPORT_FORMATS.find((one) => one === wanted);
	const state = query.get('state') ?? 'accepted';
	const provenance = query.get('provenance') ?? '0';
	if (format === undefined)
		throw new Refused(
			'bad-input',
			`There is no export format ${wanted}; there is: ${EXPORT_FORMATS.join(', ')}`,
		);
	if (state !== 'accepted') throw new Refused('bad-input', 'Only accepted dialogues are exported');
	if (!['0', '1'].includes(provenance)) throw new Refused('bad-input', 'provenance is 0 or 1');
	const projects = await services.projects.ofUser(user.id);
	const asked = query.get('project');
	const project = asked === null ? projects[0] : projects.find((one) => String(one.id) === asked);
	if (!project) throw new Refused('not-found', 'There is no such project for you');
	if (project.role !== 'lead') throw new Refused('forbidden', 'Only a lead of the project exports it');
	res.writeHead(200, {
		'content-type': 'application/x-ndjson; charset=utf-8',
		'content-disposition': `attachment; filename="duologue-${project.id}-${format}-${state}.jsonl"`,
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff',
	});
	return Readable.from(services.exportProject(project.id, provenance === '1', format));
}
