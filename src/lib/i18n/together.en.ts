const list = (names: string[]) => new Intl.ListFormat('en', { type: 'conjunction' }).format(names);

/** The words for who is in a dialogue, and for going where they are. */
export const together = {
	presence: 'In this dialogue',
	observing: (names: string[]) => `${list(names)} ${names.length === 1 ? 'is' : 'are'} observing`,
	follow: (name: string) => `Follow ${name}`,
	following: (name: string) => `Following ${name}. Esc to stop`,
	away: (name: string) => `${name} has left. Esc to stop following`,
	stop: 'Stop following',
	typing: 'typing',
	hand: 'hand raised',
	raised: (name: string) => `${name} raised a hand`,
	raise: 'Raise hand',
	lower: 'Lower hand',
	youRaised: 'Your hand is raised',
	youLowered: 'Your hand is lowered',
	carets: 'Other people’s cursors',
};
