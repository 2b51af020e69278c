/** Gets worker start-up and the first, slow runs of every function out of a measurement. */

const wavesMax = 500;

/** Calls until all `workers` have answered, then runs `noops` calls more. */
export async function warmUp(pool, { workers, noops }) {
  const pids = new Set();
  for (let wave = 0; pids.size < workers; wave++) {
    if (wave === wavesMax) throw new Error(`Only ${pids.size} of ${workers} workers ever answered.`);
    for (const pid of await Promise.all(Array.from({ length: 50 }, () => pool.call('pid')))) pids.add(pid);
  }
  await Promise.all(Array.from({ length: noops }, () => pool.call('noop')));
}
