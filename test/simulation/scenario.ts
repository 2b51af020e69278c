/** What a seed stands for: the options of a pool, what is done to it, and what may go wrong. Plain data. */
import type { PoolOptions } from '../../src/api/options.ts';
import { attachReference } from '../../src/codec/function-reference.ts';
import { callsOf, type Operation } from '../workload/call.ts';
import { type FunctionWeights, type OperationWeights, planWorkload, usualWeights } from '../workload/plan.ts';
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
    readonly idleTimeoutMs?: number;
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
    ...(random.chance(0.7) ? {} : { idleTimeoutMs: random.int(200) }),
    killGraceMs: isPeacefulOne ? 2_000 : random.pick([0, 10, 100, 2_000]),
    startTimeoutMs: random.pick([500, 2_000, 30_000]),
    restarts: { max: random.pick([0, 2, 5, 5, 8]), withinMs: random.pick([1_000, 10_000]) },
  };
  const size = random.pick([4, 10, 20, 40, 80]);
  const isFickle = !isPeacefulOne && random.chance(0.2);
  const weights = isPeacefulOne ? peacefulWeights : random.chance(0.3) ? stoppingWeights : usualWeights;
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
      ...(isFickle ? { weights: fickleWeights, operations: fickleOperations } : { weights }),
    }),
    faults: isPeacefulOne ? [] : drawFaults(random),
    isMeddledWith: random.chance(0.2),
    paceMs: random.pick([0, 5, 30, 100, 500]),
  };
}

/** Whether workers can be initialized. */
export const isStartSafe = ({ initializer }: Pick<Scenario, 'initializer'>): boolean =>
  initializer === 'none' || initializer === 'echoes';

/** Whether there is no reason to lose a worker. */
export function isPeaceful({ faults, initializer, plan, pool }: Scenario): boolean {
  const isHarmless = callsOf(plan).every(({ fn }) => peacefulWeights[fn] !== 0 && fn !== 'stopsItself');
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
