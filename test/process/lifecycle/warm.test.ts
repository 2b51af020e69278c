/** Workers that are started before there is work. */
import { join } from 'node:path';
import process from 'node:process';
import { InvalidOptionError, PoolBrokenError, PoolClosedError } from 'troupe';
import { expect, test } from 'vitest';
import { add } from '../../fixtures/life/answers.mjs';
import { echoesOnceThereIs, logs } from '../../fixtures/life/blocks.mjs';
import { exitInInitialize, failTimes } from '../../fixtures/jobs/starts.mjs';
import { nextEvent, openFolder, openPool, whenStarted } from '../../helpers/open-pool.ts';
import { startProgram } from '../../helpers/life-programs.ts';
import { rejectionOf } from '../../helpers/rejection-of.ts';

test('all of them by default, and each is ready', async () => {
  const pool = openPool({ maxWorkers: 3 });
  await pool.warm();
  expect(pool.workers.map(({ state }) => state)).toEqual(['idle', 'idle', 'idle']);
  await pool.submit(add, 1, 2);
  expect(pool.workers).toHaveLength(3);
});

test('as many as asked for, and busy ones count', async () => {
  const pool = openPool({ maxWorkers: 3 });
  const gate = join(openFolder(), 'gate');
  const task = pool.submit(echoesOnceThereIs, gate, 1);
  await whenStarted(pool, task);
  await pool.warm(1);
  expect(pool.workers).toHaveLength(1);
  await pool.warm(2);
  expect(pool.workers.map(({ state }) => state)).toEqual(['busy', 'idle']);
  await pool.submit(logs, gate, 'open');
  await task;
});

test('each caller hears of its own number', async () => {
  const pool = openPool({ maxWorkers: 3 });
  const order: number[] = [];
  const warm = (count: number): Promise<void> => pool.warm(count).then(() => void order.push(count));
  await Promise.all([warm(3), warm(1), warm(2), warm(1)]);
  expect(order.toSorted((one, other) => one - other)).toEqual([1, 1, 2, 3]);
  expect(order.at(-1)).toBe(3);
});

test('nobody leaves before all are there, and then they leave as ever', async () => {
  const pool = openPool({ maxWorkers: 2, idleTimeoutMs: 0 });
  let left = 2;
  const bothGone = nextEvent(pool, 'workerExited', () => (left -= 1) === 0);
  await pool.warm();
  await bothGone;
  expect(pool.workers).toEqual([]);
  expect(pool.stats()).toMatchObject({ workersLost: 0 });
});

test('starts that fail are tried again', async () => {
  const attempts = join(openFolder(), 'attempts');
  const pool = openPool({ maxWorkers: 1, initialize: { fn: failTimes, args: [attempts, 2] } });
  await pool.warm();
  expect(pool.workers).toMatchObject([{ state: 'idle' }]);
  expect(pool.stats()).toMatchObject({ workersLost: 2, state: 'running' });
});

test('a worker that dies meanwhile is replaced', async () => {
  const pool = openPool({ maxWorkers: 2 });
  pool.on('workerReady', ({ workerId, pid }) => {
    if (workerId === 1) process.kill(pid ?? 0, 'SIGKILL');
  });
  await pool.warm(1);
  await pool.warm(2);
  expect(pool.workers.filter(({ state }) => state === 'idle').length).toBeGreaterThanOrEqual(1);
});

test('fewer are enough when fewer are allowed', async () => {
  const pool = openPool({ maxWorkers: 3, initialize: { fn: failTimes, args: [join(openFolder(), 'a'), 1] } });
  const warmed = pool.warm();
  pool.resize({ maxWorkers: 1 });
  await warmed;
  expect(pool.workers.filter(({ state }) => state === 'idle')).toHaveLength(1);
});

test('a pool that breaks or closes rejects, each caller with an error of its own', async () => {
  const breaking = openPool({
    maxWorkers: 1,
    restarts: { max: 0 },
    initialize: { fn: exitInInitialize, args: [7] },
  });
  const errors = await Promise.all([
    rejectionOf(breaking.warm(), PoolBrokenError),
    rejectionOf(breaking.warm(), PoolBrokenError),
  ]);
  expect(errors[0]).not.toBe(errors[1]);
  await rejectionOf(breaking.warm(), PoolBrokenError);

  const closing = openPool({ name: 'closing', maxWorkers: 2 });
  const warmed = rejectionOf(closing.warm(2), PoolClosedError);
  const closed = closing.close();
  const error = await warmed;
  expect(error.message).toMatch(/pool\.warm\(2\).*"closing" is closing/u);
  await closed;
  await rejectionOf(closing.warm(), PoolClosedError);

  const terminated = openPool({ maxWorkers: 1 });
  const never = rejectionOf(terminated.warm(), PoolClosedError);
  await terminated.terminate();
  await never;
});

test.each([[3], [0], [-1], [1.5], [NaN], ['2'], [null]])('%j is refused at the call', async (count) => {
  const error = await rejectionOf(openPool({ maxWorkers: 2 }).warm(count as number), InvalidOptionError);
  expect(error).toMatchObject({ option: 'count' });
  expect(error.message).toMatch(/from 1 to `maxWorkers`, which is 2/u);
});

test('the program stays alive for it, and no longer', async () => {
  const program = startProgram('warms.mjs', join(openFolder(), 'attempts'));
  expect(await program.nextLine()).toEqual(['idle']);
  expect(await program.ended).toBe(0);
});
