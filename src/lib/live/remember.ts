/** Keeps a choice for the next page, as the server keeps theme and language. */
export function remember(name: 'who-wrote' | 'carets' | 'scroll-together' | 'keys', value: string): void {
	fetch('/preferences', {
		method: 'POST',
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: new URLSearchParams({ [name]: value }).toString(),
		redirect: 'manual',
		keepalive: true, // the page may be left in the same moment
	}).catch(() => undefined); // then it is not remembered
}
