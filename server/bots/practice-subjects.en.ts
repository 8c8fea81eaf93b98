import type { Subject } from './practice-subject.ts';

/** What the practice bot knows in English; a point stands on its own, in any order. */
export const ENGLISH: Subject[] = [
	{
		about: /\b(train|flight|ticket|voucher|airline|railway|booking|luggage)s?\b/i,
		points: [
			'Check the operator’s own notice first: a cancellation on their side usually means money back, not a voucher.',
			'Keep the booking number, the date and a screenshot of the notice together in one place.',
			'Use the refund form rather than the phone, because a form gives you a reference number.',
			'State the exact amount you paid, seat reservations included, so that nobody has to look it up.',
			'Name a date by which you expect an answer; two weeks is reasonable for most companies.',
			'If the first reply offers only a voucher, decline it in writing and repeat what you want.',
		],
	},
	{
		about: /\b(landlord|tenant|rent|heating|lease|radiator|flat|apartment)s?\b/i,
		points: [
			'Report the fault in writing, even if you have already called, so that the date is on record.',
			'Write down the room temperature twice a day; three days of numbers say more than a complaint.',
			'Ask for a named tradesperson and a day, not for a promise that somebody will come.',
			'Read the lease for the word “repairs” before you offer to pay for anything yourself.',
			'Talk to the neighbours: one letter from four flats is answered sooner than four letters.',
			'Do not hold back rent before a tenants’ advice service has told you that you may.',
		],
	},
	{
		about: /\b(spreadsheet|excel|column|row|cell|duplicate|formula|csv)s?\b/i,
		points: [
			'Work on a copy of the sheet, and give the original a name with today’s date.',
			'Trim spaces and lower the case of the column you compare by; most false differences vanish.',
			'Decide which row wins when two agree only in part, for example the newest one.',
			'Mark the duplicates in a spare column first, and delete only after you have looked at ten.',
			'Count the rows before and after, and write both numbers down beside the sheet.',
			'Save the steps as a small script or macro if the same list comes back every month.',
		],
	},
	{
		about: /\b(interest|saving|savings|loan|debt|invest|budget|bank|pocket money)s?\b/i,
		points: [
			'Begin with 100 at five percent: after one year it is 105, after two years 110.25.',
			'Point at the 0.25: it is interest on interest, and everything else follows from it.',
			'Divide 72 by the rate to guess how many years it takes for money to double.',
			'Show the same sum as a debt, because compounding works against you there.',
			'Draw ten bars, one a year, instead of writing the formula on the first day.',
			'Compare starting at fifteen with starting at twenty-five; the early years do most of the work.',
		],
	},
	{
		about: /\b(run|running|jog|jogging|training|exercise|fitness|workout|knee)s?\b/i,
		points: [
			'Start with one minute of running and two of walking, eight times, on three days a week.',
			'Run slowly enough to talk in whole sentences; if you cannot, you are going too fast.',
			'Add no more than ten percent a week, and make every fourth week a lighter one.',
			'Leave a day between two runs, because tendons adapt more slowly than lungs.',
			'Buy shoes that feel comfortable at once; the price tells you very little.',
			'Stop and see a doctor for pain in the chest, dizziness or a joint that swells.',
		],
	},
	{
		about: /\b(colleague|meeting|e-?mail|boss|deadline|workload|decline|polite|politely)s?\b/i,
		points: [
			'Say no in the first sentence, and thank them in the second; the other way round sounds undecided.',
			'Give one reason only, because every further reason is an invitation to argue.',
			'Offer something smaller that you can really do, such as twenty minutes of reading.',
			'Leave out “unfortunately” and “just”; the message becomes shorter and friendlier.',
			'Name the person who could help instead, after asking that person first.',
			'Answer on the same day: an early no is easier to plan with than a late yes.',
		],
	},
	{
		about: /\b(cook|cooking|dinner|recipe|fridge|leftover|meal|vegetable|ingredient)s?\b/i,
		points: [
			'Take out whatever spoils first, usually herbs, open dairy and cooked rice, and plan around it.',
			'Choose one base that carries the rest: eggs, pasta, a soup or a tray in the oven.',
			'Fry onions or the hardest vegetable first, and add soft or cooked things in the last minutes.',
			'Taste for salt, then for acid: a spoonful of vinegar or lemon wakes most leftovers up.',
			'Add something crisp at the end, such as toasted breadcrumbs or nuts.',
			'Heat cooked rice and meat until they steam all the way through, and do not reheat them twice.',
		],
	},
];
