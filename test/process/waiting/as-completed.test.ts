/** `asCompleted` yields each task once, as it settles; the last costs no more than the first. */
import { asCompleted, type Pool, type Task, TaskTimeoutError } from 'troupe';
import { expect, test } from 'vitest';
import { add, echo } from '../../fixtures/life/answers.mjs';
import { echoesOnceThereIs, endsWhenAsked, logs } from '../../fixtures/life/blocks.mjs';
import { exits } from '../../fixtures/life/dies.mjs';
import { throwsOrdinary } from '../../fixtures/life/throws.mjs';
import { CountedPromise } from '../../helpers/counted-promise.ts';
import { openFolder, openPool } from '../../helpers/open-pool.ts';
import { rejectionOf } from '../../helpers/rejection-of.ts';

async function allOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Tasks that end in the order in which their gates are opened. */
function gated(pool: Pool, count: number): { tasks: Task<number>[]; open(index: number): Task<string> } {
  const folder = openFolder();
  const opener = openPool();
  const gate = (index: number): string => `${folder}/gate-${index}`;
  const tasks = Array.from({ length: count }, (_, index) =>
    pool.submit(echoesOnceThereIs<number>, gate(index), index),
  );
  return { tasks, open: (index) => opener.submit(logs, gate(index), 'open') };
}

test('in the order in which they settle, not in that of the call', async () => {
  const { tasks, open } = gated(openPool({ maxWorkers: 3 }), 3);
  const seen: number[] = [];
  const loop = (async () => {
    for await (const task of asCompleted(tasks)) seen.push(await task);
  })();
  for (const index of [2, 0, 1]) {
    await open(index);
    await tasks[index];
  }
  await loop;
  expect(seen).toEqual([2, 0, 1]);
});

test('those that have settled already come first, in the order of the call', async () => {
  const pool = openPool({ maxWorkers: 2, killGraceMs: 100 });
  const endless = pool.submit(endsWhenAsked);
  const settled = [pool.submit(add, 1, 2), pool.submit(add, 3, 4)];
  await Promise.all(settled);
  const completed = asCompleted([endless, ...settled.toReversed()]);
  expect((await completed.next()).value).toBe(settled[1]);
  expect((await completed.next()).value).toBe(settled[0]);
  endless.cancel();
  expect((await completed.next()).value).toBe(endless);
  expect(await completed.next()).toEqual({ value: undefined, done: true });
});

test('failures are tasks like others, and each comes once', async () => {
  const pool = openPool();
  const failed = [pool.submit(throwsOrdinary, 'x'), pool.submit(exits, 3)];
  const value = pool.submit(add, 1, 2);
  const seen = await allOf(asCompleted<Promise<unknown>>([...failed, value, ...failed, value]));
  expect(new Set(seen)).toEqual(new Set([...failed, value]));
  expect(seen).toHaveLength(3);
});

test('nothing to wait for', async () => {
  expect(await allOf(asCompleted([]))).toEqual([]);
});

test('after the time limit it throws, when it has yielded what has settled', async () => {
  const pool = openPool({ maxWorkers: 2, killGraceMs: 100 });
  const endless = pool.submit(endsWhenAsked);
  const values = [pool.submit(echo, 1), pool.submit(echo, 2)];
  await Promise.all(values);
  for (const timeoutMs of [0, 20]) {
    const seen: unknown[] = [];
    const loop = async (): Promise<void> => {
      for await (const task of asCompleted([...values, endless], { timeoutMs })) seen.push(task);
    };
    const error = await rejectionOf(loop(), TaskTimeoutError);
    expect(seen).toEqual(values);
    expect(error).toMatchObject({ kind: 'wait', limitMs: timeoutMs, taskId: endless.id });
    expect(error.message).toContain('1 of 3 had not settled');
  }
  expect(endless.state).toBe('running');
});

test('leaving the loop stops listening, not the tasks', async () => {
  const { tasks, open } = gated(openPool({ maxWorkers: 2 }), 2);
  await open(0);
  for await (const task of asCompleted(tasks)) {
    expect(task).toBe(tasks[0]);
    break;
  }
  await open(1);
  expect(await tasks[1]).toBe(1);
});

test('several readers at once get each task once', async () => {
  const pool = openPool();
  const tasks = Array.from({ length: 20 }, (_, index) => pool.submit(echo, index));
  const completed = asCompleted(tasks);
  const seen = await Promise.all([allOf(completed), allOf(completed), allOf(completed)]);
  expect(new Set(seen.flat())).toEqual(new Set(tasks));
  expect(seen.flat()).toHaveLength(20);
});

test('a hundred thousand promises, one reaction each', { timeout: 60_000 }, async () => {
  const resolvers: (() => void)[] = [];
  const promises = Array.from(
    { length: 100_000 },
    () => new CountedPromise<void>((resolve) => resolvers.push(resolve)),
  );
  const before = CountedPromise.reactions;
  const completed = allOf(asCompleted(promises));
  for (const resolve of resolvers.toReversed()) resolve();
  expect(await completed).toEqual(promises.toReversed());
  expect(CountedPromise.reactions - before).toBe(100_000);
});

test.for<[what: string, tasks: unknown, options: unknown, option: string]>([
  ['no iterable', 5, {}, 'tasks'],
  ['a value among promises', [Promise.resolve(), 7], {}, 'tasks[1]'],
  ['a wrong time', [], { timeoutMs: 'soon' }, 'timeoutMs'],
  ['an option of wait()', [], { until: 'first' }, 'until'],
])('%s is refused at the call', ([, tasks, options, option]) => {
  const call = (): unknown => asCompleted(tasks as Promise<unknown>[], options as object);
  expect(call).toThrow(expect.objectContaining({ code: 'ERR_TROUPE_INVALID_OPTION', option }) as Error);
});
