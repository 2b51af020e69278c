/** worker-farm, whose tasks answer through a callback. */
import { fileURLToPath } from 'node:url';
import workerFarm from 'worker-farm';
import { tasks } from '../workload/task-table.mjs';

const filePath = fileURLToPath(new URL('../workload/worker-farm-worker.cjs', import.meta.url));

/** Opens a pool of `workers` processes. */
export function open({ workers, isStructured, startsAll = false }) {
  const options = {
    maxConcurrentWorkers: workers,
    autoStart: startsAll,
    workerOptions: isStructured ? { serialization: 'advanced' } : {},
  };
  const farm = workerFarm(options, filePath, Object.keys(tasks));
  return {
    call: (task, value) =>
      new Promise((resolve, reject) => {
        farm[task](value, (error, result) => {
          if (error) reject(new Error(error.message, { cause: error }));
          else resolve(result);
        });
      }),
    close: () => new Promise((resolve) => workerFarm.end(farm, resolve)),
  };
}
