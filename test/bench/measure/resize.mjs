/** How fast a pool that has work grows and shrinks, and whether a task is lost. */
const inFlight = 32;
const taskMs = 2;

export const resize = {
  name: 'resize',
  title: 'Resize under load',
  about: [
    'A pool of two workers with 32 tasks of 2 ms under way at any time is told to have eight, and once',
    'all eight have answered, two again. None of the peers can be told a new size.',
  ],
  sizes: { full: {}, quick: {} },
  floors: [],
  only: ['troupe'],
  metrics: [
    { name: 'growMs', label: '2 to 8, all have answered', unit: 'ms', better: 'lower' },
    { name: 'shrinkMs', label: '8 to 2, the others are gone', unit: 'ms', better: 'lower' },
    { name: 'failedTasks', label: 'tasks that failed', unit: 'tasks', better: 'lower' },
  ],

  async run(open) {
    const pool = open({ workers: 2 });
    const load = new Load(pool);
    await load.until(() => load.places.size === 2);
    const growMs = await timed(async () => {
      await pool.resize(8);
      await load.until(() => load.places.size === 8);
    });
    const shrinkMs = await timed(async () => {
      await pool.resize(2);
      await load.until(() => pool.size() === 2);
    });
    await load.end();
    return { growMs, shrinkMs, failedTasks: load.failed };
  },
};

async function timed(run) {
  const startMs = performance.now();
  await run();
  return performance.now() - startMs;
}

/** Keeps so many tasks under way until it is ended; looks at its conditions whenever one of them is done. */
class Load {
  places = new Set();
  failed = 0;
  #pool;
  #isEnded = false;
  #condition;
  #lanes;

  constructor(pool) {
    this.#pool = pool;
    this.#lanes = Array.from({ length: inFlight }, () => this.#lane());
  }

  until(isSo) {
    return new Promise((resolve) => {
      this.#condition = { isSo, resolve };
    });
  }

  async end() {
    this.#isEnded = true;
    await Promise.all(this.#lanes);
  }

  async #lane() {
    while (!this.#isEnded) {
      await this.#pool.call('spin', taskMs).then(
        (place) => this.places.add(place),
        () => this.failed++,
      );
      if (this.#condition?.isSo()) this.#condition.resolve();
    }
  }
}
