import { randomBytes } from 'node:crypto';

/** 12 characters of [A-Za-z0-9_-]: the id of a turn or a candidate. */
export const newId = (): string => randomBytes(9).toString('base64url');
