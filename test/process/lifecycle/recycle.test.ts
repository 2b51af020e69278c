/** Workers that are worn make way for others: between tasks, and when another is ready. */
import { join } from 'node:path';
import process from 'node:process';
import { type Pool, type WorkerInfo } from 'troupe';
import { expect, test } from 'vitest';
import { echo, workerPid } from '../../fixtures/life/answers.mjs';
import { echoesOnceThereIs, logs } from '../../fixtures/life/blocks.mjs';
import { keeps, rss } from '../../fixtures/life/grows.mjs';
import { failUnlessFirst } from '../../fixtures/jobs/starts.mjs';
import { nextEvent, openFolder, openPool, whenStarted } from '../../helpers/open-pool.ts';

const megabytes = 2 ** 20;

/** Runs tasks one after the other, and says in which processes. */
async function pidsOf(pool: Pool, count: number): Promise<number[]> {
  const pids: number[] = [];
  for (let left = count; left > 0; left -= 1) pids.push(await pool.submit(workerPid));
  return pids;
}

const countsIn = (pids: readonly number[]): number[] => {
  const counts = new Map<number, number>();
  for (const pid of pids) counts.set(pid, (counts.get(pid) ?? 0) + 1);
  return [...counts.values()];
};

test('none runs more tasks than it may, and no task notices', async () => {
  const pool = openPool({ maxWorkers: 2, recycle: { tasks: 7 } });
  const exits: string[] = [];
  pool.on('workerExited', ({ end }) => void exits.push(end));
  pool.on('workerLost', ({ end }) => void exits.push(`lost: ${end}`));
  const pids = await Promise.all(Array.from({ length: 100 }, () => pool.submit(workerPid)));
  expect(Math.max(...countsIn(pids))).toBeLessThanOrEqual(7);
  await pool.close();
  expect(new Set(exits)).toEqual(new Set(['recycled', 'stopped']));
  const recycled = exits.filter((end) => end === 'recycled').length;
  expect(recycled).toBeGreaterThanOrEqual(13);
  expect(pool.stats()).toMatchObject({ fulfilled: 100, workersLost: 0, workersRecycled: recycled });
});

test('each task has a process of its own with a limit of one', async () => {
  const pool = openPool({ recycle: { tasks: 1 } });
  const pids = await pidsOf(pool, 5);
  expect(new Set(pids).size).toBe(5);
});

test('a chunk of map is one task', async () => {
  const pool = openPool({ recycle: { tasks: 2 } });
  const pids = await pool.map(workerPid, Array.from({ length: 40 }), { chunkSize: 10 }).toArray();
  expect(countsIn(pids)).toEqual([20, 20]);
});

test('the replacement is ready before the worn one leaves', async () => {
  const pool = openPool({ recycle: { tasks: 20 } });
  const story: string[] = [];
  pool.on('workerReady', ({ workerId }) => void story.push(`${workerId} ready`));
  pool.on('workerExited', ({ workerId, end }) => void story.push(`${workerId} ${end}`));
  const replaced = nextEvent(pool, 'workerReady', ({ workerId }) => workerId === 2);
  await pidsOf(pool, 18);
  await replaced;
  expect(story).toEqual(['1 ready', '2 ready']);
  await nextEvent(pool, 'workerExited');
  expect(story).toEqual(['1 ready', '2 ready', '1 recycled']);
  expect(pool.workers.map(({ id, tasksDone }) => ({ id, tasksDone }))).toEqual([{ id: 2, tasksDone: 0 }]);
});

test('a worn one ends what it runs, beside its replacement', async () => {
  const pool = openPool({ recycle: { ageMs: 1 } });
  const gate = join(openFolder(), 'gate');
  const task = pool.submit(echoesOnceThereIs, gate, 'done');
  const pid = await whenStarted(pool, task);
  expect(await pool.submit(workerPid)).not.toBe(pid);
  expect(pool.workers.find((worker) => worker.pid === pid)).toMatchObject({ state: 'draining' });
  await openPool().submit(logs, gate, 'open');
  expect(await task).toBe('done');
});

test('one that holds too much memory is replaced, also when it is idle', async () => {
  const probe = openPool();
  const pool = openPool({ recycle: { rssBytes: (await probe.submit(rss)) + 64 * megabytes } });
  const first = await pool.submit(keeps, 1);
  expect(await pool.submit(keeps, megabytes)).toBe(first);
  const gone = nextEvent(pool, 'workerExited');
  expect(await pool.submit(keeps, 128 * megabytes)).toBe(first);
  expect(await gone).toMatchObject({ pid: first, end: 'recycled' });
  expect(await pool.submit(workerPid)).not.toBe(first);
});

test('one that grows is replaced, and its first task counts for nothing', async () => {
  const pool = openPool({ recycle: { rssGrowthBytes: 64 * megabytes } });
  const first = await pool.submit(keeps, 128 * megabytes);
  // Its answer may come before its report, whose end the next one waits for.
  for (let times = 0; times < 30; times += 1) expect(await pool.submit(workerPid)).toBe(first);
  const gone = nextEvent(pool, 'workerExited');
  await pool.submit(keeps, 128 * megabytes);
  expect(await gone).toMatchObject({ pid: first, end: 'recycled' });
});

test('a worn one goes on as long as its replacement cannot start', async () => {
  const attempts = join(openFolder(), 'attempts');
  const pool = openPool({
    restarts: { max: 0 },
    recycle: { tasks: 100 },
    initialize: { fn: failUnlessFirst, args: [attempts] },
  });
  const first = await pool.submit(workerPid);
  const failed = nextEvent(pool, 'workerLost');
  expect(new Set(await pidsOf(pool, 94))).toEqual(new Set([first]));
  expect(await failed).toMatchObject({ end: 'initializeFailed' });
  expect(pool.state).toBe('running');
  expect(await pool.submit(workerPid)).toBe(first);
});

test('one that dies before is no loss for its replacement', async () => {
  const pool = openPool({ recycle: { ageMs: 1 } });
  const ready = nextEvent(pool, 'workerReady', ({ workerId }) => workerId === 2);
  const started = nextEvent(pool, 'workerStarted', ({ workerId }) => workerId === 2);
  const pid = await pool.submit(workerPid);
  await started;
  process.kill(pid, 'SIGKILL');
  await ready;
  expect(await pool.submit(echo, 1)).toBe(1);
});

test('workers say how many tasks they have done', async () => {
  const pool = openPool();
  await pidsOf(pool, 3);
  expect(pool.workers).toMatchObject([{ tasksDone: 3 } satisfies Partial<WorkerInfo>]);
});
