import { expect, test } from 'vitest';
import { hashPassword, passwordMatches } from '../../server/gate/passwords.ts';

test('[PASSWORD-1] a password is kept as argon2id, salted, and matches itself only', async () => {
	const [hashed, again] = [await hashPassword('correct horse'), await hashPassword('correct horse')];
	expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
	expect(again).not.toBe(hashed);
	expect(await passwordMatches(hashed, 'correct horse')).toBe(true);
	expect(await passwordMatches(hashed, 'Correct horse')).toBe(false);
	expect(await passwordMatches(hashed, '')).toBe(false);
});

test.each(['', 'ninechars', 'x'.repeat(201)])(
	'[PASSWORD-2] %.12j is refused as a new password',
	async (password) => {
		await expect(hashPassword(password)).rejects.toMatchObject({ code: 'bad-input' });
	},
);

test.each(['tenletters', 'x'.repeat(200), '这是一个很长的密码吗是'])(
	'[PASSWORD-2] %.12j is taken',
	async (password) => {
		expect(await passwordMatches(await hashPassword(password), password)).toBe(true);
	},
);

test('[PASSWORD-3] a password is the same however a keyboard composes its letters', async () => {
	expect(await passwordMatches(await hashPassword('caf\u00e9 au lait'), 'cafe\u0301 au lait')).toBe(true);
});

test('[PASSWORD-4] who has no password is matched by none, also not by the stand-in', async () => {
	for (const password of ['', 'nobody has this password', 'correct horse'])
		expect(await passwordMatches(null, password)).toBe(false);
});
