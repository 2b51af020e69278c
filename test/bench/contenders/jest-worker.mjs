/** jest-worker with child processes, its default. */
import { openJestWorker } from '../workload/jest-worker-pool.mjs';

/** Opens a pool of `workers` processes. */
export function open({ workers }) {
  return openJestWorker({ numWorkers: workers });
}
