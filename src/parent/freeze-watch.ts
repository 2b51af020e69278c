/**
 * Notices children that the operating system has stopped (SIGSTOP, a frozen container): they can neither work
 * nor say so. Where process states cannot be read (outside Linux) it sees nothing.
 */
import type { Timer } from '../runtime/timers.ts';
import type { HostPorts } from './host-ports.ts';
import type { WorkerLink } from './worker-link.ts';

/** One look per second costs about 20 µs per child. */
const lookEveryMs = 1_000;

/**
 * A child must be found stopped this many times in a row: a debugger or a short pause is none of our
 * business.
 */
const looksMax = 3;

export class FreezeWatch {
  readonly #ports: HostPorts;
  readonly #links: ReadonlyMap<number, WorkerLink>;
  readonly #onFrozen: (workerId: number) => void;
  readonly #stoppedLooks = new Map<number, number>();
  #timer: Timer | null = null;

  constructor(
    ports: HostPorts,
    links: ReadonlyMap<number, WorkerLink>,
    onFrozen: (workerId: number) => void,
  ) {
    this.#ports = ports;
    this.#links = links;
    this.#onFrozen = onFrozen;
  }

  /** Watches as long as there are workers. */
  start(): void {
    if (this.#timer === null) this.#timer = this.#ports.clock.after(lookEveryMs, () => this.#look());
  }

  #look(): void {
    this.#timer = null;
    const frozen: number[] = [];
    for (const [workerId, link] of this.#links) {
      if (link.pid === undefined || this.#ports.processState(link.pid) !== 'stopped') {
        this.#stoppedLooks.delete(workerId);
        continue;
      }
      const looks = (this.#stoppedLooks.get(workerId) ?? 0) + 1;
      this.#stoppedLooks.set(workerId, looks);
      if (looks === looksMax) frozen.push(workerId);
    }
    for (const workerId of this.#stoppedLooks.keys()) {
      if (!this.#links.has(workerId)) this.#stoppedLooks.delete(workerId);
    }
    for (const workerId of frozen) this.#onFrozen(workerId);
    if (this.#links.size > 0) this.start();
  }
}
