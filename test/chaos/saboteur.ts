/** Sends signals to a pool's processes, at random moments, whatever they are doing. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { Pool, WorkerInfo } from 'troupe';
import type { Random } from '../workload/random.ts';

type Signal = 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT';

/** What it does, and how often. A process that stays stopped costs seconds until it is noticed. */
const acts = { kill: 60, terminate: 20, pause: 18, freeze: 0.8 } as const;

/** Each failure to start makes the pool wait longer before the next: with more, nothing gets done. */
const startsMax = 4;

export interface SaboteurOptions {
  readonly pool: Pick<Pool, 'workers'>;
  readonly random: Random;
  /** The mean pause between two acts. */
  readonly everyMs: number;
  /** A pool whose workers die faster than they start would never end. */
  readonly actsMax: number;
  onSignal(workerId: number, signal: Signal): void;
}

export class Saboteur {
  /** Signals that reached a process and should end it, or keep it from working for good. */
  kills = 0;
  readonly #options: SaboteurOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #paused = new Set<number>();
  #left: number;
  #startsLeft = startsMax;

  constructor(options: SaboteurOptions) {
    this.#options = options;
    this.#left = options.actsMax;
  }

  start(): void {
    const { random, everyMs } = this.#options;
    if (this.#left === 0) return;
    this.#later(random.int(2 * everyMs), () => {
      this.#act();
      this.start();
    });
  }

  /** Whoever is paused goes on. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const workerId of this.#paused) this.#signal(workerId, 'SIGCONT');
    this.#paused.clear();
  }

  #act(): void {
    const { pool, random } = this.#options;
    const candidates = pool.workers.filter((worker) => worker.pid !== undefined && this.#mayAttack(worker));
    if (candidates.length === 0) return;
    const victim = random.pick(candidates);
    this.#left -= 1;
    if (isStarting(victim)) this.#startsLeft -= 1;
    const act = random.pickWeighted(acts);
    if (act === 'kill') this.#kill(victim.id, 'SIGKILL');
    else if (act === 'terminate') this.#kill(victim.id, 'SIGTERM');
    else if (act === 'freeze') this.#kill(victim.id, 'SIGSTOP');
    else if (this.#signal(victim.id, 'SIGSTOP')) {
      // Some are killed while they are stopped, most go on.
      const end = random.chance(0.8) ? 'SIGCONT' : 'SIGKILL';
      this.#paused.add(victim.id);
      this.#later(random.int(300), () => {
        this.#paused.delete(victim.id);
        if (this.#signal(victim.id, end) && end === 'SIGKILL') this.kills += 1;
      });
    }
  }

  #mayAttack(worker: WorkerInfo): boolean {
    return !isStarting(worker) || (this.#startsLeft > 0 && this.#options.random.chance(0.3));
  }

  #kill(workerId: number, signal: Signal): void {
    if (this.#signal(workerId, signal)) this.kills += 1;
  }

  /** Only to a process that is still the worker's: its number may belong to somebody else by now. */
  #signal(workerId: number, signal: Signal): boolean {
    const pid = this.#options.pool.workers.find(({ id }) => id === workerId)?.pid;
    if (pid === undefined || !isOurChild(pid)) return false;
    this.#options.onSignal(workerId, signal);
    try {
      process.kill(pid, signal);
      return true;
    } catch {
      return false;
    }
  }

  #later(delayMs: number, callback: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, delayMs);
    this.#timers.add(timer);
  }
}

const isStarting = ({ state }: WorkerInfo): boolean => state === 'starting' || state === 'initializing';

/** The fields after the name of the program, which may hold anything, are the state and the parent. */
function isOurChild(pid: number): boolean {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1]) === process.pid;
  } catch {
    return false;
  }
}
