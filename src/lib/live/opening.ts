import type { DialogueView } from '../document/dialogue-view.ts';
import type { Thread } from '../document/read-comments.ts';
import type { Rubric } from '../document/rubric.ts';
import type { Part, Role } from '../document/workflow.ts';

/** What the server gives when the page is opened, or looked at again. */
export interface Opening {
	id: number;
	/** When the dialogue was begun, in milliseconds since 1970. */
	born: number;
	topic: { id: number; title: string; brief: string; language: string };
	me: { id: number; name: string; part: Part; role: Role };
	annotator: { id: number; name: string };
	reviewer: { id: number; name: string } | null;
	returnReasons: string[];
	returnNote: string;
	rubric: Rubric;
	/** Whether people rate blind in it; `view` holds only the ratings that may be seen. */
	blind: boolean;
	view: DialogueView;
	comments: readonly Thread[];
}
