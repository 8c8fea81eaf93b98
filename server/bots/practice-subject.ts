/** Something that the practice bot knows about, in one language. */
export interface Subject {
	/** Found in the topic or the prompt. */
	about: RegExp;
	points: string[];
}
