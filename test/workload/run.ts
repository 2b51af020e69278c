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
    this.#performer = new Performer(pool, this.#ledger, surroundings, world);
  }

  /** Performs the plan, closes the pool and waits for everything that was started. */
  async run(): Promise<WorkloadReport> {
    for (const operation of this.#plan) {
      this.#performer.perform(operation);
      await this.#world.pace();
    }
    this.#performer.perform({ kind: 'close', drain: true, timeoutMs: null });
    await this.#performer.finish();
    this.#ledger.audit(this.#pool);
    return this.report();
  }

  report(): WorkloadReport {
    const { submitted, settled, endings, problems } = this.#ledger;
    const { mapped, streamed } = this.#performer;
    return { submitted, settled, endings: { ...endings }, mapped, streamed, problems: [...problems] };
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
  const isHarmful = calls.some(({ fn, options }) => {
    const { dies, harmsOthers } = behaviors[fn];
    const takesNeighbors = dies === true && (world.concurrency ?? 1) > 1;
    return harmsOthers === true || takesNeighbors || options.timeoutMs !== undefined;
  });
  const hasFaults = world.hasFaults ?? false;
  return {
    isClosing: false,
    isAbandoning: false,
    mayLoseAny: hasFaults || isCutShort || isHarmful,
    mayBreak: hasFaults,
    mayBeFull: world.maxQueue !== undefined && Number.isFinite(world.maxQueue),
  };
}
