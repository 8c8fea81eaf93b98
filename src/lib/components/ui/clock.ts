import { createSubscriber } from 'svelte/reactivity';

/** One timer for every relative time on the page; it runs while somebody looks. */
const subscribe = createSubscriber((update) => {
	const timer = setInterval(update, 20_000);
	return () => clearInterval(timer);
});

/** The time now, in milliseconds; read in a component it is read again as time passes. */
export function now(): number {
	subscribe();
	return Date.now();
}
