import type { Logger } from 'pino';
import type { Hub } from '../rooms/hub.ts';
import type { Bots } from '../store/bots.ts';
import type { CandidateBots } from '../store/candidate-bots.ts';
import type { Database } from '../store/database.ts';
import type { Dialogues } from '../store/dialogues.ts';
import type { LastLooks } from '../store/last-looks.ts';
import type { partiesIn } from '../store/parties.ts';
import type { Projects } from '../store/projects.ts';
import type { RatingDocuments } from '../store/rating-documents.ts';
import type { rubricVersionsIn } from '../store/rubric-versions.ts';
import type { Topics } from '../store/topics.ts';
import type { UpdateLog } from '../store/update-log.ts';
import type { Generations } from './generations.ts';

/** What the commands work with. */
export interface Context {
	readonly db: Database;
	readonly projects: Projects;
	readonly topics: Topics;
	readonly dialogues: Dialogues;
	readonly ratingDocuments: RatingDocuments;
	readonly partyIn: ReturnType<typeof partiesIn>;
	readonly rubricVersionOf: ReturnType<typeof rubricVersionsIn>;
	readonly bots: Bots;
	readonly candidateBots: CandidateBots;
	readonly lastLooks: LastLooks;
	readonly log: UpdateLog;
	readonly hub: Hub;
	readonly generations: Generations;
	readonly logger: Logger;
}
