/** server/main.ts with no gate before its documents: what people send is applied unjudged. */
import * as Y from 'yjs';
import { readConfig } from '../../../server/config.ts';
import { Places } from '../../../server/gate/places.ts';
import type { GateBefore } from '../../../server/gate/update-gate.ts';
import { markLate } from '../../../server/heap.ts';
import { startServices } from '../../../server/services.ts';

const noGateBefore: GateBefore = (doc, policy) => {
	new Places(doc, policy); // gives it its roots
	return {
		steps: 0,
		receive(update, _sender, _carrier, origin) {
			Y.applyUpdate(doc, update, origin);
			return { apply: update, touches: [], concurrent: false };
		},
	};
};

markLate();
// One set of services a process: main.ts takes these.
await startServices(readConfig(), 1, noGateBefore);
await import('../../../server/main.ts');
