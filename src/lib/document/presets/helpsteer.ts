import { scale, type Preset } from './criteria.ts';

const ASKS_WHY = { from: 0, reasonAt: 1 };
/** Little of it is no fault. */
const NO_REASON = { from: 0, reasonAt: null };

/** The five attributes of NVIDIA's HelpSteer, each from 0 to 4. */
export const helpSteer: Preset = {
	id: 'helpsteer',
	title: { en: 'HelpSteer', zh: 'HelpSteer' },
	about: {
		en: 'Each response by five scales from 0 to 4, as in NVIDIA’s HelpSteer data.',
		zh: '每条回复按五个 0 至 4 分的量表评分，与 NVIDIA HelpSteer 数据一致。',
	},
	rubric: {
		name: 'HelpSteer',
		criteria: [
			scale(
				'helpfulness',
				['Helpfulness', '有用性'],
				['How useful is the response to what was asked, as a whole?', '总体来看，回复对所提要求有多大用处？'],
				ASKS_WHY,
				[
					['Of no use: it misses what was asked.', '没有用处：答非所问。'],
					['Of little use: it misses the essence of what was asked.', '用处很小：没有抓住要点。'],
					['Useful in part: something that was asked is missing.', '部分有用：有要求没有满足。'],
					['Mostly useful: there is something to improve.', '大体有用：仍有改进余地。'],
					['Very useful: it does fully what was asked.', '非常有用：完全满足要求。'],
				],
			),
			scale(
				'correctness',
				['Correctness', '正确性'],
				['Are all facts there that matter, and without errors?', '应有的事实是否齐全，并且没有错误？'],
				ASKS_WHY,
				[
					['Wrong throughout, or made up.', '全部错误，或属于编造。'],
					['Mostly wrong, or most of what matters is missing.', '大部分错误，或缺少大部分要点。'],
					['Right and wrong in about equal parts.', '对错大致各半。'],
					['Mostly right; a small error or gap.', '大体正确，有小错误或小遗漏。'],
					['Right and complete; no error.', '正确而完整，没有错误。'],
				],
			),
			scale(
				'coherence',
				['Coherence', '连贯性'],
				['Does it hang together, in its logic and its style?', '逻辑与文风是否前后一致？'],
				ASKS_WHY,
				[
					['Cannot be understood.', '无法理解。'],
					['Mostly hard to follow; contradicts itself.', '大部分难以理解，自相矛盾。'],
					['Somewhat unclear; some statements do not fit.', '有些不清楚，个别说法不一致。'],
					['Mostly clear; small breaks.', '大体清楚，有小的脱节。'],
					['Clear and consistent throughout.', '通篇清楚、一致。'],
				],
			),
			scale(
				'complexity',
				['Complexity', '复杂度'],
				['What does it take to write such a response?', '写出这样的回复需要怎样的水平？'],
				NO_REASON,
				[
					['Basic: anybody who knows the language can.', '基础：会用该语言的人都能写。'],
					['Simple: a child at school can.', '简单：中小学生能写。'],
					['Average: most adults can.', '中等：多数成年人能写。'],
					['Advanced: it takes some study of the subject.', '较高：需要学过该领域。'],
					['Expert: it takes deep knowledge of the subject.', '专业：需要深入的专业知识。'],
				],
			),
			scale(
				'verbosity',
				['Verbosity', '详细程度'],
				['How long is it, compared with what was asked?', '相对于要求，回复有多长？'],
				NO_REASON,
				[
					['As short as can be.', '极其简短。'],
					['Short; says the necessary.', '较短，只说必要内容。'],
					['Of average length.', '长度适中。'],
					['Rather long; goes into detail.', '较长，有较多细节。'],
					['Very long; more than was asked for.', '很长，超出要求。'],
				],
			),
		],
	},
};
