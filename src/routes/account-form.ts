import { fail } from '@sveltejs/kit';
import type { AccountFault } from '#lib/components/entry/account-fault.ts';
import { secretOf, textOf } from './form-fields.ts';
import { refusalOf } from './refusal.ts';

/** What the account form says. */
export function readAccount(form: FormData, locals: App.Locals) {
	return {
		name: textOf(form, 'name'),
		email: textOf(form, 'email'),
		password: secretOf(form, 'password'),
		locale: locals.locale,
	};
}

type Refusal = { why: 'wrong' | 'slow' | 'link'; retryAfterSeconds?: number };

/** Answers who was not let in; the password does not come back. */
export function failAccount(
	{ name, email }: { name: string; email: string },
	refused: Refusal | AccountFault,
) {
	const fault: AccountFault =
		refused.why === 'slow'
			? { why: 'slow', seconds: 'seconds' in refused ? refused.seconds : (refused.retryAfterSeconds ?? 1) }
			: { why: refused.why };
	return fail(fault.why === 'slow' ? 429 : 400, { fault, typed: { name, email } });
}

/** Which field a refused account names; anything else is thrown on. */
export function faultOf(error: unknown): AccountFault {
	if (refusalOf(error) !== 'bad-input') throw error;
	const details = error instanceof Error && 'details' in error ? error.details : null;
	const field = details && typeof details === 'object' && 'field' in details ? details.field : null;
	if (field === 'name' || field === 'email' || field === 'password') return { why: field };
	throw error;
}
