import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadSecretKey, Seal, SealBroken } from '../../server/store/seal.ts';

describe('a seal', () => {
	const seal = new Seal('correct horse battery staple');

	test.each(['', 'sk-1234', '钥匙 🔑', 'x'.repeat(100_000)])(
		'[SEAL-1] opens what it sealed: %.10j',
		(text) => {
			expect(seal.open(seal.seal(text))).toBe(text);
		},
	);

	test('[SEAL-1] the same text is never sealed to the same bytes', () => {
		expect(seal.seal('sk-1234').equals(seal.seal('sk-1234'))).toBe(false);
	});

	test('[SEAL-2] a changed byte, wherever it is, is noticed', () => {
		const sealed = seal.seal('sk-1234');
		for (let at = 0; at < sealed.length; at++) {
			const changed = Buffer.from(sealed);
			changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
			expect(() => seal.open(changed)).toThrow(SealBroken);
		}
	});

	test('[SEAL-2] what was cut short, at whatever byte, is refused', () => {
		const sealed = seal.seal('sk-1234');
		for (let length = 0; length < sealed.length; length++)
			expect(() => seal.open(sealed.subarray(0, length))).toThrow(SealBroken);
	});

	test('[SEAL-3] another secret opens nothing', () => {
		expect(() => new Seal('another').open(seal.seal('sk-1234'))).toThrow(SealBroken);
	});
});

describe('the secret key', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'duologue-test-'));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	test('[SEAL-4] is made once, for the server only, and found again', async () => {
		const config = { SECRET_KEY: '', DATA_DIR: join(folder, 'data') };
		const key = await loadSecretKey(config);
		expect(Buffer.from(key, 'base64url')).toHaveLength(32);
		expect(await loadSecretKey(config)).toBe(key);
		expect(statSync(join(folder, 'data', 'secret-key')).mode & 0o777).toBe(0o600);
		expect(readdirSync(join(folder, 'data'))).toEqual(['secret-key']);
	});

	test('[SEAL-4] of many servers that start at once all get the same', async () => {
		const config = { SECRET_KEY: '', DATA_DIR: folder };
		const keys = await Promise.all(Array.from({ length: 20 }, () => loadSecretKey(config)));
		expect(new Set(keys).size).toBe(1);
		expect(readFileSync(join(folder, 'secret-key'), 'utf8')).toBe(keys[0]);
	});

	test('[SEAL-5] a file that holds no key stops the server instead of being replaced', async () => {
		writeFileSync(join(folder, 'secret-key'), 'half a ke');
		await expect(loadSecretKey({ SECRET_KEY: '', DATA_DIR: folder })).rejects.toThrow('holds no secret key');
		expect(readFileSync(join(folder, 'secret-key'), 'utf8')).toBe('half a ke');
	});

	test('[SEAL-5] a configured one is used, and no file made', async () => {
		const config = { SECRET_KEY: 'from the environment', DATA_DIR: folder };
		expect(await loadSecretKey(config)).toBe('from the environment');
		expect(readdirSync(folder)).toEqual([]);
	});
});
