/** One person's hold on the API. */
export class ApiClient {
	readonly #origin: string;
	readonly #headers: Record<string, string>;
	constructor(origin: string, token: string | null, headers: Record<string, string> = {}) {
		this.#origin = origin;
		this.#headers = { ...(token !== null && { authorization: `Bearer ${token}` }), ...headers };
	}

	fetch(method: string, path: string, body?: unknown): Promise<Response> {
		return fetch(`${this.#origin}/api/v1${path}`, {
			method,
			headers: { ...this.#headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
			...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		});
	}

	/** The body of a success; anything else throws with what was answered. */
	async ok<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await this.fetch(method, path, body);
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
		return JSON.parse(text) as T;
	}

	/** What must be refused: `answer` is its status and code, `said` the sentence. */
	async refusal(method: string, path: string, body?: unknown): Promise<{ answer: string; said: string }> {
		const response = await this.fetch(method, path, body);
		const { error } = (await response.json()) as { error?: { code: string; message: string } };
		return { answer: `${response.status} ${error?.code}`, said: error?.message ?? '' };
	}

	/** `status code` of what must be refused. */
	async refused(method: string, path: string, body?: unknown): Promise<string> {
		return (await this.refusal(method, path, body)).answer;
	}
}

export interface ApiTurn {
	id: string;
	role: 'user' | 'bot';
	author: string;
	state: string;
	text: string;
	stale: boolean;
	original?: string;
	fault?: string;
	/** user → criterion → rating. */
	ratings: Record<string, Record<string, { value: number | boolean | string; why?: string }>>;
	earlier?: ApiTurn[];
	bot?: { name: string; practice: boolean };
	choice?: {
		id: string;
		candidates: {
			id: string;
			state: string;
			text: string;
			fault?: string;
			bot: { name: string; practice: boolean };
		}[];
		from?: string | null;
		/** user → choice. */
		given: Record<string, { best: string; degree: number }>;
	};
}
export interface ApiDialogue {
	id: number;
	state: string;
	blind: boolean;
	draft: string;
	seq: number;
	turns: ApiTurn[];
	returned: { reasons: string[]; note: string } | null;
	reviewer: { id: number; name: string } | null;
}

/** The project of this person; in the tests there is one. */
export async function projectOf(client: ApiClient): Promise<number> {
	const { projects } = await client.ok<{ projects: { id: number }[] }>('GET', '/me');
	return projects[0]?.id ?? 0;
}

/** The dialogue once nothing is being written in it any more. */
export async function answered(client: ApiClient, id: number): Promise<ApiDialogue> {
	for (;;) {
		const dialogue = await client.ok<ApiDialogue>('GET', `/dialogues/${id}`);
		if (dialogue.turns.every((turn) => turn.state !== 'generating')) return dialogue;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
