/** tinypool with its child process runtime. */
import { Tinypool } from 'tinypool';

const filename = new URL('../workload/tasks.mjs', import.meta.url).href;

/** Opens a pool of `workers` processes. */
export function open({ workers, sendsBytes }) {
  const pool = new Tinypool({
    runtime: 'child_process',
    filename,
    minThreads: workers,
    maxThreads: workers,
    ...(sendsBytes && { serialization: 'advanced' }),
  });
  return {
    call: (name, value) => pool.run(value, { name }),
    close: () => pool.destroy(),
  };
}
