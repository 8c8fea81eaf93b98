import { forgeries, type Attack } from './attack.ts';
import { BYTES } from './bytes.ts';
import { CLAIMS } from './claims.ts';
import { IN_ANOTHERS_NAME } from './in-anothers-name.ts';
import { OUT_OF_SHAPE } from './out-of-shape.ts';
import { OUT_OF_TURN } from './out-of-turn.ts';
import { THE_SERVERS_OWN } from './the-servers-own.ts';

/** Edits that a rogue page makes and a Yjs client encodes. */
export const EDITS: Readonly<Record<string, readonly Attack[]>> = {
	'the server’s own': THE_SERVERS_OWN,
	'in another’s name': IN_ANOTHERS_NAME,
	'out of shape': OUT_OF_SHAPE,
	'not now, not them': OUT_OF_TURN,
};

/** Updates written by hand, byte by byte. */
export const FORGERIES: Readonly<Record<string, readonly Attack[]>> = {
	claims: forgeries(CLAIMS),
	bytes: forgeries(BYTES),
};
