/** piscina, whose workers are threads. */
import { Piscina } from 'piscina';

const filename = new URL('../workload/tasks.mjs', import.meta.url).href;

/** Opens a pool of `workers` threads. */
export function open({ workers }) {
  const pool = new Piscina({ filename, minThreads: workers, maxThreads: workers });
  return {
    hasThreads: true,
    call: (name, value) => pool.run(value, { name }),
    close: () => pool.destroy(),
  };
}
