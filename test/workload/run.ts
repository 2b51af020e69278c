/**
 * Does to a pool what a plan says, in real or simulated surroundings, and keeps a ledger of its own: every
 * call settles exactly once, in a way that is explained by what was done.
 */
import type { Pool } from 'troupe';
import { callsOf, type Operation } from './call.ts';
import { behaviors } from './behaviors.ts';
import { type Ending, Ledger } from './ledger.ts';
import { Performer } from './performer.ts';
import type { Surroundings } from './verdict.ts';

/** What a workload needs of a pool. */
export type WorkloadPool = Pick<
  Pool,
  | 'with'
  | 'module'
  | 'on'
  | 'ready'
  | 'warm'
  | 'resize'
  | 'close'
  | 'terminate'
  | 'stats'
  | 'state'
  | 'workers'
  | 'name'
>;

/** Where the workload runs. */
export interface WorkloadWorld {
  /** Awaited between two operations. */
  pace(): Promise<void>;
  /** Milliseconds that never go back, of the clock that the pool's timers follow. */
  now(): number;
  /** Workers may be killed or stopped from outside, also while they start. Default `false`. */
  readonly hasFaults?: boolean;
  /** As given to the pool. */
  readonly concurrency?: number;
  /** As given to the pool; default no limit. */
  readonly maxQueue?: number;
  /** As given to the pool; default no limit. */
  readonly maxQueueBytes?: number;
  /** As given to the pool; without it, `warm` is not held to more than one worker. */
  readonly maxWorkers?: number;
  /** `recycle.tasks` as given to the pool; default no limit. */
  readonly tasksPerWorker?: number;
  /** As given to the pool; default that nobody asks. */
  readonly unresponsiveAfterMs?: number;
  /** Whoever is silent is killed. Default `false`. */
  readonly killsSilent?: boolean;
  /** Who computes for so long is surely noticed. Default that this is left to chance. */
  readonly noticesAfterMs?: number;
  /** Does to the pool what happens when others are given another one. Default nothing. */
  release?(): void;
  /** Told of every task that is submitted, for a recording. */
  onTask?(taskId: string, fn: string): void;
}

export interface WorkloadReport {
  /** Calls that were made, chunks of `map` not counted. */
  readonly submitted: number;
  readonly settled: number;
  /** How they ended. */
  readonly endings: Readonly<Record<Ending, number>>;
  readonly mapped: number;
  readonly streamed: number;
  /** How often `warm` was fulfilled. */
  readonly warmed: number;
  /** What must not be, as sentences. */
  readonly problems: readonly string[];
}

/** A run that can be looked at while it goes on, for whoever puts a time limit on it. */
export class Workload {
  readonly #pool: WorkloadPool;
  readonly #plan: readonly Operation[];
  readonly #world: WorkloadWorld;
  readonly #ledger: Ledger;
  readonly #performer: Performer;

  constructor(pool: WorkloadPool, plan: readonly Operation[], world: WorkloadWorld) {
    this.#pool = pool;
    this.#plan = plan;
    this.#world = world;
    const surroundings = surroundingsOf(plan, world);
    this.#ledger = new Ledger(pool, surroundings, () => world.now());
    this.#ledger.watch(pool, world);
    this.#performer = new Performer(pool, this.#ledger, surroundings, world);
  }

  /** Performs the plan, closes the pool and waits for everything that was started. */
  async run(): Promise<WorkloadReport> {
    for (const operation of this.#plan) {
      this.#performer.perform(operation);
      await this.#world.pace();
      this.check();
    }
    this.#performer.perform({ kind: 'close', drain: true, timeoutMs: null });
    await this.#performer.finish();
    this.#ledger.audit(this.#pool);
    return this.report();
  }

  /** Holds the pool against its limits, at a moment in which it has decided everything. */
  check(): void {
    this.#performer.checkBytes();
  }

  report(): WorkloadReport {
    const { submitted, settled, endings, problems } = this.#ledger;
    const { mapped, streamed, warmed } = this.#performer;
    return { submitted, settled, endings: { ...endings }, mapped, streamed, warmed, problems: [...problems] };
  }

  /** What a run that does not end is waiting for, as sentences. */
  waitsFor(): string[] {
    return [...this.#ledger.unsettled(), ...this.#performer.unfinished()];
  }
}

/** Runs a plan to its end. It never gives up by itself: the caller decides about a time limit. */
export function runWorkload(
  pool: WorkloadPool,
  plan: readonly Operation[],
  world: WorkloadWorld,
): Promise<WorkloadReport> {
  return new Workload(pool, plan, world).run();
}

/** A task that is cut short may take its worker along, and with it whatever began there meanwhile. */
function surroundingsOf(plan: readonly Operation[], world: WorkloadWorld): Surroundings {
  const calls = callsOf(plan);
  const isCutShort = plan.some(
    (operation) =>
      operation.kind === 'cancel' ||
      operation.kind === 'abort' ||
      operation.kind === 'regret' ||
      ('options' in operation && operation.options.timeoutMs !== undefined),
  );
  const isNested = calls.some(({ fn }) => behaviors[fn].dependsOnOthers === true);
  const killsSilent = world.killsSilent ?? false;
  const isHarmful = calls.some(({ fn, options }) => {
    const { dies, harmsOthers } = behaviors[fn];
    const takesNeighbors = dies === true && ((world.concurrency ?? 1) > 1 || isNested);
    return harmsOthers === true || takesNeighbors || options.timeoutMs !== undefined;
  });
  const hasFaults = world.hasFaults ?? false;
  return {
    isClosing: false,
    isAbandoning: false,
    mayLoseAny: hasFaults || isCutShort || isHarmful,
    mayBreak: hasFaults,
    mayBeFull: Number.isFinite(Math.min(world.maxQueue ?? Infinity, world.maxQueueBytes ?? Infinity)),
    hasNested: isNested,
    mayBeSilent: hasFaults || killsSilent || calls.some(({ fn }) => fn === 'stopsItself'),
    killsSilent,
    noticesAfterMs: world.noticesAfterMs ?? Infinity,
  };
}
