import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const VERSION = 1;
const NONCE = 12;
const TAG = 16;
const KEY_SHAPE = /^[A-Za-z0-9_-]{43}$/;

/** What was sealed cannot be read: it was changed, or sealed with another secret key. */
export class SealBroken extends Error {
	constructor(cause?: unknown) {
		super('A sealed value cannot be opened: it was sealed with another SECRET_KEY, or was changed', {
			cause,
		});
	}
}

/**
 * Keeps secrets unreadable in the database. AES-256-GCM under a key derived from the secret key.
 * sealed = version:1 nonce:12 tag:16 ciphertext
 */
export class Seal {
	readonly #key: Buffer;
	/** `secretKey`: any text with enough randomness in it. */
	constructor(secretKey: string) {
		this.#key = Buffer.from(hkdfSync('sha256', secretKey, '', 'duologue seal', 32));
	}

	seal(text: string): Buffer {
		const nonce = randomBytes(NONCE);
		const cipher = createCipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG });
		const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
		return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
	}

	/** @throws SealBroken */
	open(sealed: Uint8Array): string {
		const bytes = Buffer.from(sealed);
		if (bytes[0] !== VERSION || bytes.length < 1 + NONCE + TAG) throw new SealBroken();
		try {
			const nonce = bytes.subarray(1, 1 + NONCE);
			const opener = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG });
			opener.setAuthTag(bytes.subarray(1 + NONCE, 1 + NONCE + TAG));
			return Buffer.concat([opener.update(bytes.subarray(1 + NONCE + TAG)), opener.final()]).toString('utf8');
		} catch (cause) {
			throw new SealBroken(cause);
		}
	}
}

/**
 * The secret that bot keys are sealed with: the configured one, or one that is made once and kept in
 * DATA_DIR/secret-key, readable by the server's user only.
 * @throws when the file does not hold a key: to make another would lose every bot key.
 */
export async function loadSecretKey(config: { SECRET_KEY: string; DATA_DIR: string }): Promise<string> {
	if (config.SECRET_KEY) return config.SECRET_KEY;
	const path = join(config.DATA_DIR, 'secret-key');
	const key = (await kept(path)) ?? (await keep(path, config.DATA_DIR));
	if (!KEY_SHAPE.test(key))
		throw new Error(`${path} holds no secret key: restore it from a backup, or set SECRET_KEY`);
	return key;
}

/** The file appears whole or not at all, and of two servers that start at once both get the same. */
async function keep(path: string, dataDir: string): Promise<string> {
	await mkdir(dataDir, { recursive: true });
	const temporary = `${path}.${randomBytes(6).toString('hex')}`;
	const file = await open(temporary, 'wx', 0o600);
	try {
		await file.writeFile(randomBytes(32).toString('base64url'));
		await file.sync();
		await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
			if (error.code !== 'EEXIST') throw error;
		});
	} finally {
		await file.close();
		await rm(temporary, { force: true });
	}
	return (await readFile(path, 'utf8')).trim();
}

async function kept(path: string): Promise<string | null> {
	try {
		return (await readFile(path, 'utf8')).trim();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
}
