/** What people ask and bots say in the pictures. */
export type Language = 'en' | 'zh';

export const REFUND = 'I booked a train for tomorrow and it was cancelled. Can I get my money back?';
export const OWED = 'And if I take the next train instead, what am I owed?';
export const QUANTUM = '用一句话说明量子计算和普通计算的区别。';
export const KETTLE = '怎样除去水壶里的水垢？';

const FIRST: Record<string, string> = {
	[REFUND]:
		'Yes. A cancelled train means a full refund, also of a ticket that cannot be returned otherwise.\n\n1. Keep the ticket and its booking number.\n2. Ask for the refund where you bought it.\n3. It is paid within 14 days.',
	[OWED]:
		'You keep the ticket and may travel on the next train. For a delay of an hour you are owed 25 % of the fare, from two hours on 50 %.\n\nAsk for written confirmation of the cancellation at the desk, and claim within three months.',
	[QUANTUM]:
		'普通计算用比特，每一位不是 0 就是 1；量子计算用量子比特，可以处于两者的叠加，因此某些问题能算得更快。',
	[KETTLE]:
		'1. 倒入等量的白醋和水，没过水垢。\n2. 煮沸后关火，静置 30 分钟。\n3. 倒掉，用清水煮一次，再冲洗干净。',
};
const SECOND: Record<string, string> = {
	[KETTLE]: '加两勺柠檬酸和半壶水，煮开后泡 20 分钟，水垢会自己脱落。最后用清水冲两遍，不会留下味道。',
};

const last = (messages: { content: string }[]): string => messages.at(-1)?.content ?? '';
export const ANSWERS = (messages: { content: string }[]): string => FIRST[last(messages)] ?? '…';
export const OTHER_ANSWERS = (messages: { content: string }[]): string =>
	SECOND[last(messages)] ?? ANSWERS(messages);
