/** What a pool does about what it sees: tasks that wait, leases that others want, workers that are idle. */
import type { Tell } from '../topology.ts';
import type { PoolContext, PoolEvent } from './events.ts';
import { missingLeases, missingWorkers, spareLeases } from './size.ts';

/** What a pool's machine decides by. */
export interface Facts {
  readonly context: PoolContext;
  readonly event: PoolEvent;
}

/** How many of something there are, judged by what the dispatcher could not place. */
const seen =
  (count: (context: PoolContext, waiting: number, idle: number) => number) =>
  ({ context, event }: Facts): { count: number } => ({
    count: event.type === 'demand.seen' ? count(context, event.waiting, event.idle) : 0,
  });
/** Workers to add, leases to ask for, and leases to give back. */
export const missing = seen(missingWorkers);
export const lacking = seen(missingLeases);
export const spare = seen(spareLeases);

/** One thing at a time: after leases, it looks again. */
export const returnLeases = {
  guard: 'hasSpareLeases',
  actions: [{ type: 'returnLeases', params: spare }, { type: 'countReturned', params: spare }, 'lookAgain'],
} as const;

/** What happens when tasks wait. */
export const meetDemand = [
  {
    guard: 'leasesAreMissing',
    actions: [{ type: 'askLeases', params: lacking }, { type: 'countAsked', params: lacking }, 'lookAgain'],
  },
  {
    guard: 'workersAreMissing',
    actions: [
      { type: 'spawnWorkers', params: missing },
      { type: 'countSpawns', params: missing },
    ],
  },
  { actions: [] },
] as const;

/**
 * As many workers as others want leases for are to leave when they are idle. One that is worn may be among
 * them, and gives no lease back: another takes its place.
 */
export const releaseLeased = {
  type: 'releaseLeased',
  params: ({ context: { owed, worn } }: Facts) => ({ count: owed + worn.length }),
} as const;

/** The worker that has been idle may go. */
export const letGo = {
  type: 'tell',
  params: ({ event }: Facts): Tell => ({
    to: 'worker',
    id: event.type === 'worker.idled' ? event.workerId : 0,
    event: { type: 'retire.asked' },
  }),
} as const;
