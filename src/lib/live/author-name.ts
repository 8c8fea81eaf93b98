import type { Author } from '../document/authorship.ts';
import type { Words } from '../i18n/en.ts';
import type { Workspace } from './workspace.svelte.ts';

/** What a page calls an author. */
export function authorName(
	author: Author,
	{ me, people, whoWrote }: Workspace,
	{ workspace: w }: Words,
): string {
	if (author.kind === 'bot') return author.name || w.bot;
	if (author.id === me) return w.you;
	return people.nameOf(author.id) || whoWrote.nameOf(author.id) || w.somebody;
}
