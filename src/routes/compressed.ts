const TEXT = /^(text\/html|application\/json)\b/;

/** A long dialogue's page is mostly text: it goes out at a tenth of its size to who takes it so. */
export function compressed(request: Request, response: Response): Response {
	const { headers, body, status, statusText } = response;
	if (body === null || !TEXT.test(headers.get('content-type') ?? '') || headers.has('content-encoding'))
		return response;
	headers.append('vary', 'accept-encoding');
	if (!/\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')) return response;
	headers.set('content-encoding', 'gzip');
	headers.delete('content-length');
	return new Response(body.pipeThrough(new CompressionStream('gzip')), { status, statusText, headers });
}
