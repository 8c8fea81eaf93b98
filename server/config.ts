import { z } from 'zod';

const schema = z.object({
	HOST: z.string().default('127.0.0.1'),
	PORT: z.coerce.number().int().min(0).max(65535).default(3000),
	/** The public URLs that people open, separated by commas; empty: whatever host they ask for. */
	ORIGIN: z
		.string()
		.default('')
		.transform((text) =>
			text
				.split(',')
				.map((one) => one.trim())
				.filter(Boolean),
		) // prettier-ignore
		.pipe(z.array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin))),
	/** postgres://…; empty: the embedded database in DATA_DIR. */
	DATABASE_URL: z.union([z.literal(''), z.url({ protocol: /^postgres(ql)?$/ })]).default(''),
	DATA_DIR: z.string().min(1).default('data'),
	/** Encrypts what must not be readable in the database; empty: made once and kept in DATA_DIR. */
	SECRET_KEY: z.union([z.literal(''), z.string().min(16, 'at least 16 characters')]).default(''),
	TRUST_PROXY: z
		.union([z.literal(''), z.stringbool()])
		.default(false)
		.transform(Boolean),
	LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
	/** A first bot for the sample project. */
	BOT_BASE_URL: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
	BOT_MODEL: z.string().default(''),
	BOT_API_KEY: z.string().default(''),
});

export type Config = Readonly<z.infer<typeof schema>>;

/** Reads the environment; throws one error that names every fault. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
	const result = schema
		.refine((config) => config.BOT_BASE_URL === '' || config.BOT_MODEL !== '', {
			path: ['BOT_MODEL'],
			message: 'BOT_BASE_URL needs a BOT_MODEL',
		})
		.safeParse(env);
	if (result.success) return Object.freeze(result.data);
	const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
	throw new Error(
		`The environment has ${faults.length} fault${faults.length > 1 ? 's' : ''}:\n${faults.join('\n')}`,
	);
}
