import type { Services } from '#server/services.ts';
import type { Membership } from '#server/store/projects.ts';
import type { User } from '#server/store/users.ts';
import type { Locale } from '#lib/i18n/words.ts';
import type { Density } from '#lib/i18n/density.ts';
import type { Theme } from '#lib/i18n/theme.ts';

declare global {
	namespace App {
		interface Locals {
			services: Services;
			user: User | null;
			/** The session's plain id, when there is one. */
			sessionId: string | null;
			locale: Locale;
			theme: Theme;
			density: Density;
			projects: Membership[];
			/** The project that pages are about: the first. */
			project: Membership | null;
			/** Sends a whole Set-Cookie line with the answer. */
			handBack(cookie: string): void;
		}
		interface Error {
			message: string;
			/** Says more than the status: `no-project`. */
			code?: string;
		}
	}
}
