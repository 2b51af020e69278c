/**
 * Notices that this process itself did nothing for a while: blocked by its own code, or stopped. Whoever did
 * not answer in that time is not to blame, and gets the full time again.
 */
import type { Clock } from '../runtime/timers.ts';
import type { WorkerLink } from './worker-link.ts';

/** Shorter pauses are ordinary, and end before anybody is judged: what has arrived is read first. */
const stepMsMin = 50;

export class PauseWatch {
  readonly #clock: Clock;
  readonly #links: ReadonlyMap<number, WorkerLink>;
  readonly #stepMs: number;
  readonly #onPaused: (workerIds: readonly number[]) => void;
  #isWatching = false;

  /** A pause of a quarter of the limit, in which answers count as missing, is noticed. */
  constructor(
    clock: Clock,
    links: ReadonlyMap<number, WorkerLink>,
    limitMs: number,
    onPaused: (workerIds: readonly number[]) => void,
  ) {
    this.#clock = clock;
    this.#links = links;
    this.#stepMs = Math.max(limitMs / 4, stepMsMin);
    this.#onPaused = onPaused;
  }

  /** Watches as long as a worker has been asked and has not answered. */
  start(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const dueMs = this.#clock.now() + this.#stepMs;
    this.#clock.after(this.#stepMs, () => this.#look(dueMs));
  }

  #look(dueMs: number): void {
    this.#isWatching = false;
    const asked = [...this.#links.values()].filter(({ pulse }) => pulse.isAsked);
    if (asked.length === 0) return;
    this.start();
    if (this.#clock.now() - dueMs >= this.#stepMs) this.#onPaused(asked.map(({ workerId }) => workerId));
  }
}
