import type { Role } from '#lib/document/workflow.ts';
import { ApiClient } from './api-client.ts';
import { Eavesdropper } from './eavesdropper.ts';
import type { RunningServer } from './running-server.ts';

/** Somebody with an account, who works by API and sockets. */
export interface ApiPerson {
	id: number;
	name: string;
	email: string;
	password: string;
	token: string;
	api: ApiClient;
}

/** Who is also signed in as with a browser, and whose every answer is noted. */
export interface OverheardPerson extends ApiPerson {
	/** Of their session. */
	cookie: string;
	/** What the server sends them. */
	ear: Eavesdropper;
}

export async function apiPerson(server: RunningServer, name: string, role: Role): Promise<ApiPerson> {
	const email = `${name}@example.org`;
	const account = await server.person(email, role);
	const api = new ApiClient(server.origin, account.token);
	const { user } = await api.ok<{ user: { id: number } }>('GET', '/me');
	return { ...account, id: user.id, name, email, api };
}

export async function overheardPerson(
	server: RunningServer,
	name: string,
	role: Role,
): Promise<OverheardPerson> {
	const person = await apiPerson(server, name, role);
	const cookie = await sessionCookie(server, person);
	return { ...person, cookie, ear: new Eavesdropper(server.origin, { cookie }) };
}

/** The cookie of a session that one gets by the page that asks who one is. */
export async function sessionCookie(
	server: RunningServer,
	{ email, password }: { email: string; password: string },
): Promise<string> {
	const signedIn = await fetch(`${server.origin}/sign-in`, {
		method: 'POST',
		redirect: 'manual',
		headers: { origin: server.origin },
		body: new URLSearchParams({ email, password }),
	});
	return signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
}
