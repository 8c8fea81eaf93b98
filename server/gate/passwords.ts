import { hash, verify } from '@node-rs/argon2';
import { Refused } from '#lib/wire/api-error.ts';

const SHORTEST = 10;
const LONGEST = 200;

/** OWASP's figures for argon2id, the library's default kind: 19 MiB, two passes. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Of nobody's password; the same work as a real one. */
let nobodys: Promise<string> | undefined;

/** One password typed on two keyboards is one password. */
const normal = (password: string) => password.normalize('NFKC');

/** @throws Refused `bad-input` for a password of fewer than 10 or more than 200 characters. */
export async function hashPassword(password: string): Promise<string> {
	if (password.length < SHORTEST || password.length > LONGEST)
		throw new Refused('bad-input', `A password has ${SHORTEST} to ${LONGEST} characters`, {
			field: 'password',
		});
	return hash(normal(password), COST);
}

/** Takes as long for who has no password, or does not exist (`hashed` null), as for a wrong one. */
export async function passwordMatches(hashed: string | null, password: string): Promise<boolean> {
	if (password.length > LONGEST) return false;
	nobodys ??= hash('nobody has this password', COST);
	const matches = await verify(hashed ?? (await nobodys), normal(password));
	return matches && hashed !== null;
}
