/** How the presets are written down. */
import type { FlagCriterion, Level, Rubric, ScaleCriterion, Wording } from '../rubric.ts';

/** A rubric that a project can begin with. */
export interface Preset {
	id: string;
	title: Wording;
	/** What it asks, in a sentence. */
	about: Wording;
	rubric: Omit<Rubric, 'version'>;
}

/** English, then Chinese. */
type Said = readonly [en: string, zh: string];

const wording = ([en, zh]: Said): Wording => ({ en, zh });

/** A scale whose values follow each other from `from` on, one an anchor. */
export const scale = (
	key: string,
	label: Said,
	help: Said,
	given: { from: number; reasonAt: number | null; level?: Level },
	anchors: readonly Said[],
): ScaleCriterion => ({
	key,
	label: wording(label),
	help: wording(help),
	level: given.level ?? 'turn',
	kind: 'scale',
	points: anchors.map((anchor, i) => ({ value: given.from + i, anchor: wording(anchor) })),
	reasonAt: given.reasonAt,
});

export const flag = (key: string, label: Said, help: Said): FlagCriterion => ({
	key,
	label: wording(label),
	help: wording(help),
	level: 'turn',
	kind: 'flag',
	reason: false,
});
