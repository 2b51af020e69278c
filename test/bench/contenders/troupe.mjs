/** troupe, as users import it. */
import { createPool } from 'troupe';
import { tasks } from '../workload/task-table.mjs';

/** Opens a pool of `workers` processes. */
export function open({ workers, startsAll = false }) {
  const pool = createPool({ maxWorkers: workers, minWorkers: startsAll ? workers : 0 });
  return {
    call: (task, ...values) => pool.submit(tasks[task], ...values),
    async map(task, values) {
      const results = [];
      for await (const result of pool.map(tasks[task], values, { chunkSize: 'auto' })) results.push(result);
      return results;
    },
    resize: (maxWorkers) => pool.resize({ maxWorkers }),
    size: () => pool.stats().workers,
    close: () => pool.close(),
  };
}
