/** Cancelling a task settles it at once, at every state, and costs no other task its result. */
import { type Pool, type Task, TaskCancelledError, WorkerLostError } from 'troupe';
import { describe, expect, test } from 'vitest';
import { exit } from '../../fixtures/jobs/dies.mjs';
import { add, addLater, appendLine, double, processId, waitForFile } from '../../fixtures/jobs/plain.mjs';
import { busyFor, forever, foreverWithoutSigterm, untilAborted, warmUp } from '../../fixtures/jobs/stops.mjs';
import { crashBefore } from '../../fixtures/jobs/tries.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { linesOf, openGate, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

/** Resolves when the task runs. */
function startOf(pool: Pool, task: Task<unknown>): Promise<void> {
  return new Promise((resolve) => {
    pool.on('taskStarted', ({ taskId }) => {
      if (taskId === task.id) resolve();
    });
  });
}

describe('by signal', () => {
  test('one that has aborted already: nothing is started', () =>
    withFolder((folder) =>
      withPool({}, async (pool) => {
        const reason = new Error('changed my mind');
        const task = pool
          .with({ signal: AbortSignal.abort(reason) })
          .submit(appendLine, `${folder}/trace`, 'ran');
        const error = await rejectionOf(task, TaskCancelledError);
        expect(error).toMatchObject({ name: 'AbortError', cause: reason, taskId: task.id });
        expect(task.state).toBe('cancelled');
        expect(pool.workers).toEqual([]);
        expect(await pool.submit(add, 1, 2)).toBe(3);
        expect(await linesOf(`${folder}/trace`)).toEqual([]);
      }),
    ));

  test('one signal for tasks that wait and run: each gets an error of its own', () =>
    withFolder((folder) =>
      withPool({ killGraceMs: 15_000 }, async (pool) => {
        const trace = `${folder}/trace`;
        const before = await pool.submit(warmUp);
        const controller = new AbortController();
        const bound = pool.with({ signal: controller.signal });
        const running = bound.submit(untilAborted, trace);
        const waiting = [1, 2, 3].map(() => bound.submit(appendLine, trace, 'ran'));
        const errors = [running, ...waiting].map((task) => rejectionOf(task, TaskCancelledError));
        await startOf(pool, running);
        controller.abort(new Error('enough'));
        expect(new Set(await Promise.all(errors)).size).toBe(4);
        expect(await pool.submit(processId)).toBe(before);
        expect(await linesOf(trace)).toEqual(['aborted in attempt 1: AbortError']);
      }),
    ));

  test('a signal used for a thousand tasks keeps no listeners', () =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      const { signal } = new AbortController();
      const bound = pool.with({ signal });
      await Promise.all(Array.from({ length: 1_000 }, (_, index) => bound.submit(add, index, 1)));
      expect(await bound.submit(add, 1, 2)).toBe(3);
    }));
});

describe('by cancel()', () => {
  test('before there is a worker', () =>
    withFolder((folder) =>
      withPool({}, async (pool) => {
        const task = pool.submit(appendLine, `${folder}/trace`, 'ran');
        expect(task.state).toBe('queued');
        task.cancel('never mind');
        expect(task.state).toBe('cancelled');
        const error = await rejectionOf(task, TaskCancelledError);
        expect(error).toMatchObject({ cause: 'never mind' });
        expect(error.message).toMatch(/before it started: never mind/u);
        expect(await pool.submit(add, 1, 2)).toBe(3);
        expect(await linesOf(`${folder}/trace`)).toEqual([]);
      }),
    ));

  test('while it waits behind another', () =>
    withFolder((folder) =>
      withPool({}, async (pool) => {
        const running = pool.submit(waitForFile, `${folder}/gate`);
        const task = pool.submit(appendLine, `${folder}/trace`, 'ran');
        await startOf(pool, running);
        task.cancel();
        await rejectionOf(task, TaskCancelledError);
        await openGate(`${folder}/gate`);
        await running;
        expect(await pool.submit(add, 1, 2)).toBe(3);
        expect(await linesOf(`${folder}/trace`)).toEqual([]);
      }),
    ));

  test('while it runs and listens: the worker stays', () =>
    withFolder((folder) =>
      withPool({ killGraceMs: 15_000 }, async (pool) => {
        const before = await pool.submit(warmUp);
        const task = pool.submit(untilAborted, `${folder}/trace`);
        await startOf(pool, task);
        expect(task.state).toBe('running');
        task.cancel(new Error('stop it'));
        const error = await rejectionOf(task, TaskCancelledError);
        expect(error.message).toMatch(/while it ran, in attempt 1: stop it/u);
        expect(await pool.submit(processId)).toBe(before);
      }),
    ));

  test.each([
    ['a loop', forever],
    ['a loop in a process that ignores SIGTERM', foreverWithoutSigterm],
  ])('while it runs and does not listen: %s is killed', (_what, fn) =>
    withPool({ killGraceMs: 30 }, async (pool) => {
      const before = await pool.submit(warmUp);
      const task = pool.submit(fn);
      await startOf(pool, task);
      task.cancel();
      await rejectionOf(task, TaskCancelledError);
      expect(await pool.submit(processId)).not.toBe(before);
    }),
  );

  test('between two attempts', () =>
    withFolder((folder) =>
      withPool({}, async (pool) => {
        const retried = new Promise((resolve) => {
          pool.on('taskRetried', resolve);
        });
        const bound = pool.with({ retries: { times: 3, backoffMs: 60_000 } });
        const task = bound.submit(crashBefore, 9, `${folder}/trace`);
        await retried;
        task.cancel();
        await rejectionOf(task, TaskCancelledError);
        expect(await pool.submit(add, 1, 2)).toBe(3);
        expect(await linesOf(`${folder}/trace`)).toEqual(['attempt 1']);
      }),
    ));

  test('when it is over: nothing changes', () =>
    withPool({}, async (pool) => {
      const good = pool.submit(add, 1, 2);
      const bad = pool.submit(exit, 1);
      expect(await good).toBe(3);
      await rejectionOf(bad, WorkerLostError);
      good.cancel();
      bad.cancel();
      expect([good.state, bad.state]).toEqual(['fulfilled', 'rejected']);
      expect(await good).toBe(3);
      expect(pool.stats().cancelled).toBe(0);
    }));

  test.each([
    ['an object without a prototype', Object.create(null) as unknown],
    ['an object that cannot be text', { toString: 'no function' }],
    ['a symbol', Symbol('mine')],
  ])('for a reason that cannot be told: %s', (_what, reason) =>
    withFolder((folder) =>
      withPool({ killGraceMs: 15_000 }, async (pool) => {
        const before = await pool.submit(warmUp);
        const running = pool.submit(untilAborted, `${folder}/trace`);
        const waiting = pool.submit(add, 1, 2);
        await startOf(pool, running);
        running.cancel(reason);
        waiting.cancel(reason);
        const errors = [rejectionOf(running, TaskCancelledError), rejectionOf(waiting, TaskCancelledError)];
        for (const error of await Promise.all(errors)) expect(error.cause).toBe(reason);
        expect(await pool.submit(processId)).toBe(before);
      }),
    ),
  );

  test('twice: the first reason stays', () =>
    withPool({}, async (pool) => {
      const task = pool.submit(add, 1, 2);
      task.cancel('first');
      task.cancel('second');
      expect(await rejectionOf(task, TaskCancelledError)).toMatchObject({ cause: 'first' });
    }));
});

describe('never costs another task its result', () => {
  /** Cancels every second task and expects the results of the others. */
  async function cancelEverySecond(tasks: readonly Task<number>[]): Promise<void> {
    const outcomes = tasks.map((task, index) =>
      index % 2 === 1 ? rejectionOf(task, TaskCancelledError) : task,
    );
    for (const [index, task] of tasks.entries()) if (index % 2 === 1) task.cancel();
    const values = await Promise.all(outcomes);
    for (const [index, value] of values.entries()) if (index % 2 === 0) expect(value).toBe(index + 1);
  }

  test.each([1, 2, 5])('short tasks handed over ahead, concurrency %i', (concurrency) =>
    withPool({ concurrency, killGraceMs: 5_000 }, async (pool) => {
      await pool.map(double, Array.from({ length: 100 }, Number)).toArray();
      const pid = await pool.submit(processId);
      for (let round = 0; round < 10; round += 1) {
        await cancelEverySecond(Array.from({ length: 50 }, (_, index) => pool.submit(add, index, 1)));
      }
      expect(await pool.submit(processId)).toBe(pid);
    }),
  );

  test('tasks cancelled as they return', () =>
    withPool({ concurrency: 2, killGraceMs: 15_000 }, async (pool) => {
      const pid = await pool.submit(processId);
      for (let round = 0; round < 20; round += 1) {
        const kept = pool.submit(addLater, round, 1, 1);
        const dropped = pool.submit(add, round, 1);
        void dropped.catch(() => undefined);
        await Promise.race([kept, dropped]).catch(() => undefined);
        dropped.cancel();
        expect(await kept).toBe(round + 1);
      }
      expect(await pool.submit(processId)).toBe(pid);
    }));

  test('handed over behind a long one: the long one is not killed for it', () =>
    withPool({ killGraceMs: 1 }, async (pool) => {
      await Promise.all(Array.from({ length: 50 }, (_, index) => pool.submit(add, index, 1)));
      const pid = await pool.submit(processId);
      const long = pool.submit(busyFor, 300);
      const handed = Array.from({ length: 10 }, (_, index) => pool.submit(add, index, 1));
      const dropped = handed.map((task) => rejectionOf(task, TaskCancelledError));
      await startOf(pool, long);
      for (const task of handed) task.cancel();
      await Promise.all(dropped);
      expect(await long).toBe(300);
      expect(await pool.submit(processId)).toBe(pid);
    }));

  test('a neighbour in the same process is lost only if it must be killed', () =>
    withPool({ concurrency: 2, killGraceMs: 30 }, async (pool) => {
      const pid = await pool.submit(warmUp);
      const neighbour = pool.with({ retries: 1 }).submit(addLater, 1, 2, 500);
      const stuck = pool.submit(forever);
      await startOf(pool, stuck);
      stuck.cancel();
      await rejectionOf(stuck, TaskCancelledError);
      expect(await neighbour).toBe(3);
      expect(neighbour.attempt).toBe(2);
      expect(await pool.submit(processId)).not.toBe(pid);
    }));
});
