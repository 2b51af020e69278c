/** No pool at all: length-prefixed frames over a socketpair, one write per message. */
import { openSocketpairs } from '../workload/socketpair-parent.mjs';

/** Starts `workers` processes and deals messages to them in turn. */
export function open({ workers }) {
  return openSocketpairs({ workers, isBatched: false });
}
