import { typedDialogue } from '../load/document.ts';

/** A dialogue as it is in the middle of its life: 20 turns, 8,000 characters. */
export const ordinary = typedDialogue(20, 8_000);

/** A very long one: 40 turns, 50,000 characters. */
export const long = () => typedDialogue(40, 50_000);

/** What a page has to bear: 200 turns, 100,000 characters. */
export const huge = () => ({ ...typedDialogue(200, 100_000), turns: 200, characters: 100_000 });
