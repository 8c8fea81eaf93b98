import type { IncomingMessage } from 'node:http';
import { Refused } from '#lib/wire/api-error.ts';

/** The largest body of a command, in bytes. */
const LARGEST_BODY = 1 << 20;

/** How much of a body that is too large is read and thrown away, so that whoever sends it can hear why. */
const MOST_HEARD_OUT = 64 << 20;

/**
 * The JSON body of a request; an empty body is an empty object.
 * @throws Refused `too-large`, `bad-input`.
 */
export async function readJson(req: IncomingMessage): Promise<unknown> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of req as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size <= LARGEST_BODY) chunks.push(chunk);
		else if (size > MOST_HEARD_OUT) break;
		else chunks.length = 0;
	}
	if (size > LARGEST_BODY) throw new Refused('too-large', `The request is larger than ${LARGEST_BODY} bytes`);
	if (size === 0) return {};
	if (!/^application\/json\b/.test(req.headers['content-type'] ?? ''))
		throw new Refused('bad-input', 'The body must be application/json');
	try {
		return JSON.parse(Buffer.concat(chunks).toString('utf8'));
	} catch {
		throw new Refused('bad-input', 'The body is not valid JSON');
	}
}
