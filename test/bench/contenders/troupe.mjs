/** troupe, as built in `dist/`. */
import { createPool } from '../../../dist/src/index.js';
import { byteLength, echo, hold, noop, pid } from '../workload/tasks.mjs';

const tasks = { byteLength, echo, hold, noop, pid };

/** Opens a pool of `workers` processes. */
export function open({ workers }) {
  const pool = createPool({ maxWorkers: workers });
  return {
    call: (task, ...values) => pool.submit(tasks[task], ...values),
    close: () => pool.close(),
  };
}
