/**
 * What crosses the socket. The grammar is y-websocket's, and one kind more:
 *   message  = sync | awareness | query | durable
 *   sync     = 0 (step1:0 | step2:1 | update:2) bytes
 *   awareness= 1 bytes
 *   query    = 3
 *   durable  = 100 frames:varuint seq:varuint
 * durable, server to client: of the frames received on this socket the first `frames` are on disk, or had
 * nothing to store; the log's newest row is `seq`. Every sync step 2 and update is answered by one that covers it,
 * on a socket whose URL asks for that with `durable=1`: a stock provider complains of kinds that it does not know.
 */
export const SYNC = 0;
export const AWARENESS = 1;
export const QUERY_AWARENESS = 3;
export const DURABLE = 100;

export const STEP_1 = 0;
export const STEP_2 = 1;
export const UPDATE = 2;
