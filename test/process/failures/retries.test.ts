/** A task runs at most once, unless it asks for more; then each attempt is counted. */
import { WorkerLostError } from 'troupe';
import { expect, test } from 'vitest';
import { add } from '../../fixtures/jobs/plain.mjs';
import { crashBefore, crashThenThrow, throwBefore } from '../../fixtures/jobs/tries.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { linesOf, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

test('by default a task whose process died is not run again', () =>
  withFolder((folder) =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      const trace = `${folder}/trace`;
      await rejectionOf(pool.submit(crashBefore, 9, trace), WorkerLostError);
      expect(await pool.submit(add, 1, 2)).toBe(3);
      await pool.close();
      expect(await linesOf(trace)).toEqual(['attempt 1']);
    }),
  ));

test('by default a task that threw is not run again', () =>
  withFolder((folder) =>
    withPool({}, async (pool) => {
      await rejectionOf(pool.submit(throwBefore, 9, `${folder}/trace`), RangeError);
      await pool.close();
      expect(await linesOf(`${folder}/trace`)).toEqual(['attempt 1']);
    }),
  ));

test("on: 'crash' tries again after each crash, and counts", () =>
  withFolder((folder) =>
    withPool({}, async (pool) => {
      const retried: number[] = [];
      pool.on('taskRetried', ({ attempt, error }) => {
        expect(error).toBeInstanceOf(WorkerLostError);
        retried.push(attempt);
      });
      const task = pool
        .with({ retries: { times: 2, on: 'crash' } })
        .submit(crashBefore, 3, `${folder}/trace`);
      expect(await task).toBe('done in attempt 3');
      expect(task.attempt).toBe(3);
      expect(retried).toEqual([1, 2]);
      expect(pool.stats()).toMatchObject({ retried: 2, lost: 0, fulfilled: 1 });
      expect(await linesOf(`${folder}/trace`)).toEqual(['attempt 1', 'attempt 2', 'attempt 3']);
    }),
  ));

test("on: 'error' tries again after each error, in the same process", () =>
  withFolder((folder) =>
    withPool({}, async (pool) => {
      const bound = pool.with({ retries: { times: 2, on: 'error' } });
      expect(await bound.submit(throwBefore, 3, `${folder}/trace`)).toBe('done in attempt 3');
      expect(pool.stats()).toMatchObject({ retried: 2, workersLost: 0 });
    }),
  ));

test("on: 'error' does not try again after a crash, nor 'crash' after an error", () =>
  withFolder((folder) =>
    withPool({}, async (pool) => {
      const onError = pool.with({ retries: { times: 2, on: 'error' } });
      const onCrash = pool.with({ retries: { times: 2, on: 'crash' } });
      await rejectionOf(onError.submit(crashBefore, 9, `${folder}/trace`), WorkerLostError);
      await rejectionOf(onCrash.submit(throwBefore, 9, `${folder}/trace`), RangeError);
      expect(await linesOf(`${folder}/trace`)).toEqual(['attempt 1', 'attempt 1']);
    }),
  ));

test('a number tries again after a crash and after an error', () =>
  withFolder((folder) =>
    withPool({}, async (pool) => {
      const task = pool.with({ retries: 2 }).submit(crashThenThrow, `${folder}/trace`);
      expect(await task).toBe('done in attempt 3');
    }),
  ));

test('a predicate decides, and sees each error', () =>
  withFolder((folder) =>
    withPool({}, async (pool) => {
      const seen: unknown[] = [];
      const on = (error: unknown): boolean => {
        seen.push(error);
        return error instanceof Error && 'code' in error && error.code === 'E_1';
      };
      const bound = pool.with({ retries: { times: 5, on } });
      const error = await rejectionOf(bound.submit(throwBefore, 9, `${folder}/trace`), RangeError);
      expect(error).toMatchObject({ code: 'E_2' });
      expect(seen).toHaveLength(2);
      expect(seen[1]).toBe(error);
      expect(await bound.submit(add, 1, 2)).toBe(3);
    }),
  ));

test('a predicate that throws costs its own task only', () =>
  withFolder((folder) =>
    withPool({}, async (pool) => {
      const on = (): boolean => {
        throw new Error('the predicate failed');
      };
      const bound = pool.with({ retries: { times: 5, on } });
      for (const fn of [throwBefore, crashBefore]) {
        const error = await rejectionOf(bound.submit(fn, 9, `${folder}/trace`), Error);
        expect(error.message).toBe('the predicate failed');
      }
      expect(await pool.submit(add, 1, 2)).toBe(3);
    }),
  ));

test('the last error stays when the attempts are used up', () =>
  withFolder((folder) =>
    withPool({}, async (pool) => {
      const errors = pool.with({ retries: { times: 2, on: 'error' } });
      const thrown = await rejectionOf(errors.submit(throwBefore, 9, `${folder}/errors`), RangeError);
      expect(thrown).toMatchObject({ code: 'E_3' });
      const crashes = pool.with({ retries: { times: 2, on: 'crash' } });
      const lost = await rejectionOf(crashes.submit(crashBefore, 9, `${folder}/crashes`), WorkerLostError);
      expect(lost).toMatchObject({ attempt: 3, exitCode: 13 });
      expect(await linesOf(`${folder}/crashes`)).toEqual(['attempt 1', 'attempt 2', 'attempt 3']);
      expect(await pool.submit(add, 1, 2)).toBe(3);
    }),
  ));

test('backoffMs waits before each attempt, and others run meanwhile', () =>
  withFolder((folder) =>
    withPool({}, async (pool) => {
      const bound = pool.with({ retries: { times: 1, on: 'error', backoffMs: 300 } });
      const startedAt = performance.now();
      const task = bound.submit(throwBefore, 2, `${folder}/trace`);
      const order: string[] = [];
      const noted = task.then(() => order.push('retried'));
      await pool.submit(add, 1, 2).then(() => order.push('other'));
      await noted;
      expect(order).toEqual(['other', 'retried']);
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(299);
    }),
  ));

test("the pool's own retries count for every task", () =>
  withFolder((folder) =>
    withPool({ task: { retries: { times: 1, on: 'error' } } }, async (pool) => {
      expect(await pool.submit(throwBefore, 2, `${folder}/trace`)).toBe('done in attempt 2');
      const once = pool.with({ retries: 0 });
      await rejectionOf(once.submit(throwBefore, 2, `${folder}/trace`), RangeError);
    }),
  ));
