/** Gets worker start-up and the first, slow runs of every function out of a measurement. */

const wavesMax = 500;
const lingerMs = 2;

/** Calls until all `workers` have answered, then runs `noops` calls more. */
export async function warmUp(pool, { workers, noops }) {
  await allPlaces(pool, workers);
  await Promise.all(Array.from({ length: noops }, () => pool.call('noop')));
}

/** Keeps every worker busy for moments until so many different ones have answered. */
export async function allPlaces(pool, workers) {
  const places = new Set();
  for (let wave = 0; places.size < workers; wave++) {
    if (wave === wavesMax) throw new Error(`Only ${places.size} of ${workers} workers ever answered.`);
    const calls = Array.from({ length: 2 * workers }, () => pool.call('linger', lingerMs));
    for (const place of await Promise.all(calls)) places.add(place);
  }
}
