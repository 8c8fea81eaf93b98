import { fail, type ActionFailure } from '@sveltejs/kit';
import { API_STATUS, type ApiErrorCode } from '#lib/wire/api-error.ts';

/**
 * The code of a refused command; anything else is thrown on. By shape, not by class: the server's `Refused` is
 * not the one that the pages were bundled with.
 */
export function refusalOf(error: unknown): ApiErrorCode {
	const code = error instanceof Error && 'code' in error ? error.code : null;
	if (typeof code === 'string' && Object.hasOwn(API_STATUS, code)) return code as ApiErrorCode;
	throw error;
}

/** What an action answers when its command is refused. */
export function failWith(error: unknown): ActionFailure<{ refused: ApiErrorCode }> {
	const refused = refusalOf(error);
	return fail(API_STATUS[refused], { refused });
}
