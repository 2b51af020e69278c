/** jest-worker with child processes, its default. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'jest-worker';

const workerPath = fileURLToPath(new URL('../workload/tasks.mjs', import.meta.url));

/** Opens a pool of `workers` processes. */
export function open({ workers }) {
  const pool = new Worker(workerPath, {
    numWorkers: workers,
    exposedMethods: ['noop', 'echo', 'byteLength', 'pid', 'hold'],
  });
  return {
    call: (task, ...values) => pool[task](...values),
    close: () => pool.end(),
  };
}
