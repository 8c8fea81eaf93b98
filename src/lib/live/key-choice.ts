import { COMMANDS, type CommandId } from './command-table.ts';

/** What a person made of the single keys; a command that is not named has its own. */
export interface KeyChoice {
	readonly off: boolean;
	readonly keys: ReadonlyMap<CommandId, string>;
}

/** Why a key is not taken: another command has it, the ratings have all digits, or it is no sign. */
export type KeyRefusal = { why: 'taken'; by: CommandId } | { why: 'digit' } | { why: 'no-sign' };

export const NO_KEYS: ReadonlyMap<CommandId, string> = new Map();
export const OWN_KEYS: KeyChoice = { off: false, keys: NO_KEYS };

const SINGLE = COMMANDS.filter(({ single }) => single !== undefined);
const SIGN = /^[^\s\p{C}\p{M}]$/u;

/** The key of every command that has one. Two never share: what a person chose goes before what was given. */
export function keysOf({ keys }: KeyChoice): Map<CommandId, string> {
	const taken = new Set(keys.values());
	return new Map(
		SINGLE.flatMap(({ id, single = '' }): [CommandId, string][] => {
			const key = keys.get(id) ?? (taken.has(single) ? null : single);
			return key === null ? [] : [[id, key]];
		}),
	);
}

/** Another key for a command, or why not. Its own again is no choice. */
export function withKey(choice: KeyChoice, id: CommandId, pressed: string): KeyChoice | KeyRefusal {
	const key = pressed.toLowerCase();
	const fault = faultOf(key);
	if (fault) return fault;
	const by = [...keysOf(choice)].find(([other, its]) => its === key && other !== id)?.[0];
	if (by !== undefined) return { why: 'taken', by };
	const keys = new Map(choice.keys);
	if (SINGLE.find((command) => command.id === id)?.single === key) keys.delete(id);
	else keys.set(id, key);
	return { ...choice, keys };
}

/** As it is kept; empty for the keys as they are given. */
export function writeChoice({ off, keys }: KeyChoice): string {
	return new URLSearchParams([...(off ? [['off', '1']] : []), ...keys]).toString();
}

/** Whatever was kept, by this release or another: what cannot be a key, or is one already, is passed over. */
export function readChoice(kept: string | null | undefined): KeyChoice {
	const given = new URLSearchParams(kept ?? '');
	const keys = new Map<CommandId, string>();
	for (const { id, single } of SINGLE) {
		const key = given.get(id)?.toLowerCase();
		if (key === undefined || key === single || faultOf(key) !== null || [...keys.values()].includes(key))
			continue;
		keys.set(id, key);
	}
	return { off: given.get('off') === '1', keys };
}

function faultOf(key: string): Exclude<KeyRefusal, { why: 'taken' }> | null {
	if (!SIGN.test(key)) return { why: 'no-sign' };
	return /\p{Nd}/u.test(key) ? { why: 'digit' } : null;
}
