/** How long tasks take, by their kind: what was learned from those that have ended. */

/** Of how many kinds it is remembered: programs may make new functions for ever. */
const kindsMax = 10_000;

/** Weight of the newest duration in the moving average. */
const newest = 0.1;

export class Durations {
  readonly #longMicros: number;
  readonly #micros = new Map<number, number>();

  /** A task is long from that many microseconds on. */
  constructor(longMicros: number) {
    this.#longMicros = longMicros;
  }

  /** A long one counts at once: nothing may wait behind its like while another worker is free. */
  note(kind: number, micros: number): void {
    const before = this.#micros.get(kind) ?? micros;
    const average = micros > this.#longMicros ? micros : before + (micros - before) * newest;
    this.#micros.set(kind, Math.max(1, average));
    if (this.#micros.size > kindsMax) this.#forgetOldest();
  }

  /** Nothing is known of a kind before its first task has ended. */
  expected(kind: number): number {
    return this.#micros.get(kind) ?? Infinity;
  }

  #forgetOldest(): void {
    for (const oldest of this.#micros.keys()) {
      this.#micros.delete(oldest);
      return;
    }
  }
}
