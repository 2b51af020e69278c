/** `terminate` kills every process now, and settles every task. */
import process from 'node:process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PoolClosedError, TaskCancelledError } from 'troupe';
import { expect, test } from 'vitest';
import { add, workerPid } from '../../fixtures/life/answers.mjs';
import { spins } from '../../fixtures/life/blocks.mjs';
import { startsSleepAndSpins } from '../../fixtures/life/has-grandchild.mjs';
import { throwsOrdinary } from '../../fixtures/life/throws.mjs';
import { nextEvent, openFolder, openPool, whenStarted } from '../../helpers/open-pool.ts';
import { survivorsOf, waitUntil } from '../../helpers/processes.ts';
import { rejectionOf } from '../../helpers/rejection-of.ts';

const isLinux = process.platform === 'linux';

test('with tasks that run and tasks that wait', async () => {
  const pool = openPool({ maxWorkers: 2 });
  const running = [pool.submit(spins), pool.submit(spins)];
  const waiting = Array.from({ length: 100 }, () => pool.submit(add, 1, 2));
  await Promise.all(running.map((task) => whenStarted(pool, task)));
  const settled = Promise.all([...running, ...waiting].map((task) => rejectionOf(task, PoolClosedError)));
  await pool.terminate();
  const errors = await settled;
  expect(new Set(errors).size).toBe(102);
  expect([pool.state, pool.workers]).toEqual(['closed', []]);
  expect(pool.stats()).toMatchObject({ submitted: 102, rejected: 102, waiting: 0, running: 0, lost: 0 });
});

test('while workers start', async () => {
  const pool = openPool({ maxWorkers: 2, minWorkers: 2 });
  const refused = rejectionOf(pool.submit(add, 1, 2), PoolClosedError);
  await pool.terminate();
  await refused;
  expect(pool.workers).toEqual([]);
});

test('a pool that does nothing, twice', async () => {
  const pool = openPool();
  await Promise.all([pool.terminate(), pool.terminate()]);
  await pool.terminate();
  expect(pool.state).toBe('closed');
});

test('a pool that is closing', async () => {
  const pool = openPool();
  const endless = pool.submit(spins);
  await whenStarted(pool, endless);
  const refused = rejectionOf(endless, PoolClosedError);
  const closed = pool.close();
  await Promise.all([pool.terminate(), closed]);
  await refused;
  expect(pool.state).toBe('closed');
});

test('in the middle of retries', async () => {
  const pool = openPool();
  const again = pool.with({ retries: { times: 9, on: 'error', backoffMs: 600_000 } });
  const task = again.submit(throwsOrdinary, 'again');
  const refused = rejectionOf(task, PoolClosedError);
  await nextEvent(pool, 'taskRetried');
  await pool.terminate();
  await refused;
});

test('when a task has just been cancelled', async () => {
  const pool = openPool();
  const endless = pool.submit(spins);
  await whenStarted(pool, endless);
  endless.cancel();
  const cancelled = rejectionOf(endless, TaskCancelledError);
  await pool.terminate();
  await cancelled;
});

test('from within the callback of a task', async () => {
  const pool = openPool({ maxWorkers: 2 });
  const endless = pool.submit(spins);
  const refused = rejectionOf(endless, PoolClosedError);
  await whenStarted(pool, endless);
  await pool.submit(add, 1, 2).then(() => pool.terminate());
  await refused;
});

test.skipIf(!isLinux)('a worker that is stopped', async () => {
  const pool = openPool();
  const pid = await pool.submit(workerPid);
  process.kill(pid, 'SIGSTOP');
  await pool.terminate();
  expect(await survivorsOf([pid])).toEqual([]);
});

test.skipIf(!isLinux)('what the tasks have started', async () => {
  const pool = openPool();
  const file = join(openFolder(), 'grandchild');
  const refused = rejectionOf(pool.submit(startsSleepAndSpins, file), PoolClosedError);
  await waitUntil('the grandchild runs', () => textOf(file) !== '');
  await pool.terminate();
  await refused;
  expect(await survivorsOf([Number(textOf(file))])).toEqual([]);
});

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
