/**
 * The scheduler of a simulation: what is due happens one event at a time, in an order that the seed decides,
 * and all that follows from an event inside this process is over before the next one.
 */
import { createHash } from 'node:crypto';
import type { Random } from '../workload/random.ts';

/** Whose event it is: a process that may be dead, stopped, or busy when its event is due. */
export interface Owner {
  readonly label: string;
  /** When it can take an event: a time, or never again, or when somebody says so. */
  whenReady(nowMs: number): number | 'never' | 'stopped';
  /** Called with an event that was due while it was stopped. */
  park(event: ScheduledEvent): void;
  /** Called before each event that it takes. False if it takes none after all. */
  take(): boolean;
}

/** Something that happens later, unless it is cancelled. */
export interface ScheduledEvent {
  readonly what: string;
  cancel(): void;
}

class Pending implements ScheduledEvent {
  readonly what: string;
  readonly run: () => void;
  readonly owner: Owner | null;
  dueMs: number;
  isCancelled = false;

  constructor(what: string, dueMs: number, owner: Owner | null, run: () => void) {
    this.what = what;
    this.dueMs = dueMs;
    this.owner = owner;
    this.run = run;
  }

  cancel(): void {
    this.isCancelled = true;
  }
}

const linesKept = 400;

export class World {
  readonly random: Random;
  readonly #isLogKept: boolean;
  readonly #hash = createHash('sha256');
  /** A heap: each is due no earlier than the one at half its index. */
  readonly #heap: Pending[] = [];
  #lines: string[] = [];
  #nowMs = 0;
  #steps = 0;
  /** Whose event is happening; what it leads to within this process is its doing too. */
  running: Owner | null = null;
  /** Called when all that followed from an event is over. */
  onRest: (owner: Owner | null) => void = () => undefined;
  /** How often what has happened, to see that a fault that is turned on does happen. */
  readonly counts = new Map<string, number>();
  /** What went wrong, in the order it was found. */
  readonly problems: string[] = [];

  constructor(random: Random, isLogKept = false) {
    this.random = random;
    this.#isLogKept = isLogKept;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get steps(): number {
    return this.#steps;
  }

  /** The last lines of the log, or all of them. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  log(line: string): void {
    const stamped = `${this.#nowMs.toFixed(3)} ${line}`;
    this.#hash.update(stamped);
    this.#lines.push(stamped);
    if (!this.#isLogKept && this.#lines.length > 2 * linesKept) this.#lines = this.#lines.slice(-linesKept);
  }

  /** Bytes count for the digest as if they were in the log. */
  logBytes(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  problem(what: string): void {
    this.problems.push(what);
    this.log(`PROBLEM ${what}`);
  }

  count(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  digest(): string {
    return this.#hash.copy().digest('hex').slice(0, 16);
  }

  /** Something happens after about this long: nothing in a computer is on time to the microsecond. */
  schedule(delayMs: number, what: string, owner: Owner | null, run: () => void): ScheduledEvent {
    const event = new Pending(what, this.#nowMs + delayMs + this.random.int(1_000) / 10_000, owner, run);
    this.#push(event);
    return event;
  }

  /** Puts back what had to wait for its owner. */
  reschedule(event: ScheduledEvent): void {
    if (!(event instanceof Pending)) return;
    event.dueMs = this.#nowMs + this.random.int(1_000) / 10_000;
    this.#push(event);
  }

  /** The next event, and all that follows from it. False if there is none. */
  async step(): Promise<boolean> {
    const event = this.#next();
    if (event === undefined) return false;
    this.#steps += 1;
    this.log(event.owner === null ? event.what : `${event.owner.label}: ${event.what}`);
    this.running = event.owner;
    try {
      event.run();
    } catch (error) {
      this.problem(`${event.what} threw ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
    }
    await this.settle();
    this.onRest(event.owner);
    this.running = null;
    return true;
  }

  /** Node runs every tick and every reaction of a promise before it comes to what is set for immediately. */
  settle(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  #next(): Pending | undefined {
    for (let event = this.#pop(); event !== undefined; event = this.#pop()) {
      if (event.isCancelled) continue;
      const ready = event.owner === null ? event.dueMs : event.owner.whenReady(event.dueMs);
      if (ready === 'never') continue;
      if (ready === 'stopped') {
        event.owner?.park(event);
        continue;
      }
      if (ready > event.dueMs) {
        event.dueMs = ready;
        this.#push(event);
        continue;
      }
      this.#nowMs = Math.max(this.#nowMs, event.dueMs);
      if (event.owner?.take() === false) continue;
      return event;
    }
    return undefined;
  }

  #push(event: Pending): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.dueMs <= event.dueMs) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = event;
  }

  #pop(): Pending | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || last === first) return first;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      const isOther = other !== undefined && one !== undefined && other.dueMs < one.dueMs;
      const least = isOther ? other : one;
      if (least === undefined || least.dueMs >= last.dueMs) break;
      heap[at] = least;
      at = isOther ? left + 1 : left;
    }
    heap[at] = last;
    return first;
  }
}
