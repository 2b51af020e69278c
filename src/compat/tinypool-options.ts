/** The options of a Tinypool: tinypool's names, their checks, and what becomes of each here. */
import { cpuCount } from '../api/cpu-count.ts';
import {
  anyNumber,
  type Check,
  checkOptions,
  type Checks,
  either,
  flag,
  milliseconds,
  oneOf,
  stringList,
  stringMap,
  text,
  wholeNumber,
} from '../api/option-checks.ts';
import { type ResourceLimits, resourceLimitsCheck } from '../api/resource-limits.ts';
import { InvalidOptionError } from '../errors.ts';

/** Options of `new Tinypool()`. */
export interface Options {
  /** The file whose handlers run: a file: URL or an absolute path. `run()` may name another. */
  readonly filename?: string | null | undefined;
  /** The export that is called. Default `'default'`. */
  readonly name?: string | undefined;
  /** Taken, without effect: workers are always processes, and `pool.options.runtime` says so. */
  readonly runtime?: 'worker_threads' | 'child_process' | undefined;
  /** Workers that are kept; below 1, a part of the CPUs. Default half of the CPUs, at least 1. */
  readonly minThreads?: number | undefined;
  /** The most workers at a time; below 1, a part of the CPUs. Default the CPUs. */
  readonly maxThreads?: number | undefined;
  /** An idle worker above `minThreads` leaves after this many milliseconds. Default 0. */
  readonly idleTimeout?: number | undefined;
  /** How long a worker that leaves may take for `teardown`, in milliseconds. Default 10,000. Above 0. */
  readonly terminateTimeout?: number | undefined;
  /** How many calls may wait; `'auto'` is the square of `maxThreads`. Default `Infinity`. */
  readonly maxQueue?: number | 'auto' | undefined;
  /** How many calls a worker runs at a time. Default 1. A call with a signal always runs alone. */
  readonly concurrentTasksPerWorker?: number | undefined;
  /** A worker whose heap is larger after a call is replaced, in bytes. Default no limit. */
  readonly maxMemoryLimitBeforeRecycle?: number | undefined;
  /** What the workers find in `process.argv` from the third element on. Default nothing. */
  readonly argv?: readonly string[] | undefined;
  /** Node's own flags for the workers. Default those of the parent that make sense in a child. */
  readonly execArgv?: readonly string[] | undefined;
  /** All variables of the workers. Default the parent's. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** What the workers find in `Tinypool.workerData`; it is copied. */
  readonly workerData?: unknown;
  /** Every call has a new worker. Default false. */
  readonly isolateWorkers?: boolean | undefined;
  /** The export that is called before a worker leaves. Default none. */
  readonly teardown?: string | undefined;
  /** Taken, without effect: values always travel by troupe's own codec. */
  readonly serialization?: 'json' | 'advanced' | undefined;
  /** Taken, without effect: there is no memory to share. */
  readonly useAtomics?: boolean | undefined;
  /** Taken, without effect: a process takes its files along when it ends. */
  readonly trackUnmanagedFds?: boolean | undefined;
  /** How much heap and stack JavaScript has in each worker. Default V8's own limits. */
  readonly resourceLimits?: ResourceLimits | undefined;
}

/** `Options` with every default applied. */
export interface FilledOptions extends Options {
  readonly filename: string | null;
  readonly name: string;
  readonly runtime: 'child_process';
  readonly minThreads: number;
  readonly maxThreads: number;
  readonly idleTimeout: number;
  readonly terminateTimeout: number;
  readonly maxQueue: number;
  readonly concurrentTasksPerWorker: number;
  readonly maxMemoryLimitBeforeRecycle: number;
  readonly isolateWorkers: boolean;
}

const where = 'new Tinypool()';

const workers: Check = {
  allowed: 'a whole number of 1 or more, or a part of the CPUs, above 0 and below 1',
  accepts: (value) => typeof value === 'number' && value > 0 && (value < 1 || Number.isSafeInteger(value)),
};

const anything: Check = { allowed: 'anything', accepts: () => true };

const checks: Checks = {
  filename: { ...text, accepts: (value) => value === null || text.accepts(value) },
  name: text,
  runtime: oneOf('worker_threads', 'child_process'),
  minThreads: { ...workers, accepts: (value) => value === 0 || workers.accepts(value) },
  maxThreads: workers,
  idleTimeout: milliseconds({ from: 'zero', infinite: true }),
  terminateTimeout: milliseconds({ from: 'above zero' }),
  maxQueue: either(oneOf('auto'), wholeNumber({ min: 0, infinite: true })),
  concurrentTasksPerWorker: wholeNumber({ min: 1 }),
  maxMemoryLimitBeforeRecycle: anyNumber,
  argv: stringList,
  execArgv: stringList,
  env: stringMap,
  workerData: anything,
  isolateWorkers: flag,
  teardown: text,
  serialization: oneOf('json', 'advanced'),
  useAtomics: flag,
  trackUnmanagedFds: flag,
  resourceLimits: resourceLimitsCheck,
  taskQueue: {
    allowed: 'left out',
    accepts: () => true,
    lookInside: () => {
      throw new InvalidOptionError(
        'taskQueue',
        `${where}: calls wait in the order they came, and the option \`taskQueue\` cannot change that. For ` +
          'an order of your own use createPool() and the task option `priority`.',
      );
    },
  },
};

/** Checks the options and applies the defaults. */
export function fillOptions(options: Options): FilledOptions {
  checkOptions(options, checks, { where, path: '' });
  const [minThreads, maxThreads] = limitsOf(options);
  return Object.freeze({
    ...options,
    filename: options.filename ?? null,
    name: options.name ?? 'default',
    runtime: 'child_process',
    minThreads,
    maxThreads,
    idleTimeout: options.idleTimeout ?? 0,
    terminateTimeout: options.terminateTimeout ?? 10_000,
    maxQueue: options.maxQueue === 'auto' ? maxThreads ** 2 : (options.maxQueue ?? Infinity),
    concurrentTasksPerWorker: options.concurrentTasksPerWorker ?? 1,
    maxMemoryLimitBeforeRecycle: options.maxMemoryLimitBeforeRecycle ?? Infinity,
    isolateWorkers: options.isolateWorkers ?? false,
  });
}

function limitsOf(options: Options): [number, number] {
  const all = cpuCount();
  const counted = (given: number | undefined): number | undefined =>
    given !== undefined && given > 0 && given < 1 ? Math.max(1, Math.floor(given * all)) : given;
  const [min, max] = [counted(options.minThreads), counted(options.maxThreads)];
  if (min !== undefined && max !== undefined && min > max)
    throw new RangeError(`${where}: \`minThreads\` is ${min}, above \`maxThreads\`, which is ${max}.`);
  const most = max ?? Math.max(all, min ?? 0);
  return [min ?? Math.min(Math.max(Math.floor(all / 2), 1), most), most];
}
