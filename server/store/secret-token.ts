import { createHash, randomBytes } from 'node:crypto';

/** 32 random bytes, base64url: what its holder keeps. */
export function newToken(): string {
	return randomBytes(32).toString('base64url');
}

/** What is stored of a token (hex SHA-256): a leaked table opens nothing. */
export function digestOf(token: string): string {
	return createHash('sha256').update(token).digest('hex');
}
