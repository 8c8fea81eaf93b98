import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { ROLES } from '#lib/document/workflow.ts';
import { readConfig } from '../config.ts';
import { startServices } from '../services.ts';
import { administer, type AdministrationRequest } from '../workflow/administration.ts';
import { askServer, serverOf } from './ask-server.ts';

const USAGE = `npm run admin -- user add --email E --name N --role annotator|reviewer|lead [--owner] [--project ID] --password-stdin
npm run admin -- token create --email E --name T
npm run admin -- export [--project ID] > dialogues.jsonl`;

class UsageFault extends Error {}

async function requestOf(argv: string[]): Promise<AdministrationRequest> {
	const { positionals, values } = parseArgs({
		args: argv,
		allowPositionals: true,
		options: {
			email: { type: 'string' },
			name: { type: 'string' },
			role: { type: 'string' },
			owner: { type: 'boolean', default: false },
			project: { type: 'string' },
			'password-stdin': { type: 'boolean', default: false },
		},
	});
	const must = (name: 'email' | 'name' | 'role'): string => {
		const value = values[name];
		if (value === undefined || value === '') throw new UsageFault(`--${name} is missing`);
		return value;
	};
	const project = values.project === undefined ? undefined : Number(values.project);
	if (project !== undefined && !(Number.isInteger(project) && project > 0))
		throw new UsageFault('--project takes an id');
	switch (positionals.join(' ')) {
		case 'user add': {
			const role = ROLES.find((one) => one === must('role'));
			if (!role) throw new UsageFault(`--role is one of ${ROLES.join(', ')}`);
			if (!values['password-stdin'])
				throw new UsageFault('--password-stdin: the password comes by standard input');
			const password = (await text(process.stdin)).replace(/\r?\n$/, '');
			const { owner } = values;
			return {
				command: 'user add',
				email: must('email'),
				name: must('name'),
				role,
				owner,
				password,
				...(project && { project }),
			};
		}
		case 'token create':
			return { command: 'token create', email: must('email'), name: must('name') };
		case 'export':
			return { command: 'export', ...(project && { project }) };
		default:
			throw new UsageFault(`There is no command ${positionals.join(' ') || '(none)'}`);
	}
}

async function run(): Promise<void> {
	const request = await requestOf(process.argv.slice(2));
	const config = readConfig({ ...process.env, LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error' });
	const socket = config.DATABASE_URL === '' ? await serverOf(config.DATA_DIR) : null;
	const services = socket ? null : await startServices(config, 2);
	const work = socket ? askServer(socket, request) : services && administer(services, request);
	try {
		for (let step = await work?.next(); step; step = await work?.next()) {
			if (step.done) {
				process.stderr.write(step.value);
				break;
			}
			if (!process.stdout.write(step.value))
				await new Promise((resolve) => process.stdout.once('drain', resolve));
		}
	} finally {
		socket?.destroy();
		await services?.close();
	}
}

run().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	if (error instanceof UsageFault) console.error(`\n${USAGE}`);
	process.exitCode = error instanceof UsageFault ? 2 : 1;
});
