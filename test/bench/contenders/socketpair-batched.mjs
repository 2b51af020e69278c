/** No pool at all: length-prefixed frames over a socketpair, all messages of one turn in one write. */
import { openSocketpairs } from '../workload/socketpair-parent.mjs';

/** Starts `workers` processes and deals messages to them in turn. */
export function open({ workers }) {
  return openSocketpairs({ workers, isBatched: true });
}
