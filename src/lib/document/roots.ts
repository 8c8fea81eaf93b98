/** The root types of a dialogue's document, each under its one name. */
import type * as Y from 'yjs';

export type Fields = Y.Map<unknown>;

export const dialogueOf = (doc: Y.Doc): Fields => doc.getMap('dialogue');
export const turnsOf = (doc: Y.Doc): Y.Map<Fields> => doc.getMap('turns');
export const candidatesOf = (doc: Y.Doc): Y.Map<Fields> => doc.getMap('candidates');
export const draftOf = (doc: Y.Doc): Y.Text => doc.getText('draft');
/** user → (turn → choice) */
export const choicesOf = (doc: Y.Doc): Y.Map<Fields> => doc.getMap('choices');
/** user → (turn/criterion → rating) */
export const raterMapsOf = (doc: Y.Doc): Y.Map<Fields> => doc.getMap('ratings');
export const commentsOf = (doc: Y.Doc): Fields => doc.getMap('comments');
export const resolvedOf = (doc: Y.Doc): Fields => doc.getMap('resolved');
