/** `wait` and `asCompleted`: what becomes of many tasks, as far as they have got. */
import { TaskTimeoutError } from '../errors.ts';
import { AsyncBuffer } from './async-buffer.ts';
import { onSettled } from './settlement.ts';
import { Task } from './task.ts';
import { afterLimit } from './time-limit.ts';
import {
  type AsCompletedOptions,
  checkAsCompletedOptions,
  checkWaitOptions,
  promisesIn,
  type WaitOptions,
} from './waiting-options.ts';

/** What `wait` resolves to: everything it was given, once, in the order it was given. */
export interface WaitResult<Awaitable> {
  /** Those that have settled: fulfilled, rejected or cancelled. */
  readonly done: Awaitable[];
  /** Those that have not. They go on. */
  readonly pending: Awaitable[];
}

/**
 * Waits for tasks, or any promises, and says which have settled. It never rejects because of one of them:
 * await those in `done` for their values and errors. Nothing is cancelled.
 *
 * A rejection of what it was given counts as handled from then on, as with `Promise.allSettled`: look at
 * `done`, or nobody hears of it.
 *
 * Rejects with `InvalidOptionError` for what is no promise, or a wrong option.
 *
 * @example
 *   const { done, pending } = await wait(tasks, { until: 'first', timeoutMs: 5_000 });
 *   for (const task of pending) task.cancel();
 */
export async function wait<Awaitable extends PromiseLike<unknown>>(
  tasks: Iterable<Awaitable>,
  options: WaitOptions = {},
): Promise<WaitResult<Awaitable>> {
  const { until, timeoutMs } = checkWaitOptions(options);
  const promises = promisesIn(tasks, 'wait()');
  const settled = new Set<Awaitable>();
  const stops: (() => void)[] = [];
  await new Promise<void>((resolve) => {
    if (promises.size === 0) resolve();
    for (const promise of promises) {
      const stop = onSettled(promise, (how) => {
        settled.add(promise);
        if (settled.size === promises.size || until === 'first') resolve();
        else if (until === 'firstError' && how === 'rejected') resolve();
      });
      stops.push(stop);
    }
    stops.push(afterLimit(timeoutMs, resolve));
  });
  for (const stop of stops) stop();
  const all = [...promises];
  return {
    done: all.filter((promise) => settled.has(promise)),
    pending: all.filter((promise) => !settled.has(promise)),
  };
}

/**
 * What `asCompleted` returns: an `AsyncIterableIterator` of the tasks themselves. It is spelled out because
 * TypeScript takes what comes out of that type for awaited, which `for await` does not do.
 */
export interface CompletedTasks<Awaitable> {
  next(): Promise<IteratorResult<Awaitable, undefined>>;
  return(): Promise<IteratorResult<Awaitable, undefined>>;
  [Symbol.asyncIterator](): CompletedTasks<Awaitable>;
}

/**
 * Yields tasks, or any promises, as they settle: each once, those that have settled already first. It yields
 * the tasks, not their values: await each for its value or its error. Leaving the loop stops listening;
 * nothing is cancelled.
 *
 * A rejection of what it was given counts as handled from then on, as with `Promise.allSettled`.
 *
 * Throws `InvalidOptionError` for what is no promise, or a wrong option. After `timeoutMs` the loop throws
 * `TaskTimeoutError`, when it has yielded those that have settled.
 *
 * @example
 *   for await (const task of asCompleted(tasks)) console.log(task.id, await task);
 */
export function asCompleted<Awaitable extends PromiseLike<unknown>>(
  tasks: Iterable<Awaitable>,
  options: AsCompletedOptions = {},
): CompletedTasks<Awaitable> {
  const timeoutMs = checkAsCompletedOptions(options);
  const listening = new Map<Awaitable, () => void>();
  const leave = (): void => {
    stopLimit();
    for (const stop of listening.values()) stop();
    listening.clear();
  };
  const settled = new AsyncBuffer<Awaitable>({ onAbandoned: leave });
  const promises = promisesIn(tasks, 'asCompleted()');
  const count = promises.size;
  for (const promise of promises) {
    const stop = onSettled(promise, () => {
      listening.delete(promise);
      settled.push(promise);
      if (listening.size > 0) return;
      stopLimit();
      settled.end();
    });
    listening.set(promise, stop);
  }
  const stopLimit = afterLimit(timeoutMs, () => {
    settled.fail(timedOut([...listening.keys()], count, timeoutMs));
    leave();
  });
  if (count === 0) settled.end();
  return settled;
}

function timedOut(left: readonly unknown[], count: number, limitMs: number): TaskTimeoutError {
  const first = left.find((promise) => promise instanceof Task);
  const taskId = first?.id ?? '';
  const example = first === undefined ? '' : `, task ${taskId} among them`;
  return new TaskTimeoutError(
    `asCompleted(): ${left.length} of ${count} had not settled after timeoutMs (${limitMs} ms)${example}. ` +
      'They go on: cancel them, or wait for them again.',
    { taskId, kind: 'wait', limitMs },
  );
}
