/** The options of `wait` and `asCompleted`, and the check of what is waited for. */
import { InvalidOptionError } from '../errors.ts';
import { checkOptions, milliseconds, oneOf, shortInspect, type Checks } from './option-checks.ts';

/** Options of `wait`. */
export interface WaitOptions {
  /**
   * When to stop waiting: `'first'`, as soon as one has settled; `'firstError'`, as soon as one has rejected,
   * a cancelled task included; `'all'`, when all have settled. Default `'all'`.
   */
  readonly until?: 'first' | 'firstError' | 'all' | undefined;
  /** Stop waiting after this many milliseconds; 0 only looks. Default `Infinity`. 0 or more. */
  readonly timeoutMs?: number | undefined;
}

/** Options of `asCompleted`. */
export interface AsCompletedOptions {
  /**
   * Milliseconds from the call after which the loop throws `TaskTimeoutError`, unless all have settled by
   * then. Default `Infinity`. 0 or more.
   */
  readonly timeoutMs?: number | undefined;
}

/** `WaitOptions` with every default applied. */
export interface ResolvedWaitOptions {
  readonly until: 'first' | 'firstError' | 'all';
  readonly timeoutMs: number;
}

const timeoutMs = milliseconds({ infinite: true, from: 'zero' });
const waitChecks: Checks = { until: oneOf('first', 'firstError', 'all'), timeoutMs };

export function checkWaitOptions(options: WaitOptions): ResolvedWaitOptions {
  checkOptions(options, waitChecks, { where: 'wait()', path: '' });
  return { until: options.until ?? 'all', timeoutMs: options.timeoutMs ?? Infinity };
}

/** The time limit. */
export function checkAsCompletedOptions(options: AsCompletedOptions): number {
  checkOptions(options, { timeoutMs }, { where: 'asCompleted()', path: '' });
  return options.timeoutMs ?? Infinity;
}

/** What an iterable of promises holds, each once. Throws `InvalidOptionError` that names the place. */
export function promisesIn<Awaitable extends PromiseLike<unknown>>(
  tasks: Iterable<Awaitable>,
  where: string,
): Set<Awaitable> {
  if (typeof tasks !== 'object' || tasks === null || !(Symbol.iterator in tasks)) {
    throw new InvalidOptionError(
      'tasks',
      `${where}: \`tasks\` is ${shortInspect(tasks)}, but it must be an array or another iterable of tasks ` +
        `or promises.${hintFor(tasks)}`,
    );
  }
  const promises = new Set<Awaitable>();
  let index = 0;
  for (const promise of tasks) {
    if (!isThenable(promise)) throw notAPromise(promise, index, where);
    promises.add(promise);
    index += 1;
  }
  return promises;
}

function hintFor(tasks: unknown): string {
  if (isThenable(tasks)) return ' It takes several at a time: put this one in an array.';
  const isRead = typeof tasks === 'object' && tasks !== null && Symbol.asyncIterator in tasks;
  return isRead ? ' What map() and stream() return is read with `for await`.' : '';
}

function notAPromise(value: unknown, index: number, where: string): InvalidOptionError {
  const isFunction = typeof value === 'function';
  const hint = isFunction ? ' Call it: pool.submit(fn) gives a task.' : '';
  return new InvalidOptionError(
    `tasks[${index}]`,
    `${where}: \`tasks[${index}]\` is ${shortInspect(value)}, ` +
      `but it must be a task or another promise.${hint}`,
  );
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return 'then' in value && typeof value.then === 'function';
}
