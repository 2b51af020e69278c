/** `wait` says which have settled, when it was asked to, and rejects for none of them. */
import { type Pool, type Task, TaskCancelledError, wait, type WaitResult } from 'troupe';
import { describe, expect, test } from 'vitest';
import { add, echo } from '../../fixtures/life/answers.mjs';
import { echoesOnceThereIs, endsWhenAsked } from '../../fixtures/life/blocks.mjs';
import { exits } from '../../fixtures/life/dies.mjs';
import { throwsOrdinary } from '../../fixtures/life/throws.mjs';
import { CountedPromise } from '../../helpers/counted-promise.ts';
import { openPool, whenStarted } from '../../helpers/open-pool.ts';
import { rejectionOf, thrownBy } from '../../helpers/rejection-of.ts';

/** A pool of two whose one worker runs a task that does not end. */
async function poolWithEndless(): Promise<{ pool: Pool; endless: Task<void> }> {
  const pool = openPool({ maxWorkers: 2, killGraceMs: 100 });
  const endless = pool.submit(endsWhenAsked);
  await whenStarted(pool, endless);
  return { pool, endless };
}

describe('wait for all', () => {
  test('results, errors, deaths and cancellations are all done', async () => {
    const pool = openPool();
    const tasks = [pool.submit(add, 1, 2), pool.submit(throwsOrdinary, 'x'), pool.submit(exits, 3)] as const;
    const cancelled = pool.submit(add, 1, 2);
    cancelled.cancel();
    const { done, pending } = await wait([...tasks, cancelled]);
    expect(done).toEqual([...tasks, cancelled]);
    expect(pending).toEqual([]);
    expect(done.map(({ state }) => state)).toEqual(['fulfilled', 'rejected', 'rejected', 'cancelled']);
    expect(await tasks[0]).toBe(3);
    await rejectionOf(tasks[1], RangeError);
  });

  test('the order is that of the call, and each is told once', async () => {
    const pool = openPool();
    const [first, second] = [pool.submit(echo, 1), pool.submit(echo, 2)];
    const { done } = await wait(new Set([second, first]));
    expect(done).toEqual([second, first]);
    expect((await wait([first, second, first, second])).done).toEqual([first, second]);
  });

  test('nothing to wait for', async () => {
    expect(await wait([])).toEqual({ done: [], pending: [] });
    expect(await wait([], { until: 'first' })).toEqual({ done: [], pending: [] });
    expect(await wait(new Set<Task<number>>(), { timeoutMs: 0 })).toEqual({ done: [], pending: [] });
  });

  test('tasks of several pools, plain promises, and other thenables', async () => {
    const [one, other] = [openPool(), openPool()];
    const thenable: PromiseLike<number> = {
      // oxlint-disable-next-line unicorn/no-thenable -- one that is no promise is the point
      then: (resolve) => Promise.resolve(7).then(resolve),
    };
    const mixed = [one.submit(add, 1, 1), other.submit(add, 2, 2), Promise.resolve('plain'), thenable];
    const { done } = await wait<PromiseLike<unknown>>(mixed);
    expect(done).toEqual(mixed);
    expect(await Promise.all(done)).toEqual([2, 4, 'plain', 7]);
  });
});

describe('wait no longer than asked', () => {
  test('until the first', async () => {
    const { pool, endless } = await poolWithEndless();
    const quick = pool.submit(add, 1, 2);
    expect(await wait([endless, quick], { until: 'first' })).toEqual({ done: [quick], pending: [endless] });
  });

  test('until the first, when several have settled: all of them are done', async () => {
    const { pool, endless } = await poolWithEndless();
    const settled = [pool.submit(add, 1, 2), pool.submit(throwsOrdinary, 'x')];
    await wait(settled);
    const { done, pending } = await wait([endless, ...settled], { until: 'first' });
    expect([done, pending]).toEqual([settled, [endless]]);
    const plain = [Promise.resolve(1), endless, Promise.resolve(2)];
    expect((await wait(plain, { until: 'first' })).done).toEqual([plain[0], plain[2]]);
  });

  test('until the first error: values do not end it', async () => {
    const { pool, endless } = await poolWithEndless();
    const value = pool.submit(add, 1, 2);
    const error = pool.submit(throwsOrdinary, 'x');
    const { done, pending } = await wait([endless, error, value], { until: 'firstError' });
    expect(new Set(done)).toEqual(new Set([value, error]));
    expect(pending).toEqual([endless]);
  });

  test('until the first error, which a cancellation is, or all without one', async () => {
    const { pool, endless } = await poolWithEndless();
    const values = [pool.submit(add, 1, 2), pool.submit(add, 3, 4)];
    expect((await wait(values, { until: 'firstError' })).done).toEqual(values);
    const waiting = wait([endless, new Promise(() => undefined)], { until: 'firstError' });
    endless.cancel();
    expect((await waiting).done).toEqual([endless]);
    await rejectionOf(endless, TaskCancelledError);
  });

  test('for some time: what goes on goes on', async () => {
    const { pool, endless } = await poolWithEndless();
    const value = pool.submit(add, 1, 2);
    await value;
    expect(await wait([endless, value], { timeoutMs: 20 })).toEqual({ done: [value], pending: [endless] });
    expect(endless.state).toBe('running');
  });

  test('for no time at all: settled ones are seen, and tasks that wait are not', async () => {
    const { pool, endless } = await poolWithEndless();
    const value = pool.submit(add, 1, 2);
    await value;
    const queued = pool.submit(echoesOnceThereIs<number>, '/nowhere/gate', 1);
    const { done, pending } = await wait([queued, endless, value], { timeoutMs: 0 });
    expect([done, pending]).toEqual([[value], [queued, endless]]);
    queued.cancel();
  });

  test('a time that no timer of Node can count', async () => {
    const pool = openPool();
    const task = pool.submit(add, 1, 2);
    expect((await wait([task], { timeoutMs: 2 ** 40 })).done).toEqual([task]);
  });
});

test('one reaction for a thousand waits on one promise that stays pending', async () => {
  const pending = new CountedPromise<never>(() => undefined);
  const before = CountedPromise.reactions;
  for (let round = 0; round < 1_000; round += 1)
    await wait([pending, Promise.resolve(round)], { until: 'first' });
  expect(CountedPromise.reactions - before).toBe(1);
});

test.for<[what: string, tasks: unknown, options: unknown, option: string, says: RegExp]>([
  ['no iterable', 5, {}, 'tasks', /`tasks` is 5/u],
  ['null', null, {}, 'tasks', /`tasks` is null/u],
  ['text', 'tasks', {}, 'tasks', /must be an array/u],
  ['a promise by itself', Promise.resolve(), {}, 'tasks', /put this one in an array/u],
  ['an async iterable', (async function* none() {})(), {}, 'tasks', /read with `for await`/u],
  ['a value among promises', [Promise.resolve(), 7], {}, 'tasks[1]', /`tasks\[1\]` is 7/u],
  ['a function', [() => 1], {}, 'tasks[0]', /Call it/u],
  ['a hole', [undefined], {}, 'tasks[0]', /is undefined/u],
  ['an unknown option', [], { timeout: 5 }, 'timeout', /Did you mean `timeoutMs`/u],
  ['a wrong time', [], { timeoutMs: -1 }, 'timeoutMs', /0 or more/u],
  ['a wrong word', [], { until: 'last' }, 'until', /'first' or 'firstError' or 'all'/u],
])('%s is refused', async ([, tasks, options, option, says]) => {
  const waiting = wait(tasks as Promise<unknown>[], options as object);
  const error = await thrownBy(waiting satisfies Promise<WaitResult<Promise<unknown>>>);
  expect(error).toMatchObject({ code: 'ERR_TROUPE_INVALID_OPTION', option });
  expect(String(error)).toMatch(says);
});
