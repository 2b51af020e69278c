/** What a pool tells those who listen comes in order and is complete, and what it counts adds up. */
import { join } from 'node:path';
import { type Pool, type PoolEvents, type PoolStats, type Task } from 'troupe';
import { expect, test } from 'vitest';
import { add } from '../../fixtures/life/answers.mjs';
import { echoesOnceThereIs, logs, spins } from '../../fixtures/life/blocks.mjs';
import { exits, exitsOrEchoes } from '../../fixtures/life/dies.mjs';
import { throwsOrdinary } from '../../fixtures/life/throws.mjs';
import { nextEvent, openFolder, openPool, whenStarted } from '../../helpers/open-pool.ts';

type Told = { readonly [Name in keyof PoolEvents]: readonly [Name, PoolEvents[Name]] }[keyof PoolEvents];

const names = [
  'stateChanged',
  'taskStarted',
  'taskRetried',
  'taskSettled',
  'workerStarted',
  'workerReady',
  'workerLost',
  'workerExited',
] as const;

function listen(pool: Pool): Told[] {
  const told: Told[] = [];
  for (const name of names) pool.on(name, (event) => told.push([name, event] as Told));
  return told;
}

const namesOf = (told: readonly Told[]): string[] => told.map(([name]) => name);

test('events in order of a life without incidents', async () => {
  const pool = openPool();
  const told = listen(pool);
  const task = pool.submit(add, 1, 2);
  await task;
  await pool.close();
  const of = { taskId: task.id, name: 'add', attempt: 1 };
  expect(told).toMatchObject([
    ['workerStarted', { workerId: 1, pid: expect.any(Number) as number }],
    ['workerReady', { workerId: 1, pid: expect.any(Number) as number }],
    ['taskStarted', { ...of, workerId: 1 }],
    ['taskSettled', { ...of, outcome: 'fulfilled' }],
    ['stateChanged', { state: 'draining' }],
    ['workerExited', { workerId: 1, end: 'stopped', exitCode: 0, signal: null, lostTasks: [] }],
    ['stateChanged', { state: 'closed' }],
  ]);
});

test('events in order of a crash', async () => {
  const pool = openPool();
  const told = listen(pool);
  const task = pool.submit(exits, 7);
  await task.catch(() => undefined);
  const lost = { workerId: 1, end: 'died', exitCode: 7, signal: null, lostTasks: [task.id] };
  expect(told).toMatchObject([
    ['workerStarted', { workerId: 1 }],
    ['workerReady', { workerId: 1 }],
    ['taskStarted', { taskId: task.id, attempt: 1, workerId: 1 }],
    ['workerLost', lost],
    ['workerExited', lost],
    ['taskSettled', { taskId: task.id, attempt: 1, outcome: 'lost' }],
  ]);
});

test('events in order of two retries', async () => {
  const pool = openPool();
  const told = listen(pool);
  const retrying = pool.with({ name: 'stubborn', retries: { times: 2, on: 'error' } });
  await retrying.submit(throwsOrdinary, 'again').catch(() => undefined);
  const ofTask = told.filter(([name]) => name.startsWith('task'));
  const error = { message: 'again' };
  expect(ofTask).toMatchObject([
    ['taskStarted', { name: 'stubborn', attempt: 1 }],
    ['taskRetried', { name: 'stubborn', attempt: 1, error }],
    ['taskStarted', { name: 'stubborn', attempt: 2 }],
    ['taskRetried', { name: 'stubborn', attempt: 2, error }],
    ['taskStarted', { name: 'stubborn', attempt: 3 }],
    ['taskSettled', { name: 'stubborn', attempt: 3, outcome: 'rejected' }],
  ]);
});

test('events in order of a pool that breaks', async () => {
  const pool = openPool({ cwd: join(openFolder(), 'missing'), restarts: { max: 0 } });
  const told = listen(pool);
  await pool.submit(add, 1, 2).catch(() => undefined);
  expect(namesOf(told)).toContain('workerLost');
  expect(told).toContainEqual(['stateChanged', { state: 'broken' }]);
  expect(told.find(([name]) => name === 'taskSettled')?.[1]).toMatchObject({
    attempt: 0,
    outcome: 'broken',
  });
  await pool.close();
  expect(told.at(-1)).toEqual(['stateChanged', { state: 'closed' }]);
});

test('a listener is not called after it has left', async () => {
  const pool = openPool();
  let calls = 0;
  const off = pool.on('taskSettled', () => {
    calls += 1;
  });
  await pool.submit(add, 1, 2);
  off();
  await pool.submit(add, 1, 2);
  expect(calls).toBe(1);
});

test(
  'every start, settlement and exit is told once, in a storm of crashes',
  { timeout: 60_000 },
  async () => {
    const pool = openPool({ maxWorkers: 3 });
    const told = listen(pool);
    const tasks = Array.from({ length: 60 }, (_, index) =>
      pool.submit(exitsOrEchoes<number>, index % 6 === 0, index),
    );
    await Promise.allSettled(tasks);
    await pool.close();
    const ids = tasks.map(({ id }) => id).toSorted();
    const idsOf = (wanted: 'taskStarted' | 'taskSettled'): string[] =>
      told.flatMap(([name, event]) => (name === wanted ? [event.taskId] : [])).toSorted();
    const workersOf = (wanted: 'workerStarted' | 'workerExited'): number[] =>
      told.flatMap(([name, event]) => (name === wanted ? [event.workerId] : [])).toSorted((a, b) => a - b);
    expect(idsOf('taskStarted')).toEqual(ids);
    expect(idsOf('taskSettled')).toEqual(ids);
    expect(workersOf('workerExited')).toEqual(workersOf('workerStarted'));
    expect(namesOf(told).filter((name) => name === 'workerLost')).toHaveLength(10);
  },
);

/** Every task that was submitted is somewhere. */
function expectToAddUp(stats: PoolStats): void {
  const { fulfilled, rejected, cancelled, lost, waiting, running, submitted } = stats;
  expect(fulfilled + rejected + cancelled + lost + waiting + running, JSON.stringify(stats)).toBe(submitted);
}

test('numbers add up at every event of a mixed life', { timeout: 60_000 }, async () => {
  const pool = openPool({ maxWorkers: 2, killGraceMs: 20 });
  const seen: PoolStats[] = [];
  for (const name of ['workerReady', 'workerExited', 'taskStarted', 'taskSettled'] as const) {
    pool.on(name, () => seen.push(pool.stats()));
  }
  const endless = pool.submit(spins);
  const tasks: Task<unknown>[] = [endless];
  for (let index = 0; index < 10; index += 1) {
    tasks.push(pool.submit(add, index, 1), pool.submit(exits, 1), pool.submit(throwsOrdinary, 'no'));
  }
  const settled = Promise.allSettled(tasks);
  tasks.at(-3)?.cancel();
  await whenStarted(pool, endless);
  endless.cancel();
  seen.push(pool.stats());
  await settled;
  await pool.close();
  for (const stats of seen) {
    expectToAddUp(stats);
    expect([0, 1, 2]).toContain(stats.running);
  }
  expect(pool.stats()).toMatchObject({
    ...{ state: 'closed', workers: 0, idleWorkers: 0, waiting: 0, running: 0 },
    ...{ submitted: 31, fulfilled: 9, rejected: 10, cancelled: 2, lost: 10, retried: 0 },
  });
});

test('numbers add up while tasks run and wait', async () => {
  const pool = openPool({ maxWorkers: 2 });
  const gate = join(openFolder(), 'gate');
  const running = [pool.submit(echoesOnceThereIs, gate, 1), pool.submit(echoesOnceThereIs, gate, 2)];
  const waiting = Array.from({ length: 5 }, () => pool.submit(add, 1, 2));
  await Promise.all(running.map((task) => whenStarted(pool, task)));
  expect(pool.stats()).toMatchObject({ workers: 2, idleWorkers: 0, submitted: 7, running: 2, waiting: 5 });
  await openPool().submit(logs, gate, 'open');
  await Promise.all([...running, ...waiting]);
  expect(pool.stats()).toMatchObject({ workers: 2, idleWorkers: 2, running: 0, waiting: 0, fulfilled: 7 });
});

test('numbers add up with tasks that were refused', async () => {
  const pool = openPool({ maxQueue: 1 });
  const endless = pool.submit(spins);
  await whenStarted(pool, endless);
  const tasks = Array.from({ length: 5 }, () => pool.submit(add, 1, 2));
  tasks.push(pool.with({ signal: AbortSignal.abort() }).submit(add, 1, 2));
  const settled = Promise.allSettled([endless, ...tasks]);
  expectToAddUp(pool.stats());
  await pool.terminate();
  await settled;
  await pool.submit(add, 1, 2).catch(() => undefined);
  expectToAddUp(pool.stats());
});

test('numbers add up with retries', async () => {
  const pool = openPool();
  const retried = pool.with({ retries: 2 }).submit(exits, 1);
  await nextEvent(pool, 'taskRetried');
  expectToAddUp(pool.stats());
  await retried.catch(() => undefined);
  expect(pool.stats()).toMatchObject({ submitted: 1, lost: 1, retried: 2, workersLost: 3 });
});
