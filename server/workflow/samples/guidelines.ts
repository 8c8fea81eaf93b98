/** The guidelines of a project that begins with the samples. Markdown. */
export const sampleGuidelines = {
	en: `Write the dialogue that you would like to have had.

- **Prompt** as a real person would: one need at a time, with the details that person would give.
- **Rate** what the bot said, not what you made of it. Use the whole scale.
- **Edit** until you would send it under your own name: correct first, then clear, then short. Keep what is good.
- **Check** numbers, names and rules. What you cannot check, leave out or mark as uncertain.
- **Leave out** personal data: no real names, addresses or account numbers.`,
	zh: `写出你自己想要的那种对话。

- **提问**要像真实用户：一次只说一个需求，给出真实用户会给的细节。
- **评分**针对机器人的原始回复，不针对你改过的定稿。用满整个分值范围。
- **修改**到你愿意署名发出为止：先求正确，再求清楚，最后求简短。好的部分保留。
- **核对**数字、名称和规定。无法核对的内容删去，或注明不确定。
- **不写**个人信息：不出现真实姓名、住址和账号。`,
};
