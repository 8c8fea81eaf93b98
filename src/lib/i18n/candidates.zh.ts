import type { candidates as English } from './candidates.en.ts';

export const candidates: typeof English = {
	group: '候选回复',
	shown: '显示的候选回复',
	one: (slot) => `候选回复 ${slot}`,
	writing: (words) => `${words} · 正在生成`,
	stop: (slot) => `停止生成候选回复 ${slot}`,
	copied: '已复制到定稿',
	best: '最佳回复',
	tie: '不相上下',
	bad: '都不好',
	degree: '好多少',
	degrees: { 1: '略好', 2: '更好', 3: '好得多' },
	chose: (name, what) => `${name}：${what}`,
	byDegree: (slot, degree) => `${slot}，${degree}`,
	hidden: '选择之后显示机器人名称',
	choose: '选出最佳回复，将其复制到这里',
	waits: '标注员选出的回复会复制到这里',
	written: '重新编写',
	chooseFirst: '先选出最佳回复',
	chooseAgain: (slot) => `再次选择 ${slot} 即可恢复`,
	ready: (n) => `${n} 条回复已完成`,
};
