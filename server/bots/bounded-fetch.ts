const MAX_LINE = 1024 * 1024;
const MAX_BODY = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * `fetch` whose response body errs once a line passes 1 MiB or the whole 64 MiB: the event-stream reader behind
 * it buffers a line, and an error's body, without a bound of its own.
 */
export async function boundedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
	const response = await fetch(input, init);
	if (!response.body) return response;
	const { status, statusText, headers } = response;
	return new Response(response.body.pipeThrough(bounds()), { status, statusText, headers });
}

function bounds(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
	let total = 0;
	let line = 0;
	return new TransformStream({
		transform(bytes, controller) {
			total += bytes.length;
			const newline = bytes.lastIndexOf(NEWLINE);
			line = newline === -1 ? line + bytes.length : bytes.length - newline - 1;
			if (total > MAX_BODY || line > MAX_LINE) controller.error(new Error('The response is too large.'));
			else controller.enqueue(bytes);
		},
	});
}
