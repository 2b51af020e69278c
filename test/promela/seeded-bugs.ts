/** Machines with one thing wrong, which a second opinion must not approve of. */
import { machines } from '../../machines/index.ts';
import { mutantsOf } from '../../src/verify/mutate.ts';
import type { PoolMachines } from './pool-tables.ts';

export interface SeededBug {
  readonly about: string;
  readonly of: 'task' | 'worker';
  readonly mutant: string;
}

export const seededBugs: readonly SeededBug[] = [
  {
    about: 'a task whose worker died before it began does not go back to the queue',
    of: 'task',
    mutant: 'task unsettled.waiting.handed · worker.lost · drop target',
  },
  {
    about: 'a task that waits is in no queue',
    of: 'task',
    mutant: 'task unsettled.waiting.queued · entry · drop enqueue',
  },
  {
    about: 'a worker is gone when its channel is closed, whether its process lives or not',
    of: 'worker',
    mutant: 'worker leaving · channel.closed[0] · always exited',
  },
];

export function machinesWith({ of, mutant }: SeededBug): PoolMachines {
  const found = mutantsOf(machines[of], of).find(({ id }) => id === mutant);
  if (found === undefined) throw new Error(`There is no mutant '${mutant}' any more: choose another.`);
  return { ...machines, [of]: found.machine };
}
