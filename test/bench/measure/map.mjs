/** How many items a pool gets through when it has all of them at once. */
import { costsOf } from './costs.mjs';
import { warmUp } from './warm-up.mjs';

const workers = 2;
const warmItemsMax = 20_000;
const shared = {
  floors: [],
  metrics: [
    { name: 'itemsPerSecond', label: 'throughput', unit: 'items/s', better: 'higher' },
    { name: 'parentCpu', label: 'parent CPU per item', unit: 'µs', better: 'lower' },
  ],
};

/** As many items as tasks in a burst. */
export const map = {
  ...shared,
  name: 'map',
  title: 'Map',
  about: [
    'One function that does nothing over many numbers, two warm workers: in troupe `pool.map` with',
    "`chunkSize: 'auto'`, in poolifier `mapExecute`; the others have no such call, and get one task for",
    'each item. As many that do not count come before.',
  ],
  sizes: { full: { items: 20_000 }, quick: { items: 5000 } },
  run: mapOnce,
};

/** So many that the chunks have long found their size. */
export const longMap = {
  ...shared,
  name: 'map-long',
  title: 'A long map',
  about: 'The same in troupe alone, over a million numbers.',
  sizes: { full: { items: 1_000_000 }, quick: { items: 200_000 } },
  only: ['troupe'],
  run: mapOnce,
};

async function mapOnce(open, { items }) {
  const pool = open({ workers });
  await warmUp(pool, { workers, noops: 1000 });
  await mapNumbers(pool, Math.min(items, warmItemsMax));
  const { elapsedMs, cpuUs } = await costsOf(pool, () => mapNumbers(pool, items));
  return { itemsPerSecond: (items / elapsedMs) * 1000, parentCpu: cpuUs / items };
}

async function mapNumbers(pool, count) {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const results = await mapAll(pool, 'noop', numbers);
  if (results.length !== count) throw new Error(`${count} items gave ${results.length} results.`);
}

/** The pool's own way with many values, where it has one. */
function mapAll(pool, task, values) {
  return pool.map === undefined
    ? Promise.all(values.map((value) => pool.call(task, value)))
    : pool.map(task, values);
}
