/** Whether a task gets dearer as more tasks wait, and as more workers idle. */
import os from 'node:os';
import { costsOf } from './costs.mjs';
import { warmUp } from './warm-up.mjs';

const depths = [10, 100, 1000, 10_000, 100_000, 1_000_000];
const workerCounts = [1, 2, 4, 8, 16, 32, 64];
const workerBytes = 80 * 1024 ** 2;
const numberFormat = new Intl.NumberFormat('en-US');

/** Tasks submitted at once, ten times as many each time. */
export const queueDepth = {
  name: 'queue-depth',
  title: 'Cost by queue depth',
  about: [
    'So many tasks that do nothing, submitted at once to two warm workers, and again when all are done,',
    'until there were enough to measure. A depth that would take too long is left out.',
  ],
  sizes: {
    full: { depthMax: 1_000_000, tasksMin: 20_000, stepMsMax: 12_000 },
    quick: { depthMax: 100_000, tasksMin: 3000, stepMsMax: 1500 },
  },
  limitsMs: { full: 60_000, quick: 15_000 },
  roundsMax: 2,
  floors: [],
  metrics: depths.map((depth) => ({
    name: `cpu${depth}`,
    label: `at ${numberFormat.format(depth)}`,
    unit: 'µs',
    better: 'lower',
  })),
  series: { title: 'Parent CPU per task, µs', flatFrom: 'cpu1000', growthLabel: 'last ÷ at 1,000' },

  async run(open, { depthMax, tasksMin, stepMsMax }) {
    const pool = open({ workers: 2 });
    await warmUp(pool, { workers: 2, noops: 2000 });
    const values = {};
    let taskMs = 0;
    for (const depth of depths.filter((each) => each <= depthMax)) {
      const waves = Math.ceil(tasksMin / depth);
      if (taskMs * depth * waves > stepMsMax) break;
      const { elapsedMs, cpuUs } = await costsOf(pool, () => runWaves(pool, waves, depth));
      taskMs = elapsedMs / (waves * depth);
      values[`cpu${depth}`] = cpuUs / (waves * depth);
    }
    return { values };
  },
};

/** Workers, twice as many each time, of which two are busy at most. */
export const idleWorkers = {
  name: 'idle-workers',
  title: 'Cost by number of workers',
  about: [
    'Tasks that do nothing, two at a time, in a pool whose workers have all been started: most of them',
    'idle. As many as half of the free memory allows.',
  ],
  sizes: { full: { calls: 3000, workersMax: 64 }, quick: { calls: 400, workersMax: 8 } },
  limitsMs: { full: 60_000, quick: 12_000 },
  roundsMax: 2,
  floors: [],
  metrics: workerCounts.map((workers) => ({
    name: `cpu${workers}`,
    label: workers === 1 ? '1 worker' : `${workers} workers`,
    unit: 'µs',
    better: 'lower',
  })),
  series: { title: 'Parent CPU per task, µs', flatFrom: 'cpu2', growthLabel: 'last ÷ with 2' },

  async run(open, { calls, workersMax }) {
    const affordable = Math.floor(os.freemem() / 2 / workerBytes);
    const values = {};
    for (const workers of workerCounts.filter((each) => each <= Math.min(workersMax, affordable))) {
      const pool = open({ workers, startsAll: true });
      await warmUp(pool, { workers, noops: 500 });
      const { cpuUs } = await costsOf(pool, () => runWaves(pool, calls / 2, 2));
      values[`cpu${workers}`] = cpuUs / calls;
      await pool.close();
    }
    return { values };
  },
};

async function runWaves(pool, waves, depth) {
  for (let wave = 0; wave < waves; wave++)
    await Promise.all(Array.from({ length: depth }, () => pool.call('noop')));
}
