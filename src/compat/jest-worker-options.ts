/** The options of a farm: jest-worker's names, their checks, and what becomes of each here. */
import { totalmem } from 'node:os';
import process from 'node:process';
import { cpuCount } from '../api/cpu-count.ts';
import {
  anyNumber,
  callable,
  type Check,
  checkOptions,
  type Checks,
  flag,
  list,
  milliseconds,
  nested,
  oneOf,
  stringList,
  stringMap,
  text,
  wholeNumber,
} from '../api/option-checks.ts';
import type { PoolOptions } from '../api/options.ts';
import { type ResourceLimits, resourceLimitsCheck } from '../api/resource-limits.ts';
import { InvalidOptionError } from '../errors.ts';
import type { TaskQueue } from './jest-worker-queues.ts';

/** What of `child_process.fork`'s options has a meaning here. */
export interface FarmForkOptions {
  /** The working directory of the workers. Default the parent's. */
  readonly cwd?: string | undefined;
  /** All variables of the workers; `JEST_WORKER_ID` is added. Default the parent's. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Node's own flags for the workers. Default those of the parent that make sense in a child. */
  readonly execArgv?: readonly string[] | undefined;
  /** As the option `silent`, over which it wins. */
  readonly silent?: boolean | undefined;
  /** Taken, without effect: values always travel by troupe's own codec. */
  readonly serialization?: 'json' | 'advanced' | undefined;
  /** Taken, without effect: workers always lead a process group of their own. */
  readonly detached?: boolean | undefined;
}

/** Options of `new Worker()`. Those of jest-worker that have no meaning here are refused by name. */
export interface WorkerFarmOptions {
  /** The worker a call is bound to, by a key; `null` binds it to none. */
  readonly computeWorkerKey?: ((method: string, ...args: unknown[]) => string | null) | undefined;
  /** Workers are always processes; with `true`, `resourceLimits` count. Default false. */
  readonly enableWorkerThreads?: boolean | undefined;
  /** The methods that can be called. Default: the functions that the file exports when loaded here. */
  readonly exposedMethods?: readonly string[] | undefined;
  readonly forkOptions?: FarmForkOptions | undefined;
  /** How often a call is run again whose worker died. Default 3. Whole, 0 or more, or `Infinity`. */
  readonly maxRetries?: number | undefined;
  /** How many workers there may be. Default `cpuCount() - 1`, at least 1. */
  readonly numWorkers?: number | undefined;
  /** How much heap and stack each worker has; as in jest-worker, only with `enableWorkerThreads`. */
  readonly resourceLimits?: ResourceLimits | undefined;
  /** Arguments for the file's `setup`. Default none. */
  readonly setupArgs?: readonly unknown[] | undefined;
  /** `false`: output goes to the parent's. Default `true`: to `getStdout()` and `getStderr()`. */
  readonly silent?: boolean | undefined;
  /** The order of calls. Default a `FifoQueue`. */
  readonly taskQueue?: TaskQueue | undefined;
  /** Which of several idle workers takes a call. Default `'round-robin'`. */
  readonly workerSchedulingPolicy?: 'round-robin' | 'in-order' | undefined;
  /**
   * A worker whose heap is larger after a call is replaced: in bytes, or, up to 1, as a part of the system's
   * memory. 0 replaces it after each call. Default no limit.
   */
  readonly idleMemoryLimit?: number | undefined;
  /** How long `end()` waits for what is running, in milliseconds. Default 500. */
  readonly workerGracefulExitTimeout?: number | undefined;
}

/** `WorkerFarmOptions` with every default applied. */
export interface FarmSettings {
  readonly computeWorkerKey: (method: string, ...args: unknown[]) => string | null;
  readonly exposedMethods: readonly string[] | undefined;
  readonly retries: number;
  readonly numWorkers: number;
  readonly setupArgs: readonly unknown[];
  readonly isSilent: boolean;
  readonly taskQueue: TaskQueue | undefined;
  readonly isInOrder: boolean;
  readonly heapLimitBytes: number;
  readonly exitLimitMs: number;
  /** The options of the pool in each seat. */
  readonly pool: PoolOptions;
}

const where = 'new Worker()';

const queue: Check = {
  allowed: 'an object with the methods enqueue and dequeue',
  accepts: (value) => typeof value === 'object' && value !== null && 'enqueue' in value && 'dequeue' in value,
};

const forkChecks: Checks = {
  cwd: text,
  env: stringMap,
  execArgv: stringList,
  silent: flag,
  serialization: oneOf('json', 'advanced'),
  detached: flag,
};

const checks: Checks = {
  computeWorkerKey: callable,
  enableWorkerThreads: flag,
  exposedMethods: stringList,
  forkOptions: nested(forkChecks),
  maxRetries: wholeNumber({ min: 0, infinite: true }),
  numWorkers: wholeNumber({ min: 1 }),
  resourceLimits: resourceLimitsCheck,
  setupArgs: list,
  silent: flag,
  taskQueue: queue,
  workerSchedulingPolicy: oneOf('round-robin', 'in-order'),
  idleMemoryLimit: { ...anyNumber, accepts: (value) => typeof value === 'number' && value >= 0 },
  workerGracefulExitTimeout: milliseconds({ from: 'zero' }),
  WorkerPool: {
    allowed: 'left out',
    accepts: () => true,
    lookInside: () => {
      throw new InvalidOptionError(
        'WorkerPool',
        `${where}: the option \`WorkerPool\` replaces the part of jest-worker that troupe stands in for. ` +
          'Leave it out.',
      );
    },
  },
};

/** Checks the options and applies the defaults. */
export function resolveFarmOptions(options: WorkerFarmOptions): FarmSettings {
  checkOptions(options, checks, { where, path: '' });
  const { forkOptions = {} } = options;
  const isSilent = forkOptions.silent ?? options.silent ?? true;
  return {
    computeWorkerKey: options.computeWorkerKey ?? ((): null => null),
    exposedMethods: options.exposedMethods,
    retries: Math.min(options.maxRetries ?? 3, Number.MAX_SAFE_INTEGER),
    numWorkers: options.numWorkers ?? Math.max(cpuCount() - 1, 1),
    setupArgs: options.setupArgs ?? [],
    isSilent,
    taskQueue: options.taskQueue,
    isInOrder: options.workerSchedulingPolicy === 'in-order',
    heapLimitBytes: heapLimit(options.idleMemoryLimit),
    exitLimitMs: options.workerGracefulExitTimeout ?? 500,
    pool: {
      name: 'jest-worker',
      cwd: forkOptions.cwd,
      env: { ...colors(isSilent), ...(forkOptions.env ?? process.env) },
      execArgv: forkOptions.execArgv,
      resourceLimits: options.enableWorkerThreads === true ? options.resourceLimits : undefined,
      stdio: isSilent ? 'capture' : 'inherit',
      killGraceMs: options.workerGracefulExitTimeout ?? 500,
    },
  };
}

function heapLimit(limit: number | undefined): number {
  if (limit === undefined) return Infinity;
  return limit > 1 ? limit : limit * totalmem();
}

/** A worker that writes to a pipe would take it for a file, and leave out the colours. */
function colors(isSilent: boolean): Record<string, string> {
  const { stdout } = process;
  return isSilent && stdout.isTTY && stdout.hasColors() ? { FORCE_COLOR: '1' } : {};
}
