interface PageEvents {
	/** Whether leaving now has to be asked about. */
	asksToStay(): boolean;
	/** It may never be seen again. */
	hidden(): void;
	seen(): void;
	networkLost(): void;
	networkFound(): void;
}

/** Hears what the browser tells the page. @returns what ends it. */
export function hearPage(page: PageEvents): () => void {
	const heard: [string, (event: Event) => void][] = [
		['beforeunload', (event) => page.asksToStay() && event.preventDefault()],
		['pagehide', () => page.hidden()],
		['visibilitychange', () => (document.visibilityState === 'hidden' ? page.hidden() : page.seen())],
		['offline', () => page.networkLost()],
		['online', () => page.networkFound()],
	];
	for (const [name, hear] of heard) addEventListener(name, hear);
	return () => {
		for (const [name, hear] of heard) removeEventListener(name, hear);
	};
}
