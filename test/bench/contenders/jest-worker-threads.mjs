/** jest-worker with threads. */
import { openJestWorker } from '../workload/jest-worker-pool.mjs';

/** Opens a pool of `workers` threads. */
export function open({ workers }) {
  return { ...openJestWorker({ numWorkers: workers, enableWorkerThreads: true }), hasThreads: true };
}
