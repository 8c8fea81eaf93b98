import { rate } from '#lib/document/ratings.ts';
import { turnText } from '#lib/document/read-dialogue.ts';
import { helpfulHonestHarmless } from '#lib/document/presets/helpful-honest-harmless.ts';
import type { Role } from '#lib/document/workflow.ts';
import type { Services } from './services.ts';
import type { User } from './store/users.ts';

const PEOPLE = [
	{ email: 'li@demo.example', name: 'Li Na', role: 'annotator', locale: 'en' },
	{ email: 'ana@demo.example', name: 'Ana', role: 'reviewer', locale: 'en' },
	{ email: 'wu@demo.example', name: 'Wu', role: 'lead', locale: 'en' },
] as const satisfies readonly { email: string; name: string; role: Role; locale: 'en' | 'zh' }[];

const LINK_MINUTES = 12 * 60;

/**
 * Makes the demonstration where there is none yet, and a one-time sign-in link for each of its people.
 * @returns what to print.
 * @throws where other people have accounts already: a demonstration never mixes with real work.
 */
export async function openDemo(services: Services, origin: string): Promise<string[]> {
	const known = await services.users.byEmail(PEOPLE[0].email);
	if (!known && (await services.users.count()) > 0)
		throw new Error('This database has accounts already: start the demonstration on an empty one (DATA_DIR)');
	if (!known) await makeDemo(services);
	const lines = ['', '  A demonstration. Each link signs one person in, once; open two in two browsers:', ''];
	for (const { email, role } of PEOPLE) {
		const found = await services.users.byEmail(email);
		if (!found) throw new Error(`The demonstration lost ${email}`);
		const token = await services.links.create({
			kind: 'sign-in',
			userId: found.user.id,
			minutes: LINK_MINUTES,
		});
		lines.push(`  ${role.padEnd(9)} ${found.user.name.padEnd(6)} ${origin}/enter/${token}`);
	}
	return [...lines, ''];
}

async function makeDemo(services: Services): Promise<void> {
	const { users, projects, db } = services;
	const [project] = await db.query<{ id: number }>('select id from project order by id limit 1');
	if (!project) throw new Error('There is no sample project');
	const [annotator, reviewer] = await Promise.all(
		PEOPLE.map(async ({ role, ...person }) => {
			const user = await users.create({ ...person, owner: role === 'lead' });
			await projects.setRole(project.id, user.id, role);
			return user;
		}),
	);
	if (!annotator || !reviewer) throw new Error('The demonstration has no people');
	const { items } = await services.topics.list({ project: project.id, userId: annotator.id });
	const story = new Story(services, annotator, reviewer);
	const [first, second, third, fourth, fifth] = items;
	if (!first || !second || !third || !fourth || !fifth) throw new Error('The sample project lacks topics');
	await Promise.all([
		story.tell(first.id, first.title, 'accepted'),
		story.tell(second.id, second.title, 'accepted'),
		story.tell(third.id, third.title, 'submitted'),
		story.tell(fourth.id, fourth.title, 'returned'),
		story.tell(fifth.id, fifth.title, 'in progress'),
	]);
}

/** Dialogues as they come about in use: through the commands that people give. */
class Story {
	readonly #services: Services;
	readonly #annotator: User;
	readonly #reviewer: User;
	constructor(services: Services, annotator: User, reviewer: User) {
		this.#services = services;
		this.#annotator = annotator;
		this.#reviewer = reviewer;
	}

	async tell(
		topic: number,
		title: string,
		until: 'in progress' | 'submitted' | 'returned' | 'accepted',
	): Promise<void> {
		const { workflow } = this.#services;
		const { id } = await workflow.open(this.#annotator, { topic });
		const chinese = /\p{Script=Han}/u.test(title);
		const turn = await this.#ask(
			id,
			chinese ? `我对“${title}”不太了解，先从哪里开始？` : `I am new to this: ${title}. Where do I begin?`,
		);
		if (until === 'in progress') return;
		await this.#correct(id, turn, chinese ? '（已核对）' : ' (checked)');
		await workflow.decide(this.#annotator, id, { kind: 'submit' });
		if (until === 'submitted') return;
		await workflow.decide(this.#reviewer, id, { kind: 'claim' });
		await workflow.decide(
			this.#reviewer,
			id,
			until === 'accepted'
				? { kind: 'accept' }
				: {
						kind: 'return',
						reasons: ['factual'],
						note: chinese
							? '第二点说得太笼统，请给出具体例子。'
							: 'The second point is vague: give one concrete example.',
					},
		);
	}

	async #ask(id: number, prompt: string): Promise<string> {
		const { workflow, hub } = this.#services;
		const { responseId } = await workflow.send(this.#annotator, id, prompt);
		await workflow.answered(responseId);
		await hub.write(id, this.#annotator.id, (doc) => {
			for (const { key } of helpfulHonestHarmless.criteria)
				rate(doc, String(this.#annotator.id), responseId, key, { value: 4 });
		});
		return responseId;
	}

	async #correct(id: number, turn: string, addition: string): Promise<void> {
		await this.#services.hub.write(id, this.#annotator.id, (doc, _ownerOf, typeAs) => {
			const text = turnText(doc, turn);
			typeAs(this.#annotator.id, () => text?.insert(text.length, addition));
		});
	}
}
