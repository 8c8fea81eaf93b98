export interface SampleTopic {
	title: string;
	brief: string;
	language: 'en' | 'zh';
	/** Dialogues wanted. */
	target: number;
}

/** Topics to begin with, each from a field of its own. */
export const sampleTopics: SampleTopic[] = [
	{
		title: 'Money back for a cancelled train',
		brief:
			'A traveller’s train was cancelled and the operator offers a voucher. They want their money instead. Help them find out what they are owed and write the claim.',
		language: 'en',
		target: 6,
	},
	{
		title: '家里 Wi-Fi 又慢又断',
		brief: '用户家里三个房间，卧室的 Wi-Fi 经常断线。请一步一步帮他找出原因，先不花钱，最后才考虑换设备。',
		language: 'zh',
		target: 6,
	},
	{
		title: 'A landlord who does not fix the heating',
		brief:
			'It is November and the radiators in a rented flat have been cold for a week. The tenant wants them repaired without losing the landlord’s goodwill.',
		language: 'en',
		target: 5,
	},
	{
		title: '给四年级孩子讲分数',
		brief:
			'家长想在家里给孩子讲清楚什么是分数、怎样比较大小。孩子会背口诀，但不明白意思。回复要能直接照着说。',
		language: 'zh',
		target: 5,
	},
	{
		title: 'Removing duplicates from a contact spreadsheet',
		brief:
			'An office worker has 3,000 contacts in a spreadsheet, many of them twice with small differences in spelling. They know basic formulas, but have never written a script.',
		language: 'en',
		target: 5,
	},
	{
		title: '在阳台上种番茄',
		brief:
			'用户住在高层，有一个朝南的小阳台，想从买苗开始种两盆番茄。请按季节说明步骤，并解释叶子发黄等常见问题。',
		language: 'zh',
		target: 4,
	},
	{
		title: 'Compound interest for a fifteen-year-old',
		brief:
			'A teenager has saved some pocket money and asks why it matters to start early. Explain with small numbers, and be honest that returns are not certain.',
		language: 'en',
		target: 4,
	},
	{
		title: '买一辆二手自行车',
		brief:
			'用户预算八百元，想买一辆上下班用的二手自行车。请教他怎么看车、怎么验货、怎么还价，并提醒哪些车不能买。',
		language: 'zh',
		target: 4,
	},
	{
		title: 'Starting to run after years of sitting',
		brief:
			'Somebody in their forties wants to run five kilometres by spring and has not exercised for years. Build a careful plan, and say when to see a doctor.',
		language: 'en',
		target: 4,
	},
	{
		title: '准备一分半钟的面试自我介绍',
		brief:
			'用户做了三年客服，想转到产品运营岗位。请帮他写一段面试用的自我介绍，真实、具体，念出来不超过九十秒。',
		language: 'zh',
		target: 5,
	},
	{
		title: 'Saying no to a colleague without a quarrel',
		brief:
			'A colleague keeps asking for help with reports close to the deadline. Help the user write a short e-mail that declines this time and proposes a better way.',
		language: 'en',
		target: 5,
	},
	{
		title: '陪老人去大医院看病',
		brief:
			'用户要陪七十岁的母亲第一次去外地的大医院。请说明预约、带什么、当天的流程和怎么向医生描述症状。不要代替医生下诊断。',
		language: 'zh',
		target: 5,
	},
	{
		title: 'Dinner from what is left in the fridge',
		brief:
			'It is eight in the evening, the shops are closed, and there are half a dozen odd ingredients. Suggest one dinner for two in half an hour, and keep food safety in mind.',
		language: 'en',
		target: 4,
	},
	{
		title: '读懂一首唐诗',
		brief:
			'高中生要在课堂上讲一首杜甫的五言律诗。请带着他读：先读准，再读懂，最后说出自己的看法，不要直接给现成的赏析。',
		language: 'zh',
		target: 4,
	},
];
