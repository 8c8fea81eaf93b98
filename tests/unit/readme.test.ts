import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROUTES } from '../../server/http/api-routes.ts';

/** `POST /d/:id/turns/:turn/stop {candidateId?} | regenerate   what it does` names two paths. */
function pathsIn(line: string): string[] {
	const [, method = '', rest = ''] = /^(\w+) +(.*?)(?: {3}.*)?$/.exec(line) ?? [];
	const [first = '', ...others] = rest
		.replace(/ \{[^}]*\}|\?\S*/g, '')
		.split(/ \| ?/)
		.filter((path) => path !== '');
	const parent = first.slice(0, first.lastIndexOf('/') + 1);
	return [first, ...others.map((last) => parent + last)].map((path) => `${method} ${path.trim()}`);
}

test('[API-18] the README lists every path of the API, and no other', () => {
	const [, list = ''] = readFileSync('README.md', 'utf8').split('## API\n')[1]?.split('```\n') ?? [];
	const listed = list.trimEnd().split('\n').flatMap(pathsIn);
	// The export streams, and is no route.
	expect(listed.sort()).toEqual(
		[...ROUTES.map(([method, path]) => `${method} ${path}`), 'GET /export'].sort(),
	);
});
