/** What `pool.workers` and `pool.stats()` tell about workers, also about one that cannot speak. */
import process from 'node:process';
import { WorkerLostError } from 'troupe';
import { expect, test } from 'vitest';
import { blockUntil, waitFor } from '../../fixtures/jobs/blocks.mjs';
import { signalSelf } from '../../fixtures/jobs/dies.mjs';
import { throwWithFields } from '../../fixtures/jobs/errors.mjs';
import { add } from '../../fixtures/jobs/plain.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { openGate, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

const isLinux = process.platform === 'linux';

test('tasks that came to an end are counted, and a place has a history', () =>
  withPool({}, async (pool) => {
    expect(pool.stats()).toMatchObject({ workersStarted: 0, workersLost: 0 });
    await pool.submit(add, 1, 2);
    await rejectionOf(pool.submit(throwWithFields), Error);
    expect(pool.workers[0]).toMatchObject({ id: 1, tasksDone: 2, restarts: 0, replaces: undefined });
    await rejectionOf(pool.submit(signalSelf, 'SIGKILL'), WorkerLostError);
    await pool.submit(add, 1, 2);
    expect(pool.workers[0]).toMatchObject({ id: 2, tasksDone: 1, restarts: 1, replaces: 1 });
    await rejectionOf(pool.submit(signalSelf, 'SIGKILL'), WorkerLostError);
    await pool.submit(add, 1, 2);
    expect(pool.workers[0]).toMatchObject({ id: 3, restarts: 2, replaces: 2 });
    expect(pool.stats()).toMatchObject({ workersStarted: 3, workersLost: 2 });
  }));

test.runIf(isLinux)('a blocked worker still has a size and has used time', () =>
  withFolder((folder) =>
    withPool({}, async (pool) => {
      const task = pool.submit(blockUntil, `${folder}/gate`);
      await new Promise((resolve) => pool.on('taskStarted', resolve));
      const [worker] = pool.workers;
      expect(worker?.rssBytes).toBeGreaterThan(10 * 1024 * 1024);
      expect(worker?.cpuMs).toBeGreaterThan(0);
      expect(worker).toMatchObject({ state: 'busy', tasks: [task.id], isResponsive: true });
      await openGate(`${folder}/gate`);
      await task;
    }),
  ),
);

test('a busy worker says how late its event loop is', () =>
  withFolder((folder) =>
    withPool({}, async (pool) => {
      await pool.submit(add, 1, 2);
      const task = pool.submit(waitFor, `${folder}/gate`);
      while (pool.workers[0]?.eventLoopLagMs === undefined) await new Promise(setImmediate);
      const [worker] = pool.workers;
      expect(worker?.eventLoopLagMs).toBeGreaterThanOrEqual(0);
      expect(worker?.reportAgeMs).toBeGreaterThanOrEqual(0);
      await openGate(`${folder}/gate`);
      await task;
    }),
  ));

test('a worker that starts or is gone is told of without what is not known', () =>
  withPool({}, async (pool) => {
    const task = pool.submit(add, 1, 2);
    expect(pool.workers[0]).toMatchObject({ state: 'starting', tasksDone: 0, eventLoopLagMs: undefined });
    await task;
    const lost = new Promise((resolve) => pool.on('workerLost', () => resolve(pool.workers)));
    process.kill(pool.workers[0]?.pid ?? 0, 'SIGKILL');
    while (pool.workers.length > 0) {
      for (const { rssBytes, cpuMs } of pool.workers)
        expect(
          [typeof rssBytes, typeof cpuMs].every((kind) => kind === 'number' || kind === 'undefined'),
        ).toBe(true);
      await new Promise(setImmediate);
    }
    expect(await lost).toEqual([]);
  }));
