/** How many workers a pool has, when they come and when they leave. */
import { join } from 'node:path';
import process from 'node:process';
import { InvalidOptionError, type Pool } from 'troupe';
import { expect, test } from 'vitest';
import { add, echoAfter, workerPid } from '../../fixtures/life/answers.mjs';
import { computesFor, echoesOnceThereIs, logs } from '../../fixtures/life/blocks.mjs';
import { nextEvent, openFolder, openPool, whenStarted } from '../../helpers/open-pool.ts';
import { survivorsOf } from '../../helpers/processes.ts';

/** Resolves after so many events of this name. */
function eventTimes(pool: Pool, name: 'workerReady' | 'workerExited', times: number): Promise<void> {
  let left = times;
  return nextEvent(pool, name, () => (left -= 1) === 0).then(() => undefined);
}

test('none start before there is work', async () => {
  const pool = openPool({ maxWorkers: 2 });
  expect(pool.workers).toEqual([]);
  await pool.submit(add, 1, 2);
  expect(pool.workers).toHaveLength(1);
});

test('no more start than there are tasks, nor than allowed', async () => {
  const pool = openPool({ maxWorkers: 3 });
  const gate = join(openFolder(), 'gate');
  const two = [pool.submit(echoesOnceThereIs, gate, 1), pool.submit(echoesOnceThereIs, gate, 2)];
  await Promise.all(two.map((task) => whenStarted(pool, task)));
  expect(pool.workers).toHaveLength(2);
  const more = [3, 4, 5].map((value) => pool.submit(echoesOnceThereIs, gate, value));
  await eventTimes(pool, 'workerReady', 1);
  expect(pool.workers).toHaveLength(3);
  await openPool().submit(logs, gate, 'open');
  expect(await Promise.all([...two, ...more])).toEqual([1, 2, 3, 4, 5]);
  expect(pool.workers).toHaveLength(3);
});

test('minWorkers start at once, stay warm, and are replaced when they die', async () => {
  const pool = openPool({ maxWorkers: 3, minWorkers: 2, idleTimeoutMs: 1 });
  await eventTimes(pool, 'workerReady', 2);
  const pids = pool.workers.map(({ pid }) => pid);
  expect(pool.workers).toMatchObject([{ state: 'idle' }, { state: 'idle' }]);
  expect(pids).toContain(await pool.submit(workerPid));
  const replaced = eventTimes(pool, 'workerReady', 1);
  process.kill(pids[0] ?? 0, 'SIGKILL');
  await replaced;
  expect(pool.workers).toHaveLength(2);
  expect(pool.workers.map(({ pid }) => pid)).toContain(pids[1]);
});

test('idle ones leave down to minWorkers, and more come when they are needed', async () => {
  const pool = openPool({ maxWorkers: 3, minWorkers: 1, idleTimeoutMs: 20 });
  const gone = eventTimes(pool, 'workerExited', 2);
  const busy = [1, 2, 3].map((value) => pool.submit(echoAfter<number>, 5, value));
  const first = await Promise.race([gone.then(() => 'gone'), Promise.all(busy).then(() => 'done')]);
  expect(first).toBe('done');
  if (pool.workers.length > 1) await gone;
  expect(pool.workers).toHaveLength(1);
  expect(await Promise.all([1, 2, 3].map((value) => pool.submit(echoAfter<number>, 1, value)))).toEqual([
    1, 2, 3,
  ]);
  expect(pool.stats()).toMatchObject({ fulfilled: 6, workersLost: 0 });
});

test('each is described', async () => {
  const pool = openPool({ maxWorkers: 2, minWorkers: 2 });
  expect(pool.workers).toMatchObject([
    { id: 1, state: 'starting', tasks: [] },
    { id: 2, state: 'starting', tasks: [] },
  ]);
  await eventTimes(pool, 'workerReady', 2);
  const gate = join(openFolder(), 'gate');
  const task = pool.submit(echoesOnceThereIs, gate, 1);
  const pid = await whenStarted(pool, task);
  const [busy, idle] = pool.workers.toSorted((a, b) => b.tasks.length - a.tasks.length);
  expect(busy).toMatchObject({ pid, state: 'busy', tasks: [task.id] });
  expect(idle).toMatchObject({ state: 'idle', tasks: [] });
  expect(busy?.uptimeMs).toBeGreaterThan(0);
  await openPool().submit(logs, gate, 'open');
  await task;
});

test('resize lets those that are too many finish what they run', async () => {
  const pool = openPool({ maxWorkers: 3 });
  const gate = join(openFolder(), 'gate');
  const running = [1, 2, 3].map((value) => pool.submit(echoesOnceThereIs, gate, value));
  const pids = await Promise.all(running.map((task) => whenStarted(pool, task)));
  const left = eventTimes(pool, 'workerExited', 2);
  pool.resize({ maxWorkers: 1 });
  const waiting = Array.from({ length: 20 }, (_, index) => pool.submit(add, index, 1));
  expect(pool.workers.map(({ tasks }) => tasks)).toHaveLength(3);
  await openPool().submit(logs, gate, 'open');
  expect(await Promise.all(running)).toEqual([1, 2, 3]);
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  await left;
  expect(pool.workers).toHaveLength(1);
  expect(pids).toContain(pool.workers[0]?.pid);
  expect(pool.stats()).toMatchObject({ workersLost: 0, lost: 0 });
});

test('resize adds workers for what waits, and warm ones at once', async () => {
  const pool = openPool({ maxWorkers: 1 });
  const gate = join(openFolder(), 'gate');
  const tasks = [1, 2].map((value) => pool.submit(echoesOnceThereIs, gate, value));
  await whenStarted(pool, tasks[0] ?? pool.submit(echoesOnceThereIs, gate, 0));
  pool.resize({ maxWorkers: 2 });
  await Promise.all(tasks.map((task) => whenStarted(pool, task)));
  const warm = eventTimes(pool, 'workerReady', 1);
  pool.resize({ minWorkers: 3, maxWorkers: 3 });
  await warm;
  expect(pool.workers).toHaveLength(3);
  await openPool().submit(logs, gate, 'open');
  expect(await Promise.all(tasks)).toEqual([1, 2]);
});

test('resize up and down under load loses nothing', { timeout: 120_000 }, async () => {
  const pool = openPool({ maxWorkers: 4 });
  const sizes = [12, 2, 1, 6, 3, 1, 8, 5];
  const tasks = [];
  for (const [round, maxWorkers] of sizes.entries()) {
    pool.resize({ maxWorkers });
    for (let index = 0; index < 25; index += 1)
      tasks.push(pool.submit(computesFor<number>, 2, round * 25 + index));
    await tasks[round * 25];
  }
  expect(await Promise.all(tasks)).toEqual(Array.from({ length: 200 }, (_, index) => index));
  expect(pool.stats()).toMatchObject({ fulfilled: 200, lost: 0, workersLost: 0 });
  expect(pool.workers.length).toBeLessThanOrEqual(12);
});

test('resize refuses what makes no sense and leaves the pool as it was', async () => {
  const pool = openPool({ maxWorkers: 1 });
  expect(() => pool.resize({ maxWorkers: 0 })).toThrow(InvalidOptionError);
  expect(() => pool.resize({ minWorkers: 2 })).toThrow(InvalidOptionError);
  expect(await pool.submit(add, 1, 2)).toBe(3);
  expect(pool.workers).toHaveLength(1);
});

test('resize of a closing and a closed pool does nothing', async () => {
  const pool = openPool();
  const pid = await pool.submit(workerPid);
  const closed = pool.close();
  pool.resize({ minWorkers: 2, maxWorkers: 2 });
  await closed;
  pool.resize({ minWorkers: 3, maxWorkers: 3 });
  expect(pool.workers).toEqual([]);
  expect(await survivorsOf([pid])).toEqual([]);
});
