/** `node attacker.ts ATTACK ORIGIN DIALOGUE TOKEN`: attacks, tells every 100 ms what it has thrown, ends with its standard input. */
import { ATTACKS } from './attacks.ts';

const [name = '', origin = '', dialogue, token = ''] = process.argv.slice(2);
const attack = ATTACKS[name as keyof typeof ATTACKS]({ origin, dialogue: Number(dialogue), token });
setInterval(() => console.log(JSON.stringify(attack.thrown)), 100);
process.stdin.resume().on('end', () => process.exit(0));
