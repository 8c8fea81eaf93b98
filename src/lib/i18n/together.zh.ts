import { han } from './han.ts';
import type { together as English } from './together.en.ts';

export const together: typeof English = {
	presence: '在此对话中',
	observing: (names) => han`${names.join('、')}正在旁观`,
	follow: (name) => han`跟随${name}`,
	following: (name) => han`正在跟随${name}，按 Esc 停止`,
	away: (name) => han`${name}已离开，按 Esc 停止跟随`,
	stop: '停止跟随',
	typing: '正在输入',
	hand: '已举手',
	raised: (name) => han`${name}已举手`,
	raise: '举手',
	lower: '放下手',
	youRaised: '已举手',
	youLowered: '已放下手',
	carets: '他人的光标',
};
