import type { Author } from '../document/authorship.ts';
import type { Words } from '../i18n/en.ts';
import { hidesSomeBot } from './workspace-choices.ts';
import type { Workspace } from './workspace.svelte.ts';

/** What a page calls an author. */
export function authorName(author: Author, workspace: Workspace, { workspace: w }: Words): string {
	const { me, people, whoWrote } = workspace;
	if (author.kind === 'bot') return (!hidesSomeBot(workspace) && author.name) || w.bot;
	if (author.id === me) return w.you;
	return people.nameOf(author.id) || whoWrote.nameOf(author.id) || w.somebody;
}
