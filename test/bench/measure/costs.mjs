/** What a run took: by the clock, and of the CPU in the process that asks. */
import { readFileSync } from 'node:fs';
import process from 'node:process';

/** Runs `run` and resolves to `{ elapsedMs, cpuUs }`. */
export async function costsOf(pool, run) {
  const cpuBefore = cpuUs(pool);
  const startMs = performance.now();
  await run();
  const elapsedMs = performance.now() - startMs;
  return { elapsedMs, cpuUs: cpuUs(pool) - cpuBefore };
}

/** The costs of so many tasks as the metrics `tasksPerSecond` and `parentCpu`. */
export function perTask({ elapsedMs, cpuUs: allCpuUs }, tasks) {
  return { tasksPerSecond: (tasks / elapsedMs) * 1000, parentCpu: allCpuUs / tasks };
}

/** What the metrics of `perTask` are called. */
export const perTaskMetrics = [
  { name: 'tasksPerSecond', label: 'throughput', unit: 'tasks/s', better: 'higher' },
  { name: 'parentCpu', label: 'parent CPU per task', unit: 'µs', better: 'lower' },
];

/** Of a process whose workers are threads only the main thread is the parent; Linux tells its share. */
function cpuUs({ hasThreads = false }) {
  if (hasThreads)
    return process.platform === 'linux'
      ? Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1000
      : NaN;
  const { user, system } = process.cpuUsage();
  return user + system;
}
