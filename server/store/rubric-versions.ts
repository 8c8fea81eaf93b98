import { int8s } from './binary-parameters.ts';
import type { Database } from './database.ts';
import { gathered } from './gathering.ts';

/** Which rubric people rate by in a dialogue: its project's, in the version that it was opened with. */
export interface RubricVersion {
	project: number;
	version: number;
}

type Found = RubricVersion & { dialogue: number };

/** Asked for each room that opens: for the many that do after a restart at once. Null when there is no such dialogue. */
export function rubricVersionsIn(db: Database): (dialogue: number) => Promise<RubricVersion | null> {
	return gathered<number, RubricVersion>(async (dialogues) => {
		const rows = await db.prepared<Found>(
			'rubric-versions',
			'select id as dialogue, project, rubric_version as version from dialogue where id = any($1::bigint[])',
			[int8s(dialogues)],
		);
		return new Map(rows.map(({ dialogue, ...found }) => [String(dialogue), found]));
	}, String);
}
