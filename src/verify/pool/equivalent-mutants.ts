/** Mutants of the pool's machines that cannot be noticed, for they mean the same: each with the reason. */
import type { Equivalent } from '../mutation-run.ts';

export const equivalentMutants: readonly Equivalent[] = [
  {
    id: 'pool open.running.serving · demand.seen[0] · swap with [1]',
    why: 'the guards exclude each other: leases are missing only when each that is held has a worker',
  },
  {
    id: 'pool open.draining.serving · demand.seen[1] · swap with [2]',
    why: 'the guards exclude each other: no lease is missing when nothing waits',
  },
  {
    id: 'child running · cancel.received[0] · swap with [1]',
    why: 'the guards exclude each other: `isLastWaiting` holds only while nothing has started',
  },
  {
    id: 'child running · task.ended[0] · swap with [1]',
    why: 'the guards exclude each other: one asks that nothing waits, the other that something does',
  },
  ...['available.serving.busy', 'draining.patient', 'draining.hurried'].map((place) => ({
    id: `worker alive.${place}.doubted · channel.emptied[0] · swap with [1]`,
    why: 'the guards exclude each other: where the silent are killed, nobody stays silent',
  })),
];
