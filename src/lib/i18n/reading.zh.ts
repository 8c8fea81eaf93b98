import type { reading as English } from './reading.en.ts';

const count = (n: number) => n.toLocaleString('zh-CN');

export const reading: typeof English = {
	warnings: (n) => `${n} 处提醒`,
	warningsHint: '不可见字符和全半角混用的标点，只提醒，不改动文本',
	warning: {
		'zero-width': '零宽字符',
		direction: '文字方向控制符',
		space: '特殊空格',
		control: '控制字符',
		'half-width': '中文中的半角标点',
		'full-width': '西文中的全角标点',
	},
	times: (n) => `连续 ${n} 个`,
	moreWarnings: (n) => `另有 ${n} 处`,

	find: '在对话中查找',
	found: (nth, all) => `${nth} / ${all}`,
	notFound: '没有找到',
	next: '下一处（Enter）',
	previous: '上一处（Shift Enter）',
	originals: '同时查找原始回复',
	closeFind: '关闭（Esc）',

	beginning: (shown, all) => `仅预览前 ${count(shown)} 个字符，共 ${count(all)} 个，全文见定稿`,
	noPreview: '预览未能加载，以下为原文',
};
