/** Why nobody was let in: a field to correct, an account with another password, too many tries, a used link. */
export type AccountFault =
	{ why: 'name' | 'email' | 'password' | 'wrong' | 'link' } | { why: 'slow'; seconds: number };
