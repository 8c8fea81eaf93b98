import type { DialogueState } from '#lib/document/workflow.ts';

/** What a row about a dialogue says, whatever stands at its end. */
export interface DialogueRow {
	id: number;
	topic: { title: string; language: string };
	state: DialogueState;
	annotator: { name: string };
	turns: number;
	updatedAt: Date;
	submittedAt: Date | null;
}
