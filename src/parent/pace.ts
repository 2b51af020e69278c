/**
 * How many tasks to hand to a worker ahead of their start: as many as fit into two milliseconds, judged by
 * how long tasks have taken lately. Long tasks get no window at all, so that none waits behind another while
 * a worker is free.
 */

/** What is handed over ahead must start within about this time. */
const horizonMicros = 2_000;

/** No more than this, however short the tasks: the worker machine refuses beyond it. */
export const windowMax = 64;

/** Weight of the newest duration in the moving average. */
const newest = 0.1;

export class Pace {
  #averageMicros: number | null = null;
  #window = 0;

  get window(): number {
    return this.#window;
  }

  /**
   * Takes in how long one task ran. A long one counts at once: what follows it must not wait behind its like.
   */
  note(micros: number): void {
    const before = this.#averageMicros ?? micros;
    this.#averageMicros = micros > horizonMicros ? micros : before + (micros - before) * newest;
    this.#window = Math.min(windowMax, Math.floor(horizonMicros / Math.max(1, this.#averageMicros)));
  }
}
