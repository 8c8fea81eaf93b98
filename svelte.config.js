import adapter from '@sveltejs/adapter-node';

/** @type {import('@sveltejs/kit').Config} */
export default {
	compilerOptions: { runes: true },
	kit: {
		adapter: adapter(),
		serviceWorker: { register: false }, // by the pages that it is for
		csp: {
			mode: 'auto',
			directives: {
				'default-src': ['self'],
				'style-src': ['self', 'unsafe-inline'], // CodeMirror writes its themes into style elements
				'img-src': ['self', 'data:'],
				'connect-src': ['self'],
				'object-src': ['none'],
				'base-uri': ['none'],
				'form-action': ['self'],
				'frame-ancestors': ['none'],
			},
		},
		typescript: {
			config: (config) => ({
				...config,
				exclude: config.exclude.filter((path) => !path.includes('service-worker')),
				include: [
					...config.include,
					'../server/**/*.ts',
					'../tests/**/*.ts',
					'../.config/*',
					'../*.ts',
					'../*.js',
				],
			}),
		},
	},
};
