/**
 * The options of pools: their meaning, defaults and checks.
 * In all of them `undefined` means "not given", and a wrong or unknown option throws `InvalidOptionError`.
 */
import process from 'node:process';
import { InvalidOptionError } from '../errors.ts';
import { checkOrder, limitChecks, type WorkerLimits } from './call-options.ts';
import {
  childChecks,
  type ChildOptions,
  resolveChildOptions,
  type ResolvedChildOptions,
} from './child-options.ts';
import { cpuCount } from './cpu-count.ts';
import {
  callable,
  checkOptions,
  flag,
  list,
  milliseconds,
  nested,
  oneOf,
  someOf,
  text,
  unavailable,
  wholeNumber,
  type Checks,
} from './option-checks.ts';
import {
  resolveTaskOptions,
  taskChecks,
  taskDefaults,
  type ResolvedTaskOptions,
  type TaskOptions,
} from './task-options.ts';

export {
  checkByteCount,
  checkCloseOnSignalOptions,
  checkCloseOptions,
  checkCloseSignals,
  checkMapOptions,
  checkResizeOptions,
  checkWarmCount,
  type CloseOnSignalOptions,
  type CloseOptions,
  type CloseSignal,
  type MapOptions,
  type ResizeOptions,
} from './call-options.ts';
export { checkTaskOptions } from './task-options.ts';
export type { ResolvedTaskOptions, RetryOptions, TaskOptions } from './task-options.ts';

/** Options of `createPool`. */
export interface PoolOptions extends ChildOptions {
  /** Shown in errors and metrics. Default `'pool'`. Not empty. */
  readonly name?: string | undefined;
  /**
   * The most workers at a time; they start on demand. Whole, 1 or more.
   * Default `cpuCount()`, or `minWorkers` if that is more.
   */
  readonly maxWorkers?: number | undefined;
  /** Workers kept warm even when nothing is to do. Default 0. Whole, 0 to `maxWorkers`. */
  readonly minWorkers?: number | undefined;
  /** An idle worker above `minWorkers` leaves after this many milliseconds. Default `Infinity`. 0 or more. */
  readonly idleTimeoutMs?: number | undefined;
  /** Tasks one worker may have started at a time, for asynchronous ones. Default 1. Whole, 1 or more. */
  readonly concurrency?: number | undefined;
  /**
   * How many tasks may wait beyond those the workers can run; more rejects with `QueueFullError`.
   * Default `Infinity`. Whole, 0 or more.
   */
  readonly maxQueue?: number | undefined;
  /**
   * What the arguments of all tasks that have not settled may weigh, in bytes as they travel; more rejects
   * with `QueueFullError`, but one task alone may weigh anything. Default `Infinity`. Whole, 1 or more.
   */
  readonly maxQueueBytes?: number | undefined;
  /** Run once in each worker before its first task; its error causes `WorkerStartError`. Default none. */
  readonly initialize?: InitializeOptions | undefined;
  /**
   * Whether arrow functions that use `this` of the function around them may be sent. To read that `this`,
   * V8's debugger stops the arrow at its first instruction, which takes about 10 ms, once per function.
   * Default false.
   */
  readonly captureThis?: boolean | undefined;
  /** Where children's output goes: to the parent's, to events, or nowhere. Default `'inherit'`. */
  readonly stdio?: 'inherit' | 'capture' | 'ignore' | undefined;
  /** Replaces workers between tasks, when one of these limits is reached. Default never. */
  readonly recycle?: RecycleOptions | undefined;
  /** How many workers may die at start-up before the pool is broken: `PoolBrokenError`. */
  readonly restarts?: RestartOptions | undefined;
  /** Time for a worker to start and initialize, in milliseconds. Default 30,000. Above 0, or `Infinity`. */
  readonly startTimeoutMs?: number | undefined;
  /** Time between asking a worker to stop and killing it, in milliseconds. Default 2,000. 0 or more. */
  readonly killGraceMs?: number | undefined;
  /**
   * A worker that runs tasks and whose main loop does not answer for this many milliseconds is reported by
   * the event `workerUnresponsive`. Default `Infinity`: nobody asks. Above 0.
   */
  readonly unresponsiveAfterMs?: number | undefined;
  /**
   * What becomes of it: nothing more, or it is killed, and its tasks fail with `WorkerLostError`, whose
   * `likelyCause` is `'unresponsive'`. Default `'report'`.
   */
  readonly unresponsive?: 'report' | 'kill' | undefined;
  /**
   * How deep pools may nest inside workers; beyond it `NestingError`. Whole, 1 or more, or `Infinity`.
   * Default the environment's `TROUPE_MAX_DEPTH`, or 10.
   */
  readonly maxDepth?: number | undefined;
  /** Defaults for every task of the pool; `pool.with()` overrides them one by one. */
  readonly task?: TaskOptions | undefined;
}

/** Options of `getReusablePool`. By default `name` is the key or `'reusable'`, and `idleTimeoutMs` 10,000. */
export interface ReusablePoolOptions extends PoolOptions {
  /** Pools of different keys have nothing to do with each other. Default none. Not empty. */
  readonly key?: string | undefined;
}

/** The function each worker runs before its first task. */
export interface InitializeOptions {
  /** The function; it goes to the worker as a task's function does. */
  readonly fn: (...args: never[]) => unknown;
  /** Its arguments. Default none. */
  readonly args?: readonly unknown[] | undefined;
}

/**
 * What wears a worker out. Its replacement is started first, in addition to `maxWorkers`; then the worn one
 * ends what it has, and leaves. At least one is to be given.
 */
export interface RecycleOptions {
  /**
   * No worker runs more tasks than this, and a chunk of `map` is one. Its replacement starts when nine tenths
   * of them have been started. Default no limit. Whole, 1 or more.
   */
  readonly tasks?: number | undefined;
  /** A worker that holds more memory than this is replaced. Default no limit. Bytes, whole, 1 or more. */
  readonly rssBytes?: number | undefined;
  /**
   * A worker that holds so much more memory than after its first task is replaced. Default no limit. Bytes,
   * whole, 1 or more.
   */
  readonly rssGrowthBytes?: number | undefined;
  /** A worker that has served for so long is replaced. In milliseconds. Default no limit. Above 0. */
  readonly ageMs?: number | undefined;
}

/** A limit on deaths at start-up. */
export interface RestartOptions {
  /** This many are forgiven. Default 5. Whole, 0 or more. */
  readonly max?: number | undefined;
  /** The window they are counted in, in milliseconds. Default 10,000. More than 0, or `Infinity`. */
  readonly withinMs?: number | undefined;
}

/** `PoolOptions` with every default applied; `undefined` stays for "the parent's own" and for "none". */
export interface ResolvedPoolOptions extends WorkerLimits, ResolvedChildOptions {
  readonly name: string;
  readonly idleTimeoutMs: number;
  readonly concurrency: number;
  readonly maxQueue: number;
  readonly maxQueueBytes: number;
  readonly initialize:
    | { readonly fn: (...args: never[]) => unknown; readonly args: readonly unknown[] }
    | undefined;
  readonly captureThis: boolean;
  readonly stdio: 'inherit' | 'capture' | 'ignore';
  readonly recycle: Required<{ readonly [Limit in keyof RecycleOptions]: number }>;
  readonly restarts: { readonly max: number; readonly withinMs: number };
  readonly startTimeoutMs: number;
  readonly killGraceMs: number;
  readonly unresponsiveAfterMs: number;
  readonly unresponsive: 'report' | 'kill';
  readonly maxDepth: number;
  readonly task: ResolvedTaskOptions;
}

const unlimited = { infinite: true };

const poolChecks: Checks = {
  ...limitChecks,
  ...childChecks,
  name: text,
  idleTimeoutMs: milliseconds({ ...unlimited, from: 'zero' }),
  concurrency: wholeNumber({ min: 1 }),
  maxQueue: wholeNumber({ ...unlimited, min: 0 }),
  maxQueueBytes: wholeNumber({ ...unlimited, min: 1 }),
  captureThis: flag,
  initialize: nested({ fn: callable, args: list }, ['fn']),
  stdio: oneOf('inherit', 'capture', 'ignore'),
  recycle: someOf(
    nested({
      tasks: wholeNumber({ min: 1 }),
      rssBytes: wholeNumber({ min: 1 }),
      rssGrowthBytes: wholeNumber({ min: 1 }),
      ageMs: milliseconds({ from: 'above zero' }),
    }),
  ),
  restarts: nested({
    max: wholeNumber({ min: 0 }),
    withinMs: milliseconds({ ...unlimited, from: 'above zero' }),
  }),
  startTimeoutMs: milliseconds({ ...unlimited, from: 'above zero' }),
  killGraceMs: milliseconds({ from: 'zero' }),
  unresponsiveAfterMs: milliseconds({ ...unlimited, from: 'above zero' }),
  unresponsive: oneOf('report', 'kill'),
  maxDepth: wholeNumber({ ...unlimited, min: 1 }),
  task: nested(taskChecks),
  inspect: unavailable,
};

/** Checks the options of a pool and applies the defaults. */
export function resolvePoolOptions(options: PoolOptions = {}, where = 'createPool()'): ResolvedPoolOptions {
  checkOptions(options, poolChecks, { where, path: '' });
  return withDefaults(options, where);
}

/** Checks the options of the pool that is shared and applies its defaults. */
export function resolveReusablePoolOptions(
  options: ReusablePoolOptions = {},
  where = 'getReusablePool()',
): ResolvedPoolOptions {
  checkOptions(options, { ...poolChecks, key: text }, { where, path: '' });
  const { name = options.key ?? 'reusable', idleTimeoutMs = 10_000 } = options;
  return withDefaults({ ...options, name, idleTimeoutMs }, where);
}

function withDefaults(options: PoolOptions, where: string): ResolvedPoolOptions {
  const minWorkers = options.minWorkers ?? 0;
  const maxWorkers = options.maxWorkers ?? Math.max(cpuCount(), minWorkers);
  checkOrder({ minWorkers, maxWorkers }, where);
  const { initialize, recycle, restarts } = options;
  checkUnresponsive(options, where);
  return {
    name: options.name ?? 'pool',
    maxWorkers,
    minWorkers,
    idleTimeoutMs: options.idleTimeoutMs ?? Infinity,
    concurrency: options.concurrency ?? 1,
    maxQueue: options.maxQueue ?? Infinity,
    maxQueueBytes: options.maxQueueBytes ?? Infinity,
    // Copies: what the caller does to the objects later must not reach workers that start later.
    initialize: initialize && { fn: initialize.fn, args: [...(initialize.args ?? [])] },
    captureThis: options.captureThis ?? false,
    ...resolveChildOptions(options, where),
    stdio: options.stdio ?? 'inherit',
    recycle: {
      tasks: recycle?.tasks ?? Infinity,
      rssBytes: recycle?.rssBytes ?? Infinity,
      rssGrowthBytes: recycle?.rssGrowthBytes ?? Infinity,
      ageMs: recycle?.ageMs ?? Infinity,
    },
    restarts: { max: restarts?.max ?? 5, withinMs: restarts?.withinMs ?? 10_000 },
    startTimeoutMs: options.startTimeoutMs ?? 30_000,
    killGraceMs: options.killGraceMs ?? 2_000,
    unresponsiveAfterMs: options.unresponsiveAfterMs ?? Infinity,
    unresponsive: options.unresponsive ?? 'report',
    maxDepth: options.maxDepth ?? depthFromEnvironment() ?? 10,
    task: resolveTaskOptions(options.task ?? {}, taskDefaults),
  };
}

function checkUnresponsive({ unresponsive, unresponsiveAfterMs }: PoolOptions, where: string): void {
  if (unresponsive !== 'kill' || unresponsiveAfterMs !== undefined) return;
  throw new InvalidOptionError(
    'unresponsive',
    `${where}: the option \`unresponsive\` is 'kill', but nobody would be asked: ` +
      'give `unresponsiveAfterMs`, too. `Infinity` means never.',
  );
}

function depthFromEnvironment(): number | undefined {
  const given = process.env['TROUPE_MAX_DEPTH'];
  if (given === undefined || given === '') return undefined;
  const depth = Number(given);
  if (Number.isSafeInteger(depth) && depth >= 1) return depth;
  throw new InvalidOptionError(
    'TROUPE_MAX_DEPTH',
    `The environment variable TROUPE_MAX_DEPTH is '${given}', but it must be a whole number, 1 or more.`,
  );
}
