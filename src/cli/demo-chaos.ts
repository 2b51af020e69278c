/** Kills workers of a pool at random, for real: SIGKILL to their process, again and again. */
import process from 'node:process';
import { pickFrom, type Random } from './demo-random.ts';

/** What the demo looks at in a worker. */
export interface WorkerView {
  readonly id: number;
  readonly pid?: number | undefined;
  readonly state: string;
}

export interface ChaosOptions {
  readonly intervalMs: number;
  readonly random: Random;
  readonly workers: () => readonly WorkerView[];
}

/** Kills one working worker about every `intervalMs` until it is stopped. */
export class Chaos {
  readonly #options: ChaosOptions;
  readonly #victims = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #last: { readonly pid: number; readonly at: number } | undefined;

  constructor(options: ChaosOptions) {
    this.#options = options;
  }

  /** How many workers were killed. */
  get kills(): number {
    return this.#victims.size;
  }

  /** The process killed within the last `withinMs`, if any. */
  killedWithin(withinMs: number): number | undefined {
    if (this.#last === undefined || performance.now() - this.#last.at > withinMs) return undefined;
    return this.#last.pid;
  }

  start(): void {
    // The pause varies by half: a strict rhythm could meet a task at the same point of every attempt.
    const pauseMs = this.#options.intervalMs * (0.5 + this.#options.random());
    this.#timer = setTimeout(() => {
      this.#kill();
      this.start();
    }, pauseMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #kill(): void {
    const candidates = this.#options.workers().filter((worker) => this.#mayDie(worker));
    const victim = pickFrom(candidates, this.#options.random);
    if (victim?.pid === undefined) return;
    try {
      process.kill(victim.pid, 'SIGKILL');
    } catch {
      // It was gone already: not our kill.
      return;
    }
    this.#victims.add(victim.id);
    this.#last = { pid: victim.pid, at: performance.now() };
  }

  /** Workers that still start hold no task; a dead one may be listed for another moment. */
  #mayDie(worker: WorkerView): boolean {
    if (worker.pid === undefined || this.#victims.has(worker.id)) return false;
    return worker.state === 'busy' || worker.state === 'idle';
  }
}
