import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { presetOf } from '#lib/document/rubric-presets.ts';
import type { Rubric } from '#lib/document/rubric.ts';
import type { Projects } from '../store/projects.ts';

const KEY = z
	.string()
	.regex(/^[A-Za-z0-9_-]{1,40}$/)
	.refine((key) => key !== '__proto__', 'Not a key');
const text = (max: number) =>
	z
		.string()
		.max(max)
		.refine((said) => !said.includes('\0'), 'No text of the database holds a NUL');
const wording = (max: number) => z.object({ en: text(max), zh: text(max) });
const name = z.object({ en: text(80).min(1), zh: text(80).min(1) });

const haveOwnKeys = (all: readonly { key: string }[]): boolean =>
	new Set(all.map(({ key }) => key)).size === all.length;

const asked = { key: KEY, label: name, help: wording(500), level: z.enum(['turn', 'dialogue']) };
const point = z.object({ value: z.number().int().min(-1000).max(1000), anchor: wording(500) });
const option = z.object({ key: KEY, label: name, anchor: wording(500), reason: z.boolean() });

const criterion = z.discriminatedUnion('kind', [
	z.object({
		...asked,
		kind: z.literal('scale'),
		points: z
			.array(point)
			.min(2)
			.max(11)
			.refine(
				(points) => points.every(({ value }, i) => i === 0 || value > (points[i - 1]?.value ?? value)),
				'Each point is above the one before',
			),
		reasonAt: z.number().int().nullable(),
	}),
	z.object({ ...asked, kind: z.literal('flag'), reason: z.boolean() }),
	z.object({
		...asked,
		kind: z.literal('choice'),
		options: z.array(option).min(2).max(20).refine(haveOwnKeys, 'Each option has a key of its own'),
	}),
]);

/** What a lead publishes: one of the presets by its id, or criteria of their own. */
export const publishing = z.union([
	z.object({
		preset: z
			.string()
			.transform(presetOf)
			.refine((preset) => preset !== undefined, 'There is no such preset'),
	}),
	z.object({
		name: text(120).min(1),
		criteria: z.array(criterion).min(1).max(40).refine(haveOwnKeys, 'Each criterion has a key of its own'),
	}),
]);

/** Makes it the rubric by which dialogues are rated that are opened from now on; what is in use already stays so. */
export async function publishRubric(
	projects: Projects,
	project: number,
	wish: z.infer<typeof publishing>,
): Promise<Rubric> {
	const { name, criteria } = 'preset' in wish ? wish.preset.rubric : wish;
	const inUse = await projects.rubric(project);
	if (inUse && isDeepStrictEqual([inUse.name, inUse.criteria], [name, criteria])) return inUse;
	return projects.addRubric(project, { name, criteria });
}
