/** What a seed stands for: the options of a pool, what is done to it, and what may go wrong. Plain data. */
import type { PoolOptions } from '../../src/api/options.ts';
import { attachReference } from '../../src/codec/function-reference.ts';
import { callsOf, type Operation } from '../workload/call.ts';
import {
  type FunctionWeights,
  type OperationWeights,
  planWorkload,
  usualOperations,
  usualWeights,
} from '../workload/plan.ts';
import { Random } from '../workload/random.ts';
import { drawFaults, type FaultName } from './faults.ts';
import { tasksUrl } from './task-module.ts';

type Initializer = 'echoes' | 'throws' | 'exits' | 'stopsItself' | 'none';

export interface Scenario {
  /** What is not given is as in `createPool`. */
  readonly pool: {
    readonly maxWorkers: number;
    readonly minWorkers: number;
    readonly concurrency: number;
    readonly maxQueue?: number;
    readonly maxQueueBytes?: number;
    readonly idleTimeoutMs?: number;
    readonly recycle?: {
      readonly tasks?: number;
      readonly rssBytes?: number;
      readonly rssGrowthBytes?: number;
      readonly ageMs?: number;
    };
    readonly unresponsiveAfterMs?: number;
    readonly unresponsive?: 'report' | 'kill';
    readonly killGraceMs: number;
    readonly startTimeoutMs: number;
    readonly restarts: { readonly max: number; readonly withinMs: number };
  };
  /** The function of the workload that initializes workers. */
  readonly initializer: Initializer;
  readonly plan: readonly Operation[];
  readonly faults: readonly FaultName[];
  /** The pool is resized from within its own events. */
  readonly isMeddledWith: boolean;
  /** The longest pause between two operations, in milliseconds. */
  readonly paceMs: number;
}

/** As in `freeze-watch.ts`, `recall-watch.ts` and `pause-watch.ts`. */
const freezeWatchMs = 1_000;
const recallWatchMs = 10;
const pauseWatchMsMin = 50;

const stoppingWeights: FunctionWeights = { ...usualWeights, stopsItself: 1 };

/** Functions that never end their process, nor have it ended. */
const peacefulWeights: FunctionWeights = {
  ...usualWeights,
  ignoresAbort: 0,
  exits: 0,
  diesOfKill: 0,
  diesOfTerm: 0,
  leaksRejection: 0,
};

/** Callers who try again and then give up: what is taken back from a child is not always a first attempt. */
const fickleWeights: FunctionWeights = { echoes: 10, throwsUntil: 60, spins: 10, waits: 4 };
const fickleOperations: OperationWeights = { submit: 40, burst: 20, regret: 10, resize: 2 };

export function drawScenario(seed: number): Scenario {
  const random = new Random(seed);
  const isPeacefulOne = random.chance(0.1);
  const maxWorkers = random.between(1, 3);
  const pool: Scenario['pool'] = {
    maxWorkers,
    minWorkers: random.chance(0.3) ? random.int(maxWorkers + 1) : 0,
    concurrency: random.chance(0.6) ? 1 : random.between(2, 4),
    ...(random.chance(0.7) ? {} : { maxQueue: random.int(8) }),
    ...(random.chance(0.8) ? {} : { maxQueueBytes: random.pick([1, 500, 5_000, 50_000]) }),
    ...(random.chance(0.7) ? {} : { idleTimeoutMs: random.int(200) }),
    ...(random.chance(0.65) ? {} : { recycle: drawRecycle(random) }),
    ...(random.chance(0.7) ? {} : drawSilence(random)),
    killGraceMs: isPeacefulOne ? 2_000 : random.pick([0, 10, 100, 2_000]),
    startTimeoutMs: random.pick([500, 2_000, 30_000]),
    restarts: { max: random.pick([0, 2, 5, 5, 8]), withinMs: random.pick([1_000, 10_000]) },
  };
  const { unresponsiveAfterMs } = pool;
  const blocks =
    unresponsiveAfterMs === undefined
      ? {}
      : { blockMs: [0.25, 2, 4].map((times) => times * unresponsiveAfterMs) };
  const size = random.pick([4, 10, 20, 40, 80]);
  const isFickle = !isPeacefulOne && random.chance(0.2);
  const usual = isPeacefulOne ? peacefulWeights : random.chance(0.3) ? stoppingWeights : usualWeights;
  const nests = random.pick([0, 0, 3, 30]);
  const weights = {
    ...usual,
    nests,
    blocks: unresponsiveAfterMs === undefined ? 0 : random.pick([0, 4, 15]),
  };
  const bytesMax = random.pick([4_096, 40_000, 40_000, 300_000]);
  return {
    pool,
    initializer: random.pickWeighted<Initializer>({
      none: 70,
      echoes: 24,
      throws: 2,
      exits: 2,
      stopsItself: 2,
    }),
    plan: planWorkload(random.fork(), size, {
      maxWorkers: 4,
      bytesMax,
      ...blocks,
      ...(isFickle
        ? { weights: fickleWeights, operations: fickleOperations }
        : { weights, operations: { ...usualOperations, release: random.chance(0.2) ? 2 : 0 } }),
    }),
    faults: isPeacefulOne ? [] : drawFaults(random),
    isMeddledWith: random.chance(0.2),
    paceMs: random.pick([0, 5, 30, 100, 500]),
  };
}

function drawRecycle(random: Random): NonNullable<Scenario['pool']['recycle']> {
  const kind = random.pick(['tasks', 'tasks', 'rss', 'growth', 'age', 'all'] as const);
  const isAll = kind === 'all';
  return {
    ...(kind === 'tasks' || isAll ? { tasks: random.pick([1, 2, 3, 10, 20]) } : {}),
    ...(kind === 'rss' || isAll ? { rssBytes: random.between(1, 20) } : {}),
    ...(kind === 'growth' || isAll ? { rssGrowthBytes: random.between(1, 20) } : {}),
    ...(kind === 'age' || isAll ? { ageMs: random.between(1, 400) } : {}),
  };
}

function drawSilence(random: Random): Pick<Scenario['pool'], 'unresponsiveAfterMs' | 'unresponsive'> {
  return { unresponsiveAfterMs: random.pick([40, 100, 400]), unresponsive: random.pick(['report', 'kill']) };
}

/** Timers of a closed pool that may still run out, by their delays: they end, and hold nothing. */
export function lateTimersOf({ plan, pool }: Scenario): ReadonlySet<number> {
  const allowed = new Set<number>([pool.restarts.withinMs, freezeWatchMs]);
  for (let ms = recallWatchMs; ms < freezeWatchMs; ms *= 2) allowed.add(ms);
  for (const operation of plan) if (operation.kind === 'close') allowed.add(operation.timeoutMs ?? 0);
  if (pool.unresponsiveAfterMs !== undefined)
    allowed.add(Math.max(pool.unresponsiveAfterMs / 4, pauseWatchMsMin));
  return allowed;
}

/**
 * What surely counts as silence in a world that is not late itself; in others it is left to chance. A worker
 * is asked again when it is to leave, and when it is to hurry: each time it has the whole limit once more.
 */
export function noticesAfterMs({ faults, pool }: Scenario): number {
  const isLate = faults.length > 0 || pool.unresponsiveAfterMs === undefined;
  return isLate ? Infinity : pool.unresponsiveAfterMs * 3.8;
}

/** Whether workers can be initialized. */
export const isStartSafe = ({ initializer }: Pick<Scenario, 'initializer'>): boolean =>
  initializer === 'none' || initializer === 'echoes';

/** Whether there is no reason to lose a worker. */
export function isPeaceful({ faults, initializer, plan, pool }: Scenario): boolean {
  const isHarmless = callsOf(plan).every(
    ({ fn }) =>
      (fn === 'blocks' ? pool.unresponsive !== 'kill' : peacefulWeights[fn] !== 0) && fn !== 'stopsItself',
  );
  const isPatient = plan.every(
    (operation) =>
      operation.kind !== 'terminate' && (operation.kind !== 'close' || operation.timeoutMs === null),
  );
  const isQuiet = faults.length === 0 && isStartSafe({ initializer });
  return isQuiet && isHarmless && isPatient && pool.killGraceMs >= 2_000;
}

/** The options of the pool. */
export function poolOptionsOf({ pool, initializer }: Scenario): PoolOptions {
  const initialize = { fn: taskNamed(initializer), args: [0, 3] };
  return { ...pool, ...(initializer === 'none' ? {} : { initialize }), stdio: 'ignore', execArgv: [] };
}

const handles = new Map<string, () => unknown>();

function taskNamed(name: string): () => unknown {
  const handle = handles.get(name) ?? attachReference(() => undefined, { url: tasksUrl.href, name });
  handles.set(name, handle);
  return handle;
}
