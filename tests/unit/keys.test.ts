import { expect, test } from 'vitest';
import { COMMANDS, type CommandId } from '../../src/lib/live/command-table.ts';
import {
	keysOf,
	OWN_KEYS,
	readChoice,
	withKey,
	writeChoice,
	type KeyChoice,
} from '../../src/lib/live/key-choice.ts';
import { capsOf } from '../../src/lib/live/workspace-keys.ts';

/** What it is after these changes, each of which must be taken. */
function chosen(...changes: [CommandId, string][]): KeyChoice {
	return changes.reduce((choice, [id, key]) => {
		const next = withKey(choice, id, key);
		if ('why' in next) throw new Error(`${id} ${key}: ${next.why}`);
		return next;
	}, OWN_KEYS);
}
const keyOf = (choice: KeyChoice, id: CommandId) => keysOf(choice).get(id);
const shared = (choice: KeyChoice) => {
	const keys = [...keysOf(choice).values()];
	return keys.filter((key, i) => keys.indexOf(key) !== i);
};

test('[KEY-1] no two commands have one id, one single key, or one chord in one place', () => {
	const twice = (all: (string | undefined)[]) =>
		all.filter((one, i) => one !== undefined && all.indexOf(one) !== i);
	expect(twice(COMMANDS.map(({ id }) => id))).toEqual([]);
	expect(twice(COMMANDS.map(({ single }) => single))).toEqual([]);
	expect(twice(COMMANDS.map(({ chord, scope }) => chord && `${scope} ${chord}`))).toEqual([]);
	expect(shared(OWN_KEYS)).toEqual([]);
});

test('[KEY-3] a single key can be another, and its own again is no choice', () => {
	const choice = chosen(['next', 'L'], ['previous', 'j'], ['help', 'ж']);
	expect([keyOf(choice, 'next'), keyOf(choice, 'previous'), keyOf(choice, 'help')]).toEqual(['l', 'j', 'ж']);
	expect(keyOf(choice, 'edit')).toBe('e');
	const back = chosen(['next', 'l'], ['next', 'j']);
	expect(back.keys.size).toBe(0);
	expect(writeChoice(back)).toBe('');
});

test('[KEY-3] a key that is taken, a digit, and what is no sign are refused with the reason', () => {
	expect(withKey(OWN_KEYS, 'next', 'k')).toEqual({ why: 'taken', by: 'previous' });
	expect(withKey(chosen(['edit', 'r']), 'next', 'R')).toEqual({ why: 'taken', by: 'edit' });
	for (const digit of ['0', '4', '９', '٤'])
		expect(withKey(OWN_KEYS, 'next', digit)).toEqual({ why: 'digit' });
	for (const key of ['', ' ', '\t', 'Enter', 'jj', '\u0301', '\u200b'])
		expect(withKey(OWN_KEYS, 'next', key), JSON.stringify(key)).toEqual({ why: 'no-sign' });
});

test('[KEY-4] what is kept comes back as it was', () => {
	for (const choice of [
		OWN_KEYS,
		{ ...OWN_KEYS, off: true },
		chosen(['next', 'l'], ['previous', 'j'], ['next', 'k']), // the two exchanged
		chosen(['next', '&'], ['previous', '='], ['unrated', '%'], ['edit', '+'], ['help', 'й']),
	])
		expect(readChoice(writeChoice(choice))).toEqual(choice);
});

test.each([
	['a command that is gone', 'gone=q&next=l', { next: 'l', previous: 'k' }],
	['a digit', 'next=4', { next: 'j' }],
	['a word', 'next=long', { next: 'j' }],
	['two with one key', 'next=l&previous=l', { next: 'l', previous: 'k' }],
	['the key of another', 'next=e', { next: 'e', edit: undefined }],
	['a chord that has none', 'submit=s', { submit: undefined }],
	['the same twice', 'next=l&next=m', { next: 'l' }],
	['nonsense', '%%%=&&&__proto__=x', { next: 'j' }],
])('[KEY-4] %s never gives two commands one key, nor a digit', (_, kept, expected) => {
	const choice = readChoice(kept);
	const keys = Object.fromEntries(Object.keys(expected).map((id) => [id, keyOf(choice, id as CommandId)]));
	expect(keys).toEqual(expected);
	expect(shared(choice)).toEqual([]);
});

test('[KEY-4] a command whose key a person gave to another, before it was there, has none until it is given one', () => {
	const choice = readChoice('next=e');
	expect(withKey(choice, 'edit', 'e')).toEqual({ why: 'taken', by: 'next' });
	const given = withKey(choice, 'edit', 'r');
	expect('why' in given ? given : [keyOf(given, 'next'), keyOf(given, 'edit')]).toEqual(['e', 'r']);
});

test('[KEY-1] a key is told as it is printed', () => {
	expect(capsOf('Mod+Shift+Enter')).toEqual(['Ctrl/⌘', 'Shift', 'Enter']);
	expect(capsOf('j')).toEqual(['J']);
	expect(capsOf('+')).toEqual(['+']);
	expect(capsOf('1–9')).toEqual(['1–9']);
});
