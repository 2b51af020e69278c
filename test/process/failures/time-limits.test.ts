/**
 * Limits of time: a task that exceeds one rejects at once, and its worker is killed only if it does not let
 * go.
 */
import process from 'node:process';
import { type Pool, TaskTimeoutError } from 'troupe';
import { expect, test } from 'vitest';
import { add, appendLine, processId, waitForFile } from '../../fixtures/jobs/plain.mjs';
import {
  forever,
  foreverWithoutSigterm,
  returnWhenAborted,
  untilAborted,
  waitForever,
  warmUp,
} from '../../fixtures/jobs/stops.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { linesOf, openGate, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

const slowUrl = new URL('../../fixtures/jobs/slow-to-import.mjs', import.meta.url);

const exited = (pool: Pool): Promise<unknown> =>
  new Promise((resolve) => {
    pool.on('workerExited', resolve);
  });

test('a task that listens to its signal keeps its worker', () =>
  withFolder((folder) =>
    withPool({ killGraceMs: 15_000 }, async (pool) => {
      const trace = `${folder}/trace`;
      const before = await pool.submit(warmUp);
      const task = pool.with({ timeoutMs: 100 }).submit(untilAborted, trace);
      const error = await rejectionOf(task, TaskTimeoutError);
      expect(error).toMatchObject({ kind: 'execution', limitMs: 100, taskId: task.id });
      expect(await pool.submit(processId)).toBe(before);
      expect(await linesOf(trace)).toEqual(['aborted in attempt 1: AbortError']);
    }),
  ));

test('what it returns after the limit comes too late', () =>
  withPool({ killGraceMs: 15_000 }, async (pool) => {
    const before = await pool.submit(warmUp);
    await rejectionOf(pool.with({ timeoutMs: 100 }).submit(returnWhenAborted), TaskTimeoutError);
    expect(await pool.submit(processId)).toBe(before);
    expect(pool.stats()).toMatchObject({ running: 0, waiting: 0 });
  }));

test('a task whose module is still being imported never runs, and keeps its worker', () =>
  withFolder((folder) => {
    const gate = `${folder}/gate`;
    const env = { ...process.env, TROUPE_TEST_GATE: gate };
    return withPool({ killGraceMs: 15_000, env }, async (pool) => {
      const before = await pool.submit(processId);
      const bound = pool.with({ timeoutMs: 100 });
      const { leaveTrace } = bound.module<{ leaveTrace(file: string): void }>(slowUrl);
      await rejectionOf(leaveTrace(`${folder}/trace`), TaskTimeoutError);
      await openGate(gate);
      expect(await pool.submit(processId)).toBe(before);
      expect(await linesOf(`${folder}/trace`)).toEqual([]);
    });
  }));

test.each([
  ['a loop', forever],
  ['a loop in a process that ignores SIGTERM', foreverWithoutSigterm],
  ['a promise that stays pending', waitForever],
])('%s is killed after the grace, and replaced', (_what, fn) =>
  withPool({ killGraceMs: 50 }, async (pool) => {
    const before = await pool.submit(warmUp);
    const gone = exited(pool);
    await rejectionOf(pool.with({ timeoutMs: 100 }).submit(fn), TaskTimeoutError);
    expect(await gone).toMatchObject({ pid: before, end: 'killed' });
    expect(await pool.submit(processId)).not.toBe(before);
    expect(pool.state).toBe('running');
  }),
);

test('time spent waiting does not count as time to run', () =>
  withFolder((folder) =>
    withPool({}, async (pool) => {
      const first = pool.submit(waitForFile, `${folder}/gate`);
      const second = pool.with({ timeoutMs: 10_000, queueTimeoutMs: Infinity }).submit(add, 1, 2);
      await openGate(`${folder}/gate`);
      await first;
      expect(await second).toBe(3);
    }),
  ));

test('queueTimeoutMs: a task that waits too long never runs', () =>
  withFolder((folder) =>
    withPool({}, async (pool) => {
      const trace = `${folder}/trace`;
      const running = pool.submit(waitForFile, `${folder}/gate`);
      const task = pool.with({ queueTimeoutMs: 20 }).submit(appendLine, trace, 'ran');
      const error = await rejectionOf(task, TaskTimeoutError);
      expect(error).toMatchObject({ kind: 'queue', limitMs: 20, taskId: task.id });
      await openGate(`${folder}/gate`);
      await running;
      expect(await pool.submit(add, 1, 2)).toBe(3);
      expect(await linesOf(trace)).toEqual([]);
    }),
  ));

test('queueTimeoutMs does not count once the task runs', () =>
  withPool({}, async (pool) => {
    const task = pool.with({ queueTimeoutMs: 60_000, timeoutMs: 60_000 }).submit(add, 1, 2);
    expect(await task).toBe(3);
  }));

test('deadline: a task that waits, one that runs, one that is late already', () =>
  withFolder((folder) =>
    withPool({ killGraceMs: 50 }, async (pool) => {
      const before = await pool.submit(warmUp);
      const soon = pool.with({ deadline: Date.now() + 300 });
      const running = rejectionOf(soon.submit(waitForever), TaskTimeoutError);
      const waiting = rejectionOf(soon.submit(appendLine, `${folder}/trace`, 'ran'), TaskTimeoutError);
      const late = pool.with({ deadline: new Date(0) }).submit(appendLine, `${folder}/trace`, 'ran');
      const errors = await Promise.all([running, waiting, rejectionOf(late, TaskTimeoutError)]);
      expect(errors.map((error) => error.kind)).toEqual(['deadline', 'deadline', 'deadline']);
      expect(new Set(errors).size).toBe(3);
      expect(await pool.submit(processId)).not.toBe(before);
      expect(await linesOf(`${folder}/trace`)).toEqual([]);
    }),
  ));

test('a task killed for its time does not cost the queue behind it', () =>
  withPool({ killGraceMs: 20 }, async (pool) => {
    const stuck = rejectionOf(pool.with({ timeoutMs: 20 }).submit(forever), TaskTimeoutError);
    const behind = Array.from({ length: 20 }, (_, index) => pool.submit(add, index, 1));
    expect(await Promise.all(behind)).toEqual(behind.map((_, index) => index + 1));
    await stuck;
  }));
