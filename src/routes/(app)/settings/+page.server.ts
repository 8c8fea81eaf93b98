import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { presetOf, PRESETS } from '#lib/document/rubric-presets.ts';
import type { BotSettings } from '#server/store/bots.ts';
import { memberAs } from '../../access.ts';
import { idOf } from '../../form-fields.ts';
import { readBot } from './bot-form.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { project } = memberAs(locals, 'lead');
	const { services } = locals;
	const [bots, settings, rubric] = await Promise.all([
		services.bots.list(project.id),
		services.projects.get(project.id),
		services.projects.rubric(project.id),
	]);
	const edit = url.searchParams.get('edit');
	return {
		bots,
		blind: settings?.blind ?? false,
		responses: settings?.responses ?? 1,
		rubric,
		presets: PRESETS,
		first: bots.find(({ enabled }) => enabled)?.id ?? null,
		editing: edit === 'new' ? ('new' as const) : (bots.find(({ id }) => String(id) === edit)?.id ?? null),
	};
};

const RESPONSES = z.coerce.number().int().min(1).max(4);

/** @throws 404 unless it is a bot of the lead's own project. */
async function botIn(locals: App.Locals, form: FormData): Promise<BotSettings> {
	const { project } = memberAs(locals, 'lead');
	const bot = await locals.services.bots.get(idOf(form));
	if (bot?.project !== project.id) error(404, 'not-found');
	return bot;
}

export const actions: Actions = {
	save: async ({ locals, request }) => {
		const { project } = memberAs(locals, 'lead');
		const { bots } = locals.services;
		const form = await request.formData();
		const stored = form.has('id') ? await botIn(locals, form) : null;
		const read = readBot(form, stored);
		if (!read.ok) {
			form.delete('key');
			return fail(400, { faults: read.faults, typed: Object.fromEntries(form) as Record<string, string> });
		}
		await (stored ? bots.update(stored.id, read.bot) : bots.add(project.id, read.bot));
		redirect(303, '/settings');
	},
	enabled: async ({ locals, request }) => {
		const form = await request.formData();
		const bot = await botIn(locals, form);
		await locals.services.bots.update(bot.id, { enabled: form.get('enabled') === 'true' });
		return {};
	},
	blind: async ({ locals, request }) => {
		const { project } = memberAs(locals, 'lead');
		const form = await request.formData();
		await locals.services.projects.setBlind(project.id, form.get('blind') === 'true');
		return {};
	},
	responses: async ({ locals, request }) => {
		const { project } = memberAs(locals, 'lead');
		const responses = RESPONSES.safeParse((await request.formData()).get('responses'));
		if (!responses.success) error(400, 'bad-input');
		await locals.services.projects.setResponses(project.id, responses.data);
		return {};
	},
	rubric: async ({ locals, request }) => {
		const { project } = memberAs(locals, 'lead');
		const preset = presetOf((await request.formData()).get('preset'));
		if (!preset) error(400, 'bad-input');
		await locals.services.workflow.publishRubric(project.id, { preset });
		return {};
	},
	test: async ({ locals, request }) => {
		const bot = await botIn(locals, await request.formData());
		const key = await locals.services.bots.keyOf(bot.id);
		const trial = await locals.services.workflow.testBot(bot, key ?? '', locals.locale);
		return { tested: bot.id, trial };
	},
};
