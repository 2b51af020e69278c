/** What becomes of tasks that a task submitted, when that one is cut off: they end with it. */
import fs from 'node:fs';
import { createPool, type Pool, PoolClosedError, TaskCancelledError, TaskTimeoutError } from 'troupe';
import { WorkerLostError } from 'troupe';
import { describe, expect, test } from 'vitest';
import * as nests from '../../fixtures/jobs/nests.mjs';
import { add, waitForFile } from '../../fixtures/jobs/plain.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { linesOf, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

/** Resolves when all that was submitted has settled. */
function whenAllSettled(pool: Pool, count: number): Promise<void> {
  return new Promise((resolve) => {
    let settled = 0;
    pool.on('taskSettled', () => {
      settled += 1;
      if (settled === count) resolve();
    });
  });
}

describe('a task that waits for another', () => {
  test('is cancelled: the other is aborted', () =>
    withFolder((folder) =>
      withPool({ maxWorkers: 1, killGraceMs: 60_000 }, async (pool) => {
        const file = `${folder}/trace`;
        const all = whenAllSettled(pool, 2);
        const task = pool.submit(nests.waitsForUntilAborted, file);
        await waitForFile(file);
        task.cancel('enough');
        await rejectionOf(task, TaskCancelledError);
        await all;
        expect(await pool.submit(add, 1, 2)).toBe(3);
        expect(await linesOf(file)).toEqual(['runs', 'aborted']);
        expect(pool.stats()).toMatchObject({ cancelled: 2, workersLost: 0 });
      }),
    ));

  test('or does not wait, and is cancelled: nobody falls over what comes of the other', () =>
    withFolder((folder) =>
      withPool({ maxWorkers: 2, killGraceMs: 60_000 }, async (pool) => {
        const file = `${folder}/trace`;
        const all = whenAllSettled(pool, 2);
        const task = pool.submit(nests.forgetsUntilAborted, file);
        await waitForFile(file);
        task.cancel('enough');
        await rejectionOf(task, TaskCancelledError);
        await all;
        expect(await Promise.all([pool.submit(add, 1, 2), pool.submit(add, 2, 2)])).toEqual([3, 4]);
        expect(pool.stats()).toMatchObject({ cancelled: 2, workersLost: 0 });
      }),
    ));

  test('runs into its limit: those that wait never start', () =>
    withFolder((folder) =>
      withPool({ maxWorkers: 1, killGraceMs: 60_000 }, async (pool) => {
        const file = `${folder}/trace`;
        const all = whenAllSettled(pool, 4);
        const task = pool.with({ timeoutMs: 1_500 }).submit(nests.waitsForMany, file, 3);
        await rejectionOf(task, TaskTimeoutError);
        await all;
        expect(await pool.submit(add, 1, 2)).toBe(3);
        const lines = fs.existsSync(file) ? await linesOf(file) : [];
        expect(lines.filter((line) => line === 'runs').length).toBeLessThan(2);
      }),
    ));

  test('loses its process: the other, in another process, is aborted, and it is tried again', () =>
    withFolder((folder) =>
      withPool({ maxWorkers: 2, minWorkers: 2 }, async (pool) => {
        const file = `${folder}/trace`;
        const all = whenAllSettled(pool, 2);
        const task = pool.with({ retries: 1 }).submit(nests.diesWithNested, file);
        expect(await task).toBe('tried again');
        await all;
        expect(pool.stats()).toMatchObject({ fulfilled: 1, cancelled: 1, waiting: 0, workersLost: 1 });
      }),
    ));

  test('is in the process that is killed, as the other is: both are lost, and nothing else', () =>
    withFolder((folder) =>
      withPool({ maxWorkers: 1 }, async (pool) => {
        const file = `${folder}/trace`;
        const task = pool.submit(nests.waitsForUntilAborted, file);
        const next = pool.submit(add, 1, 2);
        await waitForFile(file);
        const [worker] = pool.workers;
        process.kill(worker?.pid ?? 0, 'SIGKILL');
        const error = await rejectionOf(task, WorkerLostError);
        expect(error).toMatchObject({ signal: 'SIGKILL', taskId: task.id });
        expect(await next).toBe(3);
      }),
    ));

  test('sees a limit of its own as it was written', () =>
    withPool({ maxWorkers: 1, killGraceMs: 60_000 }, async (pool) => {
      const id = `${pool.id}/w1.1`;
      const seen = {
        name: 'TaskTimeoutError',
        code: 'ERR_TROUPE_TASK_TIMEOUT',
        kind: 'execution',
        taskId: id,
      };
      expect(await pool.submit(nests.limits, 50)).toEqual(seen);
      await pool.terminate();
    }));

  test('cancels it: its own error, at once', () =>
    withFolder((folder) =>
      withPool({ maxWorkers: 2, killGraceMs: 60_000 }, async (pool) => {
        const id = expect.stringMatching(/\/w\d\.1$/u) as string;
        expect(await pool.submit(nests.cancels, `${folder}/trace`)).toEqual({
          before: ['running', 1, id],
          state: 'cancelled',
          name: 'AbortError',
          isCause: true,
          id,
        });
      }),
    ));

  test('is not lost with it, if its process is another', () =>
    withFolder((folder) =>
      withPool({ maxWorkers: 2, minWorkers: 2 }, async (pool) => {
        // Whichever process it is in: the one that crashes takes at most one attempt of each.
        const task = pool.with({ retries: 2 }).submit(nests.retriesCrash, `${folder}/trace`);
        expect(await task).toBe('alive');
      }),
    ));
});

describe('a pool that closes while tasks wait for others', () => {
  test('drains: all of them end', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const task = pool.submit(nests.tree, 4, 3);
      await pool.close();
      expect(await task).toBe(121);
    }));

  test('is terminated: every one of them is settled', () =>
    withFolder(async (folder) => {
      const pool = createPool({ maxWorkers: 1 });
      const file = `${folder}/trace`;
      const task = pool.submit(nests.waitsForMany, file, 3);
      const settled = rejectionOf(task, PoolClosedError);
      await waitForFile(file);
      await pool.terminate();
      await settled;
      expect(pool.stats()).toMatchObject({ waiting: 0, running: 0, workers: 0 });
    }));

  test('does not drain: what has not started is refused, and who waits for it hears so', () =>
    withFolder(async (folder) => {
      const pool = createPool({ maxWorkers: 1, killGraceMs: 100 });
      const file = `${folder}/trace`;
      const task = pool.submit(nests.waitsForMany, file, 3);
      const settled = rejectionOf(task, PoolClosedError);
      await waitForFile(file);
      const closed = pool.close({ drain: false, timeoutMs: 2_000 });
      await settled;
      await closed;
    }));
});
