/** What a task can know and say of itself while it runs, and a module whose functions are tasks. */
import { currentTask, NotSerializableError } from 'troupe';
import { describe, expect, test } from 'vitest';
import { exit } from '../../fixtures/jobs/dies.mjs';
import { add } from '../../fixtures/jobs/plain.mjs';
import { countTo, introduce, isInTask, reportFunction } from '../../fixtures/jobs/talks.mjs';
import { rejectionOf, thrownBy } from '../../helpers/rejection-of.ts';
import { withPool } from '../../helpers/with-pool.ts';

type Plain = typeof import('../../fixtures/jobs/plain.mjs');
type Generators = typeof import('../../fixtures/jobs/generators.mjs');

const jobsUrl = (file: string): URL => new URL(`../../fixtures/jobs/${file}`, import.meta.url);

describe('currentTask()', () => {
  test('tells who it is', () =>
    withPool({ name: 'crew' }, async (pool) => {
      const task = pool.with({ name: 'first' }).submit(introduce);
      expect(await task).toEqual({ id: task.id, name: 'first', attempt: 1, depth: 1, aborted: false });
      expect(task.id).toMatch(/^crew-.+\/1$/u);
      expect((await pool.submit(introduce)).name).toBe('introduce');
    }));

  test('is its own for each of the tasks in one process', () =>
    withPool({ concurrency: 4 }, async (pool) => {
      const tasks = Array.from({ length: 12 }, () => pool.submit(introduce));
      const seen = await Promise.all(tasks);
      expect(seen.map(({ id }) => id)).toEqual(tasks.map((task) => task.id));
    }));

  test('is nothing outside of a task', () =>
    withPool({}, async (pool) => {
      expect(currentTask()).toBeUndefined();
      expect(await pool.submit(isInTask)).toBe(true);
    }));
});

describe('progress', () => {
  test('onProgress hears everything, in order, before the result', () =>
    withPool({}, async (pool) => {
      const heard: unknown[] = [];
      const task = pool.with({ onProgress: (value) => heard.push(value) }).submit(countTo, 250);
      expect(await task).toBe(250);
      expect(heard).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
    }));

  test('task.progress ends with the task', () =>
    withPool({}, async (pool) => {
      const task = pool.submit(countTo, 50);
      const heard: unknown[] = [];
      for await (const value of task.progress) heard.push(value);
      expect(heard).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
      expect(await task).toBe(50);
    }));

  test('task.progress ends when the process dies', () =>
    withPool({}, async (pool) => {
      const task = pool.submit(exit, 1);
      const lost = thrownBy(task);
      for await (const value of task.progress) expect.unreachable(`heard ${String(value)}`);
      await lost;
      expect(await pool.submit(add, 1, 2)).toBe(3);
    }));

  test('a value that cannot travel throws in the task, at the call', () =>
    withPool({}, async (pool) => {
      expect(await pool.submit(reportFunction)).toEqual({
        name: 'NotSerializableError',
        code: NotSerializableError.code,
        path: 'progress.deep',
      });
    }));
});

describe('a module', () => {
  test('its functions are tasks, with options bound', () =>
    withPool({}, async (pool) => {
      const jobs = pool.module<Plain>(jobsUrl('plain.mjs'));
      const task = jobs.add(1, 2);
      expect(task.state).toBe('queued');
      expect(await task).toBe(3);
      expect(jobs.add).toBe(jobs.add);
      const named = pool
        .with({ name: 'named' })
        .module<typeof import('../../fixtures/jobs/talks.mjs')>(jobsUrl('talks.mjs'));
      expect((await named.introduce()).name).toBe('named');
    }));

  test('its functions can be given to submit(), map() and stream()', () =>
    withPool({}, async (pool) => {
      const jobs = pool.module<Plain>(jobsUrl('plain.mjs'));
      expect(await pool.submit(jobs.add, 1, 2)).toBe(3);
      expect(await pool.map(jobs.double, [1, 2]).toArray()).toEqual([2, 4]);
      const { numbers } = pool.module<Generators>(jobsUrl('generators.mjs'));
      const values: number[] = [];
      for await (const value of pool.stream(numbers, 3)) values.push(value);
      expect(values).toEqual([1, 2, 3]);
    }));

  test('can be awaited and looked at without a call', () =>
    withPool({}, async (pool) => {
      const jobs = pool.module<Plain>(jobsUrl('plain.mjs'));
      expect(await Promise.resolve(jobs)).toBe(jobs);
      expect(pool.stats().submitted).toBe(0);
    }));

  test('a relative address is refused', () =>
    withPool({}, async (pool) => {
      expect(() => pool.module<Plain>('./plain.mjs')).toThrow(
        /new URL\('\.\/jobs\.js', import\.meta\.url\)/u,
      );
      expect(
        await rejectionOf(pool.submit(add, 1, Promise.resolve() as unknown as number), NotSerializableError),
      ).toMatchObject({ path: 'argument 1' });
    }));
});
