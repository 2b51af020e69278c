/** How long a program waits for its first result, and for all its workers. */
import { allPlaces } from './warm-up.mjs';

const workers = 4;

/** One worker. */
export const coldStart = {
  name: 'cold-start',
  title: 'Cold start',
  about: 'From the constructor of a pool of one worker to the first result (the library is loaded already).',
  sizes: { full: {}, quick: {} },
  floors: ['socketpair', 'fork', 'bare-node'],
  metrics: [{ name: 'firstResultMs', label: 'first result', unit: 'ms', better: 'lower' }],

  async run(open) {
    const startMs = performance.now();
    const pool = open({ workers: 1 });
    await pool.call('noop');
    const firstResultMs = performance.now() - startMs;
    return { firstResultMs };
  },
};

/** Several. */
export const coldStartOfAll = {
  name: 'cold-start-all',
  title: 'Cold start of four workers',
  about: 'From the constructor of a pool of four workers until each of them has answered.',
  sizes: { full: {}, quick: {} },
  floors: ['socketpair', 'fork', 'bare-node'],
  metrics: [{ name: 'allAnsweredMs', label: 'all have answered', unit: 'ms', better: 'lower' }],

  async run(open) {
    const startMs = performance.now();
    const pool = open({ workers, startsAll: true });
    // Processes that do nothing have no place to tell.
    await (pool.isEmpty ? pool.call() : allPlaces(pool, workers));
    return { allAnsweredMs: performance.now() - startMs };
  },
};
