import type { Rubric } from '../../src/lib/document/rubric.ts';
import { flag } from './rubrics.ts';
import { Bots } from '../../server/store/bots.ts';
import type { Database } from '../../server/store/database.ts';
import { Dialogues } from '../../server/store/dialogues.ts';
import { Links } from '../../server/store/links.ts';
import { Projects } from '../../server/store/projects.ts';
import { Seal } from '../../server/store/seal.ts';
import { ApiTokens } from '../../server/store/tokens.ts';
import { Topics, type NewTopic } from '../../server/store/topics.ts';
import { Users, type User } from '../../server/store/users.ts';

/** One that has to be answered, and a flag. */
export const oneCriterion: Omit<Rubric, 'version'> = {
	name: 'One',
	criteria: [
		{
			key: 'helpful',
			level: 'turn',
			kind: 'scale',
			label: { en: 'Helpful', zh: '有帮助' },
			help: { en: '', zh: '' },
			points: [1, 2, 3].map((value) => ({ value, anchor: { en: `${value}`, zh: `${value}` } })),
			reasonAt: 1,
		},
		flag('spam'),
	],
};

export type StoreWorld = ReturnType<typeof storesOn>;

/** Every store on one database, and short ways to fill it. */
export function storesOn(db: Database) {
	const users = new Users(db);
	const projects = new Projects(db);
	const topics = new Topics(db);
	const bots = new Bots(db, new Seal('a secret for the tests'));
	const dialogues = new Dialogues(db);
	let people = 0;
	return {
		db,
		users,
		projects,
		topics,
		bots,
		dialogues,
		links: new Links(db),
		tokens: new ApiTokens(db),

		person(name: string): Promise<User> {
			return users.create({ email: `${name.toLowerCase()}${++people}@example.org`, name });
		},

		/** A project with a rubric, a practice bot and these topics. */
		async project(...titles: (string | Partial<NewTopic>)[]) {
			const { id } = await projects.create({ name: 'Travel' });
			await projects.addRubric(id, oneCriterion);
			const bot = await bots.add(id, { name: 'Practice', kind: 'practice' });
			const wishes = titles.map((title) => (typeof title === 'string' ? { title } : title));
			const topicIds = await topics.addMany(
				id,
				wishes.map((wish) => ({ title: 'Topic', brief: '', language: 'en', target: 1, ...wish })),
			);
			return { id, bot: bot.id, topics: topicIds };
		},

		/** A draft of `annotator` on one of the project's topics, the first unless said. */
		begin(
			project: { id: number; bot: number; topics: number[] },
			annotator: User,
			topic = project.topics[0],
		): Promise<number> {
			if (topic === undefined) throw new Error('the project has no topic');
			return db.transaction((tx) =>
				dialogues.create(tx, {
					project: project.id,
					topic,
					bot: project.bot,
					rubricVersion: 1,
					annotator: annotator.id,
					together: true,
				}),
			);
		},
	};
}
