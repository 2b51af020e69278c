/** What waiting tasks and idle workers take of memory. */
import process from 'node:process';
import v8 from 'node:v8';
import vm from 'node:vm';
import { descendantsRssMiB } from './memory-of-workers.mjs';
import { warmUp } from './warm-up.mjs';

const workers = 2;
const mebibyte = 1024 * 1024;

export const memory = {
  name: 'memory',
  title: 'Memory',
  about: [
    'What each of many tasks that were just submitted keeps in the parent, its promise included, after a',
    'collection; and the resident set of each of two warm workers (of threads: what the process grew by',
    'for each).',
  ],
  sizes: { full: { tasks: 20_000 }, quick: { tasks: 5000 } },
  floors: ['fork'],
  metrics: [
    { name: 'heapPerTask', label: 'heap per waiting task', unit: 'bytes', better: 'lower' },
    { name: 'workerRss', label: 'RSS per worker', unit: 'MiB', better: 'lower' },
  ],

  async run(open, { tasks }) {
    v8.setFlagsFromString('--expose-gc');
    const collectGarbage = vm.runInNewContext('gc');
    const ownRssBefore = process.memoryUsage.rss();
    const pool = open({ workers });
    await warmUp(pool, { workers, noops: 500 });
    const ownGrowthMiB = (process.memoryUsage.rss() - ownRssBefore) / mebibyte;
    const workersRss = pool.hasThreads ? ownGrowthMiB : descendantsRssMiB();
    collectGarbage();
    const heapBefore = heapBytes();
    const waiting = Array.from({ length: tasks }, () => pool.call('noop'));
    collectGarbage();
    const heapPerTask = (heapBytes() - heapBefore) / tasks;
    await Promise.all(waiting);
    return { heapPerTask, workerRss: workersRss === undefined ? undefined : workersRss / workers };
  },
};

function heapBytes() {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
