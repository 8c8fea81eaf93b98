import type { dispute as words } from './dispute.en.ts';
import { han } from './han.ts';

export const dispute: typeof words = {
	dispute: '申诉…',
	disputed: '有申诉',
	filter: '申诉',
	none: '没有待答复的申诉',
	title: { dispute: '对审核结果申诉', uphold: '维持审核结果' },
	lead: {
		dispute: '审核员和负责人会看到原因。答复之前，对话保持原状。',
		uphold: '审核结果不变，标注员会看到原因。',
	},
	reason: '原因',
	confirm: { dispute: '提交申诉', uphold: '维持' },
	by: (name) => han`${name}对审核结果提出申诉`,
	upheldBy: (name) => han`${name}维持了审核结果`,
	reopen: '重新审核',
	uphold: '维持…',
};
