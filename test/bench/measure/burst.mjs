/** How many small tasks a pool gets through, and what that costs the process that asks. */
import { costsOf, perTask, perTaskMetrics } from './costs.mjs';
import { peakDescendantRssMiB } from './memory-of-workers.mjs';
import { warmUp } from './warm-up.mjs';

const workers = 2;

export const burst = {
  name: 'burst',
  title: 'Burst',
  about: [
    'Many tasks that do nothing, submitted at once to two warm workers, one call each; after as many that',
    'do not count.',
  ],
  sizes: { full: { tasks: 20_000 }, quick: { tasks: 5000 } },
  floors: ['socketpair', 'socketpair-batched', 'fork'],
  metrics: [...perTaskMetrics, { name: 'workerRss', label: 'peak worker RSS', unit: 'MiB', better: 'lower' }],

  async run(open, { tasks }) {
    const pool = open({ workers });
    await warmUp(pool, { workers, noops: tasks });
    const costs = await costsOf(pool, () =>
      Promise.all(Array.from({ length: tasks }, () => pool.call('noop'))),
    );
    return { ...perTask(costs, tasks), workerRss: peakDescendantRssMiB() };
  },
};
