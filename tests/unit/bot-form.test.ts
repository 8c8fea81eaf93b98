import { expect, test } from 'vitest';
import { readBot } from '../../src/routes/(app)/settings/bot-form.ts';

const STORED = {
	id: 1,
	project: 1,
	name: 'Atlas',
	kind: 'openai',
	baseUrl: 'https://llm.example.org/v1',
	model: 'atlas-2',
	hasKey: true,
	systemPrompt: '',
	temperature: null,
	timeoutSeconds: 60,
	enabled: true,
} as const;

function form(fields: Record<string, string>): FormData {
	const data = new FormData();
	const all = { name: 'Atlas', systemPrompt: '', temperature: '', timeoutSeconds: '60', ...fields };
	for (const [name, value] of Object.entries(all)) data.set(name, value);
	return data;
}
const endpoint = { kind: 'openai', baseUrl: 'https://llm.example.org/v1', model: 'atlas-2' };

test('[BOT-FORM-1] an empty key leaves the stored one alone', () => {
	const read = readBot(form({ ...endpoint, key: '' }), STORED);
	expect(read).toMatchObject({ ok: true });
	expect(read.ok && 'key' in read.bot).toBe(false);
});

test.each(['https://evil.example/v1', 'http://llm.example.org/v1', 'https://llm.example.org:8443/v1'])(
	'[BOT-FORM-2] a stored key does not go to another address: %s',
	(baseUrl) => {
		expect(readBot(form({ ...endpoint, baseUrl, key: '' }), STORED)).toEqual({
			ok: false,
			faults: { key: 'keyAgain' },
		});
		expect(readBot(form({ ...endpoint, baseUrl, key: 'new' }), STORED)).toMatchObject({
			ok: true,
			bot: { key: 'new', baseUrl },
		});
	},
);

test('[BOT-FORM-3] every fault is named at its field', () => {
	const read = readBot(
		form({ kind: 'openai', name: ' ', baseUrl: 'ftp://x', model: '', temperature: '3', timeoutSeconds: '0' }),
		null,
	);
	expect(read).toMatchObject({
		ok: false,
		faults: {
			name: 'name',
			baseUrl: 'baseUrl',
			temperature: 'temperature',
			timeoutSeconds: 'timeoutSeconds',
		},
	});
	expect(readBot(form({ kind: 'openai', baseUrl: '', model: '' }), null)).toEqual({
		ok: false,
		faults: { baseUrl: 'baseUrl', model: 'model' },
	});
});

test('[BOT-FORM-4] the practice bot needs neither address nor key, and a kind does not change', () => {
	expect(readBot(form({ kind: 'practice' }), null)).toMatchObject({ ok: true, bot: { kind: 'practice' } });
	expect(readBot(form({ ...endpoint, kind: 'practice' }), STORED)).toMatchObject({ bot: { kind: 'openai' } });
});
