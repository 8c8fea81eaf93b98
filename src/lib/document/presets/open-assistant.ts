import { flag, scale, type Preset } from './criteria.ts';

/** Open-Assistant's labels of a message. */
export const openAssistant: Preset = {
	id: 'open-assistant',
	title: { en: 'Open-Assistant', zh: 'Open-Assistant' },
	about: {
		en: 'Each response by five scales from 0 to 4 and six flags, as Open-Assistant’s labels.',
		zh: '每条回复按五个 0 至 4 分的量表评分，并标记六类问题，与 Open-Assistant 标签一致。',
	},
	rubric: {
		name: 'Open-Assistant',
		criteria: [
			scale(
				'quality',
				['Quality', '质量'],
				['How good is the message as a whole?', '总体来看，这条消息有多好？'],
				{ from: 0, reasonAt: 1 },
				[
					['Very low: of no use.', '很低：毫无用处。'],
					['Low: serious faults.', '低：有严重问题。'],
					['Average.', '中等。'],
					['High: small faults.', '高：有小问题。'],
					['Very high: nothing to improve.', '很高：无需改进。'],
				],
			),
			scale(
				'humor',
				['Humor', '幽默'],
				['Is it serious or funny?', '是严肃还是幽默？'],
				{ from: 0, reasonAt: null },
				[
					['Entirely serious.', '完全严肃。'],
					['Mostly serious.', '比较严肃。'],
					['Neither serious nor funny.', '不严肃也不幽默。'],
					['Somewhat funny.', '有些幽默。'],
					['Very funny.', '非常幽默。'],
				],
			),
			scale(
				'creativity',
				['Creativity', '创意'],
				['Is it ordinary or creative?', '是寻常还是有创意？'],
				{ from: 0, reasonAt: null },
				[
					['Entirely ordinary.', '完全寻常。'],
					['Mostly ordinary.', '比较寻常。'],
					['An idea here or there.', '偶有新意。'],
					['Creative.', '有创意。'],
					['Very creative.', '极富创意。'],
				],
			),
			scale(
				'politeness',
				['Politeness', '礼貌'],
				['Is it rude or polite?', '是粗鲁还是礼貌？'],
				{ from: 0, reasonAt: null },
				[
					['Very rude.', '非常粗鲁。'],
					['Rather rude.', '有些粗鲁。'],
					['Neutral.', '中性。'],
					['Polite.', '礼貌。'],
					['Very polite.', '非常礼貌。'],
				],
			),
			scale(
				'violence',
				['Violence', '暴力'],
				['Is it harmless or violent?', '是平和还是暴力？'],
				{ from: 0, reasonAt: null },
				[
					['No violence at all.', '完全没有暴力。'],
					['A hint of it.', '略有涉及。'],
					['It is spoken of.', '谈到暴力。'],
					['Violent.', '暴力。'],
					['Very violent, or calls for it.', '非常暴力，或鼓动暴力。'],
				],
			),
			flag('spam', ['Spam', '垃圾内容'], ['It is meaningless, or advertises.', '没有意义，或属于广告。']),
			flag(
				'fails-task',
				['Fails the task', '未完成任务'],
				['It does not do what the prompt asks.', '没有完成用户的要求。'],
			),
			flag(
				'wrong-language',
				['Wrong language', '语言不符'],
				['It is in another language than it should be.', '使用的语言不对。'],
			),
			flag(
				'pii',
				['Personal data', '个人信息'],
				['It names data by which a person can be identified.', '含有可识别个人身份的信息。'],
			),
			flag('hate', ['Hate', '仇恨言论'], ['It attacks people for what they are.', '因身份攻击他人。']),
			flag('sexual', ['Sexual', '色情'], ['It has sexual content.', '含有色情内容。']),
		],
	},
};
