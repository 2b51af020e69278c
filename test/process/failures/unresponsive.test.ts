/** A worker whose main loop does not answer is reported, or killed if that is asked; nobody else is. */
import process from 'node:process';
import { type Pool, type PoolEvents, WorkerLostError } from 'troupe';
import { describe, expect, test } from 'vitest';
import { blockForEver, blockUntil, printForEver, waitFor } from '../../fixtures/jobs/blocks.mjs';
import { add } from '../../fixtures/jobs/plain.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { openGate, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

const next = <Name extends keyof PoolEvents>(pool: Pool, name: Name): Promise<PoolEvents[Name]> =>
  new Promise((resolve) => {
    const stop = pool.on(name, (event) => {
      stop();
      resolve(event);
    });
  });

describe('a worker that is blocked', () => {
  test('is reported, lives, and is reported again when it answers', () =>
    withFolder((folder) =>
      withPool({ unresponsiveAfterMs: 500 }, async (pool) => {
        const isSilent = next(pool, 'workerUnresponsive');
        const task = pool.submit(blockUntil, `${folder}/gate`);
        const silent = await isSilent;
        expect(silent).toMatchObject({ workerId: 1, isStopped: false, tasks: [task.id] });
        expect(silent.silentMs).toBeGreaterThanOrEqual(500);
        const [worker] = pool.workers;
        expect(worker).toMatchObject({ pid: silent.pid, state: 'busy', isResponsive: false });
        const answers = next(pool, 'workerResponsive');
        await openGate(`${folder}/gate`);
        await task;
        const answer = await answers;
        expect(answer).toMatchObject({ workerId: 1, pid: silent.pid });
        expect(answer.silentMs).toBeGreaterThanOrEqual(silent.silentMs);
        expect(pool.workers[0]).toMatchObject({ pid: silent.pid, isResponsive: true });
      }),
    ));

  test('is killed if that is asked, and replaced', () =>
    withPool({ unresponsiveAfterMs: 1_000, unresponsive: 'kill' }, async (pool) => {
      const [isSilent, isLost] = [next(pool, 'workerUnresponsive'), next(pool, 'workerLost')];
      const task = pool.submit(blockForEver);
      const error = await rejectionOf(task, WorkerLostError);
      expect(error).toMatchObject({ likelyCause: 'unresponsive', signal: 'SIGKILL', taskId: task.id });
      expect(error.message).toMatch(/had not answered for \d+\.\d s \(unresponsiveAfterMs is 1000 ms/u);
      expect(error.message).toContain('The task blocked it');
      expect(await isSilent).toMatchObject({ tasks: [task.id] });
      expect(await isLost).toMatchObject({ end: 'unresponsive', lostTasks: [task.id] });
      expect(pool.stats()).toMatchObject({ workersStarted: 1, workersLost: 1 });
      expect(await pool.submit(add, 1, 2)).toBe(3);
      expect(pool.workers[0]).toMatchObject({ id: 2, restarts: 1, replaces: 1 });
    }));

  test('is killed though it prints without a pause', () =>
    withPool({ unresponsiveAfterMs: 1_000, unresponsive: 'kill', stdio: 'capture' }, async (pool) => {
      const error = await rejectionOf(pool.submit(printForEver), WorkerLostError);
      expect(error.likelyCause).toBe('unresponsive');
    }));

  test('is killed while the pool closes', () =>
    withPool({ unresponsiveAfterMs: 1_000, unresponsive: 'kill' }, async (pool) => {
      const task = pool.submit(blockForEver);
      await next(pool, 'taskStarted');
      const closed = pool.close();
      await rejectionOf(task, WorkerLostError);
      await closed;
    }));

  test('is said to have run several tasks', () =>
    withFolder((folder) =>
      withPool({ unresponsiveAfterMs: 1_000, unresponsive: 'kill', concurrency: 2 }, async (pool) => {
        const started = next(pool, 'taskStarted');
        const waiting = pool.submit(waitFor, `${folder}/never`);
        const isWaitingLost = rejectionOf(waiting, WorkerLostError);
        await started;
        const error = await rejectionOf(pool.submit(blockForEver), WorkerLostError);
        expect(error.message).toMatch(/One of the tasks it ran \(\S+, \S+\) blocked it/u);
        expect((await isWaitingLost).likelyCause).toBe('unresponsive');
      }),
    ));

  test.runIf(process.platform === 'linux')('is told from one that the system has stopped', () =>
    withFolder((folder) =>
      withPool({ unresponsiveAfterMs: 1_000, unresponsive: 'kill' }, async (pool) => {
        const started = next(pool, 'taskStarted');
        const task = pool.submit(waitFor, `${folder}/never`);
        await started;
        process.kill(pool.workers[0]?.pid ?? 0, 'SIGSTOP');
        const error = await rejectionOf(task, WorkerLostError);
        expect(error.likelyCause).toBe('unresponsive');
        expect(error.message).toContain('The process was stopped (SIGSTOP, a frozen container)');
      }),
    ),
  );
});

describe('nobody is blamed', () => {
  test(
    'by a parent that was blocked itself',
    () =>
      withFolder((folder) =>
        withPool({ unresponsiveAfterMs: 2_000, unresponsive: 'kill' }, async (pool) => {
          const started = next(pool, 'taskStarted');
          const task = pool.submit(waitFor, `${folder}/gate`);
          await started;
          // Three times as long as the limit, from a moment at which it was asked or not.
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 6_000);
          await openGate(`${folder}/gate`);
          await task;
          expect(pool.workers[0]).toMatchObject({ id: 1, isResponsive: true });
        }),
      ),
    30_000,
  );

  test('if the limit is infinite', () =>
    withFolder((folder) =>
      withPool({ unresponsive: 'kill', unresponsiveAfterMs: Infinity }, async (pool) => {
        const task = pool.submit(blockUntil, `${folder}/gate`);
        await next(pool, 'taskStarted');
        await openGate(`${folder}/gate`);
        await task;
        expect(pool.workers[0]).toMatchObject({ id: 1, isResponsive: true });
      }),
    ));
});
