/** poolifier with its cluster (child process) pool. */
import { fileURLToPath } from 'node:url';
import { FixedClusterPool } from 'poolifier';

const filePath = fileURLToPath(new URL('../workload/poolifier-worker.cjs', import.meta.url));

/** Opens a pool of `workers` processes. */
export function open({ workers, isStructured }) {
  const pool = new FixedClusterPool(workers, filePath, {
    ...(isStructured && { settings: { serialization: 'advanced' } }),
  });
  // Without a listener, one write to a dead worker would end this process.
  pool.emitter?.on('error', () => {});
  return {
    call: (task, value) => pool.execute(value, task),
    map: (task, values) => pool.mapExecute(values, task),
    close: () => pool.destroy(),
  };
}
