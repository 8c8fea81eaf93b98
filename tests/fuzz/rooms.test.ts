import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { turnText } from '#lib/document/read-dialogue.ts';
import { random } from '../support/random.ts';
import { describeRooms } from '../support/room-suite.ts';
import { TURN, until } from '../support/rooms.ts';

const SEEDS = [41, 7, Date.now() % 1e9];

describeRooms('rooms under stress', (open) => {
	test.each(SEEDS)(
		'[ROOM-70] people who come and go while appends fail converge on what the log has (seed %i)',
		async (seed) => {
			const dice = random(seed);
			const rooms = await open({ timing: { retryEvery: 2, unloadAfter: 5, tendEvery: 5 } });
			const dialogue = await rooms.dialogue();
			const people = await Promise.all(
				[1, 2, 3, 4].map((userId) =>
					rooms.guest(dialogue, { userId, ...(userId % 2 && { client: 'own' }) }).ready(),
				),
			);
			let typed = 0;
			const typeAs = (person: (typeof people)[number]) => {
				const text = turnText(person.doc, TURN);
				if (!text) return;
				if (text.length > 0 && dice.chance(0.3)) text.delete(dice.int(text.length), 1);
				else text.insert(dice.int(text.length + 1), `${(typed++).toString(36)} `);
			};
			for (let step = 0; step < 200; step++) {
				const person = dice.pick(people);
				const action = dice.int(20);
				if (action === 0) person.provider.disconnect();
				else if (action === 1) person.provider.connect();
				else if (action === 2) rooms.db.failBefore = dice.int(3);
				else if (action === 3) rooms.db.failAfter = 1;
				else if (action === 4) for (const one of people) one.provider.disconnect();
				else if (action === 5) {
					void rooms.hub
						.write(dialogue, 0, (doc) => turnText(doc, TURN)?.insert(0, 's '))
						.catch(() => undefined);
				} else if (action === 6) {
					const refused = () => Promise.reject(new Error('the effect fails'));
					void rooms.hub
						.write(dialogue, 0, (doc) => turnText(doc, TURN)?.insert(0, '#'), refused)
						.catch(() => undefined);
				} else typeAs(person);
				if (dice.chance(0.3)) await pause(dice.int(8));
			}
			rooms.db.failBefore = 0;
			rooms.db.failAfter = 0;
			for (const one of people) one.provider.connect();
			const [first] = people;
			await until(() => people.every((one) => one.saved && one.text === first?.text));
			expect(people.flatMap((one) => one.closes).filter((code) => code >= 4000)).toEqual([]);
			const replay = await rooms.replay(dialogue);
			const vector = (doc: Y.Doc) => Y.decodeStateVector(Y.encodeStateVector(doc));
			for (const one of people) expect(vector(one.doc)).toEqual(vector(replay));
			expect(turnText(replay, TURN)?.toJSON()).toBe(first?.text);
			expect(first?.text).not.toContain('#');
		},
	);
});
