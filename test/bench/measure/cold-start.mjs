/** How long a program waits for its first result. */
export const coldStart = {
  name: 'cold-start',
  title: 'Cold start',
  about: 'From the constructor of a pool of one worker to the first result (the library is loaded already).',
  sizes: { full: {}, quick: {} },
  metrics: [{ name: 'firstResultMs', label: 'first result', unit: 'ms', better: 'lower' }],

  async run(open) {
    const startMs = performance.now();
    const pool = open({ workers: 1 });
    await pool.call('noop');
    const firstResultMs = performance.now() - startMs;
    return { firstResultMs };
  },
};
