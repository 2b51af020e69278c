/** tinypool with its child process runtime. */
import { openTinypool } from '../workload/tinypool-pool.mjs';

/** Opens a pool of `workers` processes. */
export function open({ workers, isStructured }) {
  return openTinypool(workers, {
    runtime: 'child_process',
    ...(isStructured && { serialization: 'advanced' }),
  });
}
