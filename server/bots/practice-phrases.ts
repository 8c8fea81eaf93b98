import type { Subject } from './practice-subject.ts';
import { ENGLISH } from './practice-subjects.en.ts';
import { CHINESE } from './practice-subjects.zh.ts';

/** What an answer is put together from. `{q}` is the prompt, `{before}` the bot's last answer, `{k}` a word of the prompt. */
export interface Phrases {
	openings: string[];
	followUps: string[];
	/** A point about the topic's brief, `{brief}`. */
	brief: string;
	/** Points that fit any word. */
	onWord: string[];
	/** Small faults, so that there is something to correct. */
	flaws: string[];
	closings: string[];
	subjects: Subject[];
	/** Points for a subject that it knows nothing about. */
	general: string[];
	/** An answer gets further points until it has `enough`, and none past `plenty`; in words or Han characters. */
	enough: number;
	plenty: number;
}

const en: Phrases = {
	openings: [
		'You asked: “{q}”. Here is how I would go about it, one step after the other.',
		'A short answer to “{q}”: begin with what you can check yourself, then get help with the rest.',
		'Let me take “{q}” as it stands and keep to what you can do this week.',
		'With “{q}”, a few things make most of the difference, and none of them is difficult.',
	],
	followUps: [
		'Now you ask: “{q}”. It follows from what I said before, “{before}”, so I will build on that.',
		'Earlier I said: “{before}”. For “{q}” I would go one step further.',
		'“{q}” is a fair thing to ask after “{before}”. Here is what I would add.',
		'Let us go back to “{before}” for a moment: with “{q}” in mind, these points matter more.',
	],
	brief: 'Keep the situation in view: “{brief}”.',
	onWord: [
		'On “{k}”: list what you already know and what you still have to find out, then do the second list first.',
		'Set a limit for “{k}” before you begin, such as one hour or one page, so that it stays manageable.',
		'Do not skip “{k}”; five minutes spent on it at the start save a long correction later.',
		'Give “{k}” something that can be checked: a date, an amount or a name.',
		'Ask somebody who has dealt with “{k}” recently what surprised them most.',
		'Write one sentence about what a good result for “{k}” looks like, and keep it next to you.',
	],
	flaws: [
		'On the whole it depends on a number of things, but it usually works out somehow.',
		'This works in every case, so you do not need to check anything else.',
		'There are also various other aspects that can be important in some situations.',
		'As everybody knows, this is important because it really matters.',
	],
	closings: [
		'Which of these points would you like me to spell out in more detail?',
		'What have you tried so far, and where did you get stuck?',
		'Is there a date or a limit that I should know about?',
		'Who else is involved, and what do they expect from you?',
	],
	subjects: ENGLISH,
	general: [
		'Say in one sentence who it is for and what they should be able to do afterwards.',
		'Collect the facts you are sure of first, and mark every guess with a question mark.',
		'Make a rough version in twenty minutes; it shows what is missing sooner than a plan does.',
		'Look at one good example from somebody else and note the two things that make it work.',
		'Cut whatever does not serve the aim, even if it took you an hour.',
		'Let a day pass, or let somebody else look, before you call it finished.',
	],
	enough: 80,
	plenty: 120,
};

const zh: Phrases = {
	openings: [
		'你问的是“{q}”。我按先后顺序说，照着一步一步做就可以。',
		'关于“{q}”，先做自己能确认的部分，剩下的再找人帮忙。',
		'就“{q}”来说，真正起作用的只有几件事，而且都不难。',
		'先直接回答“{q}”：下面几点这个星期就能做完。',
	],
	followUps: [
		'现在你问“{q}”。这和我前面说的“{before}”有关，我接着往下讲。',
		'前面提到“{before}”。针对“{q}”，可以再往前走一步。',
		'说完“{before}”，再问“{q}”很自然，我补充下面几点。',
		'先回到“{before}”这一点：结合“{q}”来看，下面几条更要紧。',
	],
	brief: '别忘了实际情况：“{brief}”。',
	onWord: [
		'关于“{k}”，把已经知道的和还要打听的分成两列，先处理第二列。',
		'动手之前给“{k}”定一个上限，比如一个小时或者一页纸，免得越做越大。',
		'不要跳过“{k}”，开始时多花五分钟，后面能少改很多。',
		'给“{k}”配上一个能核对的东西，比如日期、金额或者人名。',
		'找一个最近处理过“{k}”的人，问问什么地方最出乎意料。',
		'用一句话写下“{k}”做到什么程度才算好，放在手边随时对照。',
	],
	flaws: [
		'总的来说，具体情况要具体分析，一般问题都不大。',
		'这个办法在任何情况下都有效，不需要再确认别的。',
		'另外，还有其他一些方面在某些时候也可能比较重要。',
		'大家都知道，这件事很重要，因为它确实非常重要。',
	],
	closings: [
		'你希望我把其中哪一点讲得更细一些？',
		'到现在为止你试过哪些办法，卡在了哪里？',
		'有没有时间或者预算上的限制，需要我一起考虑？',
		'这件事还涉及谁，他们希望你怎么做？',
	],
	subjects: CHINESE,
	general: [
		'先用一句话说清楚给谁用，对方看完以后能做什么。',
		'把确定的事实列出来，拿不准的后面都打一个问号。',
		'花二十分钟做一个粗糙的版本，比列计划更快看出缺什么。',
		'找一个别人做得好的例子，记下它好在哪两点。',
		'和目标无关的内容一律删掉，哪怕已经花了一个小时。',
		'放一天，或者请别人看一遍，再说完成。',
	],
	enough: 120,
	plenty: 165,
};

export const PHRASES = { en, zh };
