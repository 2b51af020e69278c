/** What tinypool's two runtimes have in common. */
import { Tinypool } from 'tinypool';

const filename = new URL('./tasks.mjs', import.meta.url).href;

export function openTinypool(workers, options) {
  const pool = new Tinypool({ filename, minThreads: workers, maxThreads: workers, ...options });
  return {
    call: (name, value) => pool.run(value, { name }),
    close: () => pool.destroy(),
  };
}
