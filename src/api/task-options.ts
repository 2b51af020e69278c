/** The options of tasks: their meaning, defaults and checks, made when they are bound, not at each call. */
import {
  abortSignal,
  anyNumber,
  callable,
  checkOptions,
  either,
  milliseconds,
  moment,
  nested,
  oneOf,
  text,
  wholeNumber,
  type Checks,
} from './option-checks.ts';

/** Options of `pool.with()`, and of every task through `PoolOptions.task`. */
export interface TaskOptions {
  /** Time to run, in milliseconds from its start; then `TaskTimeoutError`. Default `Infinity`. Above 0. */
  readonly timeoutMs?: number | undefined;
  /** Time to wait in the queue, in milliseconds; then `TaskTimeoutError`. Default `Infinity`. 0 or more. */
  readonly queueTimeoutMs?: number | undefined;
  /**
   * The moment it must have ended by, as a `Date` or in milliseconds since 1970 (`Date.now() + 5_000`);
   * then `TaskTimeoutError`. Default `Infinity`. A moment that is past is allowed and has passed.
   */
  readonly deadline?: number | Date | undefined;
  /** Cancels the task when it aborts: `TaskCancelledError`. Default none. */
  readonly signal?: AbortSignal | undefined;
  /** How often to try again: a number of times after any failure, or all of `RetryOptions`. Default 0. */
  readonly retries?: number | RetryOptions | undefined;
  /** Higher goes first; equal ones go in the order of submission. Default 0. Any number but NaN. */
  readonly priority?: number | undefined;
  /** Tasks with one key run on one worker, in order, as long as it lives. Default none. Not empty. */
  readonly key?: string | undefined;
  /** Called with each value the task gives to `currentTask().progress(value)`. Default none. */
  readonly onProgress?: ((value: unknown) => void) | undefined;
  /** Shown in errors and metrics. Default the function's name. Not empty. */
  readonly name?: string | undefined;
}

/** When and how often a failed task is tried again. */
export interface RetryOptions {
  /** How many more times after the first. Whole, 0 or more. */
  readonly times: number;
  /**
   * After what: `'crash'`, its worker was lost; `'error'`, the function threw; or after either, when
   * a function of the error says so. Default: after either.
   */
  readonly on?: 'crash' | 'error' | ((error: unknown) => boolean) | undefined;
  /** The wait before each new attempt, in milliseconds. Default 0. 0 or more, finite. */
  readonly backoffMs?: number | undefined;
}

/** `RetryOptions` with every default applied. */
interface ResolvedRetryOptions {
  readonly times: number;
  /** `undefined` is after either. */
  readonly on: 'crash' | 'error' | ((error: unknown) => boolean) | undefined;
  readonly backoffMs: number;
}

/** `TaskOptions` with every default applied; a deadline is in milliseconds since 1970. */
export interface ResolvedTaskOptions {
  readonly timeoutMs: number;
  readonly queueTimeoutMs: number;
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  readonly retries: ResolvedRetryOptions;
  readonly priority: number;
  readonly key: string | undefined;
  readonly onProgress: ((value: unknown) => void) | undefined;
  readonly name: string | undefined;
}

const unlimited = { infinite: true };

const retryChecks: Checks = {
  times: wholeNumber({ min: 0 }),
  on: either(oneOf('crash', 'error'), callable),
  backoffMs: milliseconds({ from: 'zero' }),
};

/** One check for every option of a task. */
export const taskChecks: Checks = {
  timeoutMs: milliseconds({ ...unlimited, from: 'above zero' }),
  queueTimeoutMs: milliseconds({ ...unlimited, from: 'zero' }),
  deadline: moment,
  signal: abortSignal,
  retries: either(wholeNumber({ min: 0 }), nested(retryChecks, ['times'])),
  priority: anyNumber,
  key: text,
  onProgress: callable,
  name: text,
};

/** What a task gets that asks for nothing. */
export const taskDefaults: ResolvedTaskOptions = {
  timeoutMs: Infinity,
  queueTimeoutMs: Infinity,
  deadline: Infinity,
  signal: undefined,
  retries: { times: 0, on: undefined, backoffMs: 0 },
  priority: 0,
  key: undefined,
  onProgress: undefined,
  name: undefined,
};

/** Checks options given to `where` ("pool.with()") and fills in what is not given from `defaults`. */
export function checkTaskOptions(
  options: TaskOptions,
  where: string,
  defaults: ResolvedTaskOptions = taskDefaults,
): ResolvedTaskOptions {
  checkOptions(options, taskChecks, { where, path: '' });
  return resolveTaskOptions(options, defaults);
}

/** Fills in what is not given in options that were checked already. */
export function resolveTaskOptions(options: TaskOptions, defaults: ResolvedTaskOptions): ResolvedTaskOptions {
  const { deadline, retries } = options;
  return {
    timeoutMs: options.timeoutMs ?? defaults.timeoutMs,
    queueTimeoutMs: options.queueTimeoutMs ?? defaults.queueTimeoutMs,
    deadline: deadline === undefined ? defaults.deadline : Number(deadline),
    signal: options.signal ?? defaults.signal,
    retries: retries === undefined ? defaults.retries : resolveRetries(retries),
    priority: options.priority ?? defaults.priority,
    key: options.key ?? defaults.key,
    onProgress: options.onProgress ?? defaults.onProgress,
    name: options.name ?? defaults.name,
  };
}

function resolveRetries(retries: number | RetryOptions): ResolvedRetryOptions {
  if (typeof retries === 'number') return { times: retries, on: undefined, backoffMs: 0 };
  return { times: retries.times, on: retries.on, backoffMs: retries.backoffMs ?? 0 };
}
