/** The house of DESIGN.md: imports only go down this list. */
const layers = [
	['document', '^src/lib/document/'],
	['wire', '^src/lib/wire/'],
	['measure', '^src/lib/measure/'],
	['formats', '^src/lib/formats/'],
	['store', '^server/store/'],
	['bots', '^server/bots/'],
	['gate', '^server/gate/'],
	['rooms', '^server/rooms/'],
	['workflow', '^server/workflow/'],
	['http', '^server/http/'],
	['composition', '^server/[^/]+\\.ts$|^server/cli/'],
];

const pure = '^src/lib/(document|wire|measure|formats)/';

module.exports = {
	forbidden: [
		...layers.map(([name, path], i) => ({
			name: `${name}-imports-only-downwards`,
			severity: 'error',
			from: { path },
			// What the composition is made of may be named by its type.
			to: {
				dependencyTypesNot: name === 'http' ? ['type-only'] : [],
				path:
					layers
						.slice(i + 1)
						.map(([, above]) => above)
						.join('|') || '^$',
				pathNot: '^server/config\\.ts$',
			},
		})),
		{
			name: 'pure-stays-pure',
			severity: 'error',
			from: { path: pure },
			to: { pathNot: `${pure}|^node_modules/`, dependencyTypesNot: ['type-only'] },
		},
		{
			name: 'pure-uses-no-node',
			severity: 'error',
			from: { path: pure },
			to: { dependencyTypes: ['core'] },
		},
		{
			name: 'server-never-imports-pages',
			severity: 'error',
			from: { path: '^server/' },
			to: { path: '^src/', pathNot: pure },
		},
		{
			name: 'pages-see-server-types-only',
			severity: 'error',
			from: { path: '^src/' },
			to: { path: '^server/', dependencyTypesNot: ['type-only'] },
		},
		{
			name: 'browser-layers',
			severity: 'error',
			from: { path: '^src/lib/(live|text|i18n)/' },
			to: { path: '^src/(lib/components|routes)/' },
		},
		{
			name: 'components-below-routes',
			severity: 'error',
			from: { path: '^src/lib/' },
			to: { path: '^src/routes/' },
		},
		{
			name: 'no-cycles',
			severity: 'error',
			from: {},
			to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
		},
		{
			name: 'unresolved',
			severity: 'error',
			from: {},
			to: { couldNotResolve: true, pathNot: '^(\\$(app|service-worker)|\\./\\$types|\\.\\./build)' },
		},
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
		enhancedResolveOptions: {
			exportsFields: ['exports'],
			conditionNames: ['svelte', 'import', 'node', 'types', 'default'],
			extensions: ['.ts', '.js', '.svelte', '.mjs'],
		},
	},
};
