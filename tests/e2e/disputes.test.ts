import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { ApiClient } from '../support/api-client.ts';
import { submittedDialogue } from '../support/live-dialogue.ts';
import { signedIn, Workspace } from '../support/pages.ts';
import { RunningServer } from '../support/running-server.ts';

let server: RunningServer;
test.beforeAll(async () => {
	server = await RunningServer.start();
});
test.afterAll(async () => {
	await server?.stop();
});

test('[DISPUTE-3] the annotator disputes, the reviewer upholds with a reason, each at once before the other', async ({
	browser,
}) => {
	const account = async (name: string, role: 'annotator' | 'reviewer' | 'lead') => {
		const email = `${name}@example.org`;
		return { email, ...(await server.person(email, role)) };
	};
	const [one, two, three] = [
		await account('ann', 'annotator'),
		await account('rev', 'reviewer'),
		await account('lea', 'lead'),
	];
	const api = new ApiClient(server.origin, two.token);
	const id = await submittedDialogue(server.origin, new ApiClient(server.origin, one.token), one.token);
	await api.ok('POST', `/dialogues/${id}/claim`);
	await api.ok('POST', `/dialogues/${id}/accept`);
	const ann = new Workspace(await signedIn(browser, server, one));
	const rev = new Workspace(await signedIn(browser, server, two));
	const lead = await signedIn(browser, server, three);
	for (const workspace of [ann, rev]) await workspace.open(id);

	const { keyboard } = ann.page;
	const button = ann.page.getByRole('button', { name: 'Dispute…' });
	await button.press('Enter');
	const reason = ann.page.getByRole('textbox', { name: 'Reason' });
	await expect(reason).toBeFocused();
	await keyboard.press('Control+Enter');
	await expect(reason).toBeFocused();
	await keyboard.type('The source says otherwise.');
	await keyboard.press('Escape');
	await button.press('Enter');
	await expect(reason).toHaveValue('The source says otherwise.');
	await keyboard.press('Control+Enter');
	await expect(reason).toHaveCount(0);
	await expect(button).toHaveCount(0);

	const said = rev.page.getByText('The source says otherwise.');
	await expect(said).toBeVisible();
	await lead.goto('/dialogues');
	await expect(lead.getByRole('row').filter({ hasText: 'Disputed' })).toHaveCount(1);
	for (const page of [rev.page, lead]) {
		const { violations } = await new AxeBuilder({ page }).analyze();
		expect(violations.map(({ id: rule }) => rule)).toEqual([]);
	}
	await rev.page.getByRole('button', { name: 'Uphold…' }).press('Enter');
	await expect(rev.page.getByRole('textbox', { name: 'Reason' })).toBeFocused();
	await rev.page.keyboard.type('It was outdated.');
	await rev.page.keyboard.press('Control+Enter');
	await expect(ann.page.getByText('It was outdated.')).toBeVisible();
	await expect(rev.page.getByRole('button', { name: 'Uphold…' })).toHaveCount(0);
	await expect(ann.page.getByText('Accepted').first()).toBeVisible();
});
