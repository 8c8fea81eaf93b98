/** The rubrics that a project can begin with, in the order in which they are offered. */
import { wholeDialogue } from './presets/dialogue.ts';
import type { Preset } from './presets/criteria.ts';
import { helpfulHonestHarmlessPreset } from './presets/helpful-honest-harmless.ts';
import { helpSteer } from './presets/helpsteer.ts';
import { instructGpt } from './presets/instructgpt.ts';
import { openAssistant } from './presets/open-assistant.ts';

export const PRESETS: readonly Preset[] = [
	helpfulHonestHarmlessPreset,
	helpSteer,
	instructGpt,
	openAssistant,
	wholeDialogue,
];

export const presetOf = (id: unknown): Preset | undefined => PRESETS.find((preset) => preset.id === id);
