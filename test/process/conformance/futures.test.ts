/** Tasks as promises: waiting for many, in order, for a time, and calling them off (J). */
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { asCompleted, InvalidOptionError, TaskCancelledError, TaskTimeoutError, wait } from 'troupe';
import { expect } from 'vitest';
import { echo } from '../../fixtures/life/answers.mjs';
import { echoesOnceThereIs, spins } from '../../fixtures/life/blocks.mjs';
import { throwsOrdinary } from '../../fixtures/life/throws.mjs';
import { openFolder, whenStarted } from '../../helpers/open-pool.ts';
import { rejectionOf, thrownBy } from '../../helpers/rejection-of.ts';
import { scenariosOf } from '../../helpers/scenarios-of.ts';

const scenario = scenariosOf('futures');

scenario('J125', async ({ shared }) => {
  const gate = join(openFolder(), 'gate');
  const held = shared.submit(echoesOnceThereIs, gate, 'held');
  const quick = shared.submit(echo, 'quick');
  expect(await wait([held, quick], { until: 'first' })).toEqual({ done: [quick], pending: [held] });
  expect(await wait([held, quick], { until: 'first' })).toEqual({ done: [quick], pending: [held] });
  const failing = shared.submit(throwsOrdinary, 'no');
  expect(await wait([held, failing], { until: 'firstError' })).toEqual({ done: [failing], pending: [held] });
  expect(await wait([held, quick], { timeoutMs: 20 })).toEqual({ done: [quick], pending: [held] });
  writeFileSync(gate, '');
  expect(await wait([held, quick, failing])).toEqual({ done: [held, quick, failing], pending: [] });
  expect(await wait([held, quick], { until: 'firstError' })).toEqual({ done: [held, quick], pending: [] });
});

scenario('J126', async ({ shared }) => {
  const gate = join(openFolder(), 'gate');
  const held = shared.submit(echoesOnceThereIs, gate, 'held');
  const quick = shared.submit(echo, 'quick');
  await quick;
  const seen: unknown[] = [];
  const read = async (timeoutMs?: number): Promise<void> => {
    const options = timeoutMs === undefined ? {} : { timeoutMs };
    for await (const task of asCompleted([held, quick, held], options)) seen.push(task);
  };
  await rejectionOf(read(0), TaskTimeoutError);
  expect(seen).toEqual([quick]);
  const all = read();
  writeFileSync(gate, '');
  await all;
  expect(seen).toEqual([quick, quick, held]);
});

const numbers = Array.from({ length: 100 }, (_, index) => index);

scenario('J127', async ({ shared, open }) => {
  for (const chunkSize of [1, 6, 40, 50])
    expect(await shared.map((number) => 2 * number, numbers, { chunkSize }).toArray()).toEqual(
      numbers.map((number) => 2 * number),
    );
  expect(() => shared.map(echo, numbers, { chunkSize: -1 })).toThrow(InvalidOptionError);

  const failing = shared.map((number) => {
    if (number === 2) throw new RangeError('not two');
    return number;
  }, numbers);
  const seen: number[] = [];
  const readAll = async (results: AsyncIterable<number>): Promise<void> => {
    for await (const result of results) seen.push(result);
  };
  await rejectionOf(readAll(failing), RangeError);
  expect(seen.splice(0)).toEqual([0, 1]);

  const timed = open({ killGraceMs: 20, task: { timeoutMs: 1_000 } });
  const endless = timed.map((number) => (number < 2 ? number : new Promise<number>(() => {})), [0, 1, 2]);
  await rejectionOf(readAll(endless), TaskTimeoutError);
  expect(seen).toEqual([0, 1]);
});

scenario('J128', async ({ shared, open }) => {
  const pool = open({ killGraceMs: 20 });
  const endless = pool.submit(spins);
  const tasks = [shared.submit(echo, 'value'), shared.submit(throwsOrdinary, 'no'), endless] as const;
  const heard: unknown[][] = tasks.map(() => []);
  const listen = (): Promise<unknown>[] =>
    tasks.flatMap((task, index) => {
      const hear = (what: unknown): void => void heard[index]?.push(what);
      const throwing = task.then(
        () => Promise.reject(new TypeError('a callback failed')),
        () => Promise.reject(new TypeError('a callback failed')),
      );
      return [rejectionOf(throwing, TypeError), task.then(hear, ({ name }: Error) => hear(name))];
    });
  const early = listen();
  endless.cancel();
  await Promise.all(early);
  const expected = [['value'], ['RangeError'], ['AbortError']];
  expect(heard).toEqual(expected);
  // They are over, and call back all the same.
  await Promise.all(listen());
  expect(heard).toEqual(expected.map(([what]) => [what, what]));
});

scenario('J129', async ({ open }) => {
  const pool = open({ killGraceMs: 20 });
  const done = pool.submit(echo, 'done');
  expect(await done).toBe('done');
  const failed = pool.submit(throwsOrdinary, 'no');
  await thrownBy(failed);
  const running = pool.submit(spins);
  const waiting = pool.submit(echo, 'never');
  await whenStarted(pool, running);
  const tasks = [waiting, running, done, failed];
  const states = (): string[] => tasks.map(({ state }) => state);
  expect(states()).toEqual(['queued', 'running', 'fulfilled', 'rejected']);
  for (const task of tasks) task.cancel();
  const settled = await Promise.allSettled(tasks);
  const after = ['cancelled', 'cancelled', 'fulfilled', 'rejected'];
  expect(states()).toEqual(after);
  expect(settled).toMatchObject([
    { reason: expect.any(TaskCancelledError) as unknown },
    { reason: expect.any(TaskCancelledError) as unknown },
    { value: 'done' },
    { reason: { message: 'no' } },
  ]);
  for (const task of tasks) task.cancel();
  expect(states()).toEqual(after);
});

scenario('J130', async ({ open }) => {
  const pool = open({ killGraceMs: 20 });
  const done = pool.submit(echo, 'done');
  await done;
  const running = pool.submit(spins);
  const waiting = pool.submit(echo, 'never');
  await whenStarted(pool, running);
  const tasks = [done, running, waiting];
  expect(await wait(tasks, { timeoutMs: 0 })).toEqual({ done: [done], pending: [running, waiting] });
  const all = wait(tasks);
  running.cancel();
  waiting.cancel();
  expect(await all).toEqual({ done: tasks, pending: [] });
  expect(tasks.map(({ state }) => state)).toEqual(['fulfilled', 'cancelled', 'cancelled']);
});
