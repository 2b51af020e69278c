/** tinypool with threads, its default. */
import { openTinypool } from '../workload/tinypool-pool.mjs';

/** Opens a pool of `workers` threads. */
export function open({ workers }) {
  return { ...openTinypool(workers, { runtime: 'worker_threads' }), hasThreads: true };
}
