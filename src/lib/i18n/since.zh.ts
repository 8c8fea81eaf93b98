import type { What } from '../document/changes-since.ts';
import type { since as words } from './since.en.ts';

const WHAT: Record<What, string> = {
	new: '新增',
	text: '文本',
	rating: '评分',
	choice: '选择',
	state: '状态',
};

export const since: typeof words = {
	changed: (what) => `上次查看后的修改：${what.map((one) => WHAT[one]).join('、')}`,
	brief: (what) => `有修改：${what.map((one) => WHAT[one]).join('、')}`,
	dot: '上次查看后有修改',
	tooLong: '此对话的历史过长，无法标出上次查看后的修改',
	tab: '上次查看后',
};
