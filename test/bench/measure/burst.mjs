/** How many small tasks a pool gets through, and what that costs the process that asks. */
import process from 'node:process';
import { peakDescendantRssMiB } from './peak-memory.mjs';
import { warmUp } from './warm-up.mjs';

const workers = 2;

export const burst = {
  name: 'burst',
  title: 'Burst',
  about: 'Many tasks that do nothing, submitted at once to two warm workers.',
  sizes: { full: { tasks: 20_000 }, quick: { tasks: 4000 } },
  metrics: [
    { name: 'tasksPerSecond', label: 'throughput', unit: 'tasks/s', better: 'higher' },
    { name: 'parentCpu', label: 'parent CPU per task', unit: 'µs', better: 'lower' },
    { name: 'workerRss', label: 'peak worker RSS', unit: 'MiB', better: 'lower' },
  ],

  async run(open, { tasks }) {
    const pool = open({ workers });
    await warmUp(pool, { workers, noops: 2000 });
    const cpuBefore = process.cpuUsage();
    const startMs = performance.now();
    await Promise.all(Array.from({ length: tasks }, () => pool.call('noop')));
    const elapsedMs = performance.now() - startMs;
    const cpu = process.cpuUsage(cpuBefore);
    const workerRss = peakDescendantRssMiB();
    return {
      tasksPerSecond: (tasks / elapsedMs) * 1000,
      parentCpu: (cpu.user + cpu.system) / tasks,
      workerRss,
    };
  },
};
