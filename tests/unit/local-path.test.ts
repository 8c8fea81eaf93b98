import { expect, test } from 'vitest';
import { localPath } from '../../src/routes/local-path.ts';

test.each(['/queue', '/d/214?turn=a#b', '/'])('[PAGE-1] %s is a place to go back to', (path) => {
	expect(localPath(path)).toBe(path);
});

test.each([
	'//evil.example',
	'/\\evil.example',
	'/\t/evil.example',
	'https://evil.example/',
	'javascript:alert(1)',
	'queue',
	'',
	null,
	7,
])('[PAGE-1] %j leads nowhere but home', (wish) => {
	expect(localPath(wish)).toBe('/');
});
