import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const RULE = /\[([A-Z]+(?:-[A-Z]+)*-\d+)\]/g;

test('[SPEC-1] every rule has a test, every test its rule, and no number is given twice', () => {
	const rules = [
		...readFileSync('tests/SPEC.md', 'utf8').matchAll(/^- \*\*([A-Z]+(?:-[A-Z]+)*-\d+)\*\*/gm),
	].map(([, id]) => id);
	const quoted = new Set(
		globSync('tests/**/*.ts').flatMap((file) =>
			[...readFileSync(file, 'utf8').matchAll(RULE)].map(([, id]) => id),
		),
	);
	expect(rules).toEqual([...new Set(rules)]);
	expect(rules.filter((id) => !quoted.has(id))).toEqual([]);
	expect([...quoted].filter((id) => !rules.includes(id ?? ''))).toEqual([]);
});
