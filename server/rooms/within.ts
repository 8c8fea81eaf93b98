/** It took longer than it may. */
export class TooLate extends Error {}

/** What `work` comes to, or TooLate after `ms`; what becomes of it then is not heard. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new TooLate('not done in time')), Math.max(1, ms));
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}
