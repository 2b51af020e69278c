/** How long one call takes when nothing else is going on. */
import { quantile } from '../statistics.mjs';
import { warmUp } from './warm-up.mjs';

export const roundTrip = {
  name: 'round-trip',
  title: 'Round trip',
  about: 'A task that does nothing, one at a time, in one warm worker.',
  sizes: { full: { calls: 3000, warmCalls: 5000 }, quick: { calls: 500, warmCalls: 500 } },
  floors: ['socketpair', 'socketpair-batched', 'fork'],
  metrics: [
    { name: 'p50', label: 'p50', unit: 'µs', better: 'lower' },
    { name: 'p99', label: 'p99', unit: 'µs', better: 'lower' },
  ],

  async run(open, { calls, warmCalls }) {
    const pool = open({ workers: 1 });
    await warmUp(pool, { workers: 1, noops: 500 });
    // V8 goes on to compile for thousands of calls, on the same cores.
    for (let call = 0; call < warmCalls; call++) await pool.call('noop');
    const elapsedMicroseconds = [];
    for (let call = 0; call < calls; call++) {
      const startMs = performance.now();
      await pool.call('noop');
      elapsedMicroseconds.push((performance.now() - startMs) * 1000);
    }
    return { p50: quantile(elapsedMicroseconds, 0.5), p99: quantile(elapsedMicroseconds, 0.99) };
  },
};
