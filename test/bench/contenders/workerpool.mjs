/** workerpool with child processes. */
import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';

const script = fileURLToPath(new URL('../workload/workerpool-worker.mjs', import.meta.url));

/** Opens a pool of `workers` processes. */
export function open({ workers, isStructured }) {
  const pool = workerpool.pool(script, {
    workerType: 'process',
    minWorkers: workers,
    maxWorkers: workers,
    ...(isStructured && { forkOpts: { serialization: 'advanced' } }),
  });
  return {
    call: (task, value) => pool.exec(task, [value]),
    close: () => pool.terminate(),
  };
}
