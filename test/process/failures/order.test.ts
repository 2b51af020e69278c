/** Which task goes first and where: priorities, keys, and the order of submission otherwise. */
import { type Pool, type Task, WorkerLostError } from 'troupe';
import { describe, expect, test } from 'vitest';
import { exit } from '../../fixtures/jobs/dies.mjs';
import { appendLine, processId, waitForFile } from '../../fixtures/jobs/plain.mjs';
import { runAndTrace } from '../../fixtures/jobs/starts.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { linesOf, openGate, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

/** Submits while the one worker is busy; gives the order in which the tasks ran. */
function orderOf(submitAll: (pool: Pool, trace: string) => readonly Task<unknown>[]): Promise<string[]> {
  return withFolder((folder) =>
    withPool({}, async (pool) => {
      const running = pool.submit(waitForFile, `${folder}/gate`);
      const tasks = submitAll(pool, `${folder}/trace`);
      await openGate(`${folder}/gate`);
      await Promise.all([running, ...tasks]);
      return linesOf(`${folder}/trace`);
    }),
  );
}

test('a higher priority goes first, and equal ones in their order', async () => {
  const priorities = [0, 5, -1, 5, Infinity, 0, 0.5, -Infinity];
  const order = await orderOf((pool, trace) =>
    priorities.map((priority, index) =>
      pool.with({ priority }).submit(appendLine, trace, `${priority}/${index}`),
    ),
  );
  expect(order).toEqual(['Infinity/4', '5/1', '5/3', '0.5/6', '0/0', '0/5', '-1/2', '-Infinity/7']);
});

test('without one they go in their order', async () => {
  const lines = Array.from({ length: 100 }, (_, index) => String(index));
  expect(await orderOf((pool, trace) => lines.map((line) => pool.submit(appendLine, trace, line)))).toEqual(
    lines,
  );
});

test('no task waits behind a long one while a worker is free', () =>
  withFolder((folder) =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      // Short tasks teach the pool to hand tasks over ahead.
      await Promise.all(Array.from({ length: 200 }, () => pool.submit(processId)));
      const long = pool.submit(waitForFile, `${folder}/gate`);
      await Promise.all(Array.from({ length: 40 }, () => pool.submit(processId)));
      // Not settled: its worker may not have said yet that it started.
      expect(['queued', 'running']).toContain(long.state);
      await openGate(`${folder}/gate`);
      await long;
    }),
  ));

describe('tasks with one key', () => {
  test('run in one process, in their order', () =>
    withFolder((folder) =>
      withPool({ maxWorkers: 2 }, async (pool) => {
        const keys = ['a', 'b', 'c', 'd'];
        const tasks = Array.from({ length: 80 }, (_, index) => {
          const key = keys[index % keys.length] ?? 'a';
          const bound = pool.with({ key });
          const traced = bound.submit(appendLine, `${folder}/${key}`, String(index));
          return Promise.all([Promise.resolve(key), bound.submit(processId), traced]);
        });
        const pids = new Map(keys.map((key) => [key, new Set<number>()]));
        for (const [key, pid] of await Promise.all(tasks)) pids.get(key)?.add(pid);
        for (const seen of pids.values()) expect(seen.size).toBe(1);
        for (const [at, key] of keys.entries()) {
          const expected = Array.from({ length: 20 }, (_, index) => String(index * keys.length + at));
          expect(await linesOf(`${folder}/${key}`)).toEqual(expected);
        }
      }),
    ));

  test('wait for their worker while another is free', () =>
    withFolder((folder) =>
      withPool({ maxWorkers: 2 }, async (pool) => {
        const keyed = pool.with({ key: 'mine' });
        const first = keyed.submit(waitForFile, `${folder}/gate`);
        const second = keyed.submit(processId);
        await Promise.all([pool.submit(processId), pool.submit(processId)]);
        expect(second.state).toBe('queued');
        await openGate(`${folder}/gate`);
        expect(await second).toBe(await first);
      }),
    ));

  test('move on together when their worker dies', () =>
    withFolder((folder) =>
      withPool({ maxWorkers: 2 }, async (pool) => {
        const keyed = pool.with({ key: 'mine' });
        const before = await keyed.submit(processId);
        const doomed = keyed.submit(exit, 1);
        const after = Array.from({ length: 10 }, () => keyed.submit(runAndTrace, `${folder}/trace`));
        await rejectionOf(doomed, WorkerLostError);
        const pids = new Set(await Promise.all(after));
        expect(pids.size).toBe(1);
        expect(pids).not.toContain(before);
      }),
    ));
});
