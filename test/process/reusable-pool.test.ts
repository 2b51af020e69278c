/**
 * The pool that a process shares: what loky's tests ask of its reusable executor (36, 74, 78–88, 97, 98), and
 * what is promised beyond.
 */
import { join } from 'node:path';
import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  getReusablePool,
  InvalidOptionError,
  NotSerializableError,
  type Pool,
  PoolClosedError,
  type ReusablePoolOptions,
  WorkerLostError,
} from 'troupe';
import { expect, onTestFinished, test } from 'vitest';
import { add, echoAfter, workerPid } from '../fixtures/life/answers.mjs';
import { echoesOnceThereIs, endsWhenAsked, logs, spins } from '../fixtures/life/blocks.mjs';
import { recall, remember } from '../fixtures/jobs/starts.mjs';
import { nextEvent, openFolder, openPool, whenStarted } from '../helpers/open-pool.ts';
import { survivorsOf } from '../helpers/processes.ts';
import { rejectionOf } from '../helpers/rejection-of.ts';

const warnings: string[] = [];
process.on('warning', ({ message }) => void warnings.push(message));

/** The shared pool. When the test has ended nothing of it is left, and Node had nothing to warn about. */
function share(options: ReusablePoolOptions = {}): Pool {
  const pool = getReusablePool({ stdio: 'ignore', ...options });
  const pids = new Set<number>();
  pool.on('workerStarted', ({ pid }) => void pids.add(pid ?? 0));
  onTestFinished(async () => {
    await pool.terminate();
    expect(await survivorsOf([...pids]), 'children that survive their pool').toEqual([]);
    expect(warnings, 'warnings of this process').toEqual([]);
  });
  return pool;
}

const gateIn = (folder: string): { readonly path: string; open(): Promise<unknown> } => {
  const path = join(folder, 'gate');
  return { path, open: () => openPool().submit(logs, path, 'open') };
};

/** Resolves when a pool has no worker. */
async function whenEmpty(pool: Pool): Promise<void> {
  while (pool.workers.length > 0) await nextEvent(pool, 'workerExited');
}

test('36: it is resized while a task runs, and a worker is killed', async () => {
  const pool = share({ maxWorkers: 1 });
  const lost = pool.submit(spins);
  const pid = await whenStarted(pool, lost);
  expect(share({ maxWorkers: 2 })).toBe(pool);
  process.kill(pid, 'SIGKILL');
  expect(await rejectionOf(lost, WorkerLostError)).toMatchObject({ signal: 'SIGKILL' });
  expect(await share({ maxWorkers: 2 }).submit(add, 40, 2)).toBe(42);
  expect(share({ maxWorkers: 2 })).toBe(pool);
});

test('74: other options while a task runs that never ends, and the old pool is terminated', async () => {
  const before = share({ maxWorkers: 1 });
  const endless = before.submit(spins);
  await whenStarted(before, endless);
  const rejected = rejectionOf(endless, PoolClosedError);
  const after = share({ maxWorkers: 1, env: { ...process.env, OTHER: '1' } });
  await Promise.all([before.terminate(), rejected]);
  expect(after).not.toBe(before);
  expect(await after.submit(add, 40, 2)).toBe(42);
});

test('78: it is made smaller while a task runs: nothing waits, and one old worker stays', async () => {
  const pool = share({ maxWorkers: 2 });
  const gate = gateIn(openFolder());
  const running = [1, 2].map((value) => pool.submit(echoesOnceThereIs, gate.path, value));
  const pids = await Promise.all(running.map((task) => whenStarted(pool, task)));
  const gone = nextEvent(pool, 'workerExited');
  expect(share({ maxWorkers: 1 })).toBe(pool);
  expect(running[0]?.state).toBe('running');
  await gate.open();
  expect(await Promise.all(running)).toEqual([1, 2]);
  expect(await gone).toMatchObject({ end: 'stopped' });
  expect(pids).toContain(await pool.submit(workerPid));
});

test('79: the same size again is the same pool, and the same worker', async () => {
  const pid = await share({ maxWorkers: 2 }).submit(workerPid);
  const pool = share({ maxWorkers: 2 });
  await pool.warm(1);
  expect(pool.workers.map((worker) => worker.pid)).toContain(pid);
  expect(pool.workers).toHaveLength(1);
});

test('80: a larger size adds a worker, and the old one stays', async () => {
  const pool = share({ maxWorkers: 1 });
  await pool.warm();
  const [old] = pool.workers;
  await share({ maxWorkers: 2 }).warm();
  expect(pool.workers.map(({ pid }) => pid)).toContain(old?.pid);
  expect(pool.workers).toHaveLength(2);
});

test.each([
  ['81', false, false],
  ['82', false, true],
  ['83', true, false],
  ['84', true, true],
])('%s: many sizes in a row, with tasks that nobody waits for', async (_, isTerminated, isRotated) => {
  const tasks: Promise<unknown>[] = [];
  let expected = 0;
  for (const [index, maxWorkers] of [12, 2, 1, 12, 6, 1, 8, 5].entries()) {
    const name = isRotated ? `sizes-${index % 2}` : 'sizes';
    const pool = share({ maxWorkers, name });
    for (let count = 0; count < 6; count += 1) {
      const task = pool.submit(echoAfter<number>, 10, count);
      tasks.push(task.catch((error: unknown) => error));
    }
    if (isTerminated) void pool.terminate();
    else expected += 6;
  }
  const results = await Promise.all(tasks);
  expect(results.filter((result) => typeof result === 'number')).toHaveLength(expected);
  expect(await share({ maxWorkers: 2 }).submit(add, 40, 2)).toBe(42);
});

test('85: sizes change under an idle timeout of 1 ms', async () => {
  for (const maxWorkers of [2, 8, 2]) {
    const pool = share({ maxWorkers, idleTimeoutMs: 1 });
    expect(await pool.submit(add, 40, 2)).toBe(42);
    await whenEmpty(pool);
  }
});

test('86: all workers leave when they are idle, and come again', async () => {
  const pool = share({ maxWorkers: 4, idleTimeoutMs: 10 });
  for (let round = 0; round < 5; round += 1) {
    const tasks = Array.from({ length: 8 }, (_, index) => pool.submit(echoAfter<number>, 1, index));
    expect(await Promise.all(tasks)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await whenEmpty(pool);
  }
  expect(pool.stats()).toMatchObject({ fulfilled: 40, workersLost: 0 });
});

test('87: it is the same until it is closed or broken', async () => {
  const pool = share({ maxWorkers: 1 });
  expect(share({ maxWorkers: 1 })).toBe(pool);
  const terminated = pool.terminate();
  // It has not been announced yet, but it takes nothing any more.
  const second = share({ maxWorkers: 1 });
  expect(second).not.toBe(pool);
  await terminated;
  expect(share({ maxWorkers: 1 })).toBe(second);
  const task = second.submit(endsWhenAsked);
  const closed = second.close({ drain: false });
  const third = share({ maxWorkers: 1 });
  expect(third).not.toBe(second);
  task.cancel();
  await Promise.all([closed, rejectionOf(task, Error)]);
  await third.close();
  expect(share({ maxWorkers: 1 })).not.toBe(third);
  const breaking = { maxWorkers: 1, restarts: { max: 0 }, cwd: '/nonexistent' };
  const broken = share(breaking);
  await rejectionOf(broken.submit(add, 1, 2), Error);
  expect(broken.state).toBe('broken');
  expect(share(breaking)).not.toBe(broken);
});

test('88: what is not given is the default, and only another size is the same pool', async () => {
  const three = share({ maxWorkers: 3, idleTimeoutMs: 42_000 });
  const plain = share();
  expect(plain).not.toBe(three);
  expect(share()).toBe(plain);
  expect(share({ maxWorkers: 3, idleTimeoutMs: 10_000 })).toBe(plain);
  expect(share({ name: 'reusable', task: {} })).toBe(plain);
  expect(share({ task: { priority: 1 } })).not.toBe(plain);
  await plain.close();
});

test('97: one caller holds it while another rotates it', async () => {
  const held = share({ maxWorkers: 1 });
  share({ maxWorkers: 1, env: { ...process.env, OTHER: '1' } });
  expect(await held.submit(add, 40, 2)).toBe(42);
  await whenEmpty(held);
  expect(await held.submit(add, 40, 2)).toBe(42);
  expect(held.state).toBe('running');
});

test('98: each of many callers rotates it, twice', async () => {
  for (let round = 0; round < 2; round += 1) {
    const answers = Array.from({ length: 20 }, async (_, index) => {
      const pool = share({ maxWorkers: 1, env: { ...process.env, CALLER: String(index) } });
      await nextTurn();
      return pool.submit(add, index, 1);
    });
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  }
});

test('a released pool ends what it has, keeps nobody, and runs what is still submitted', async () => {
  const held = share({ maxWorkers: 2, minWorkers: 2, name: 'first' });
  await held.warm();
  const gate = gateIn(openFolder());
  const running = held.submit(echoesOnceThereIs, gate.path, 'ran');
  await whenStarted(held, running);
  const gone = nextEvent(held, 'workerExited');
  share({ maxWorkers: 1, name: 'second' });
  expect(await gone).toMatchObject({ end: 'stopped' });
  expect(held.workers).toHaveLength(1);
  await gate.open();
  expect(await running).toBe('ran');
  await whenEmpty(held);
  expect(await held.map(workerPid, [1, 2, 3]).toArray()).toHaveLength(3);
  await held.warm();
  await whenEmpty(held);
  held.resize({ minWorkers: 1 });
  expect(await held.submit(add, 1, 2)).toBe(3);
  await whenEmpty(held);
  expect(held.stats()).toMatchObject({ state: 'running', workersLost: 0 });
});

test.each([0, 1])('idle exits after %i ms race with submits, and nothing is lost', async (idleTimeoutMs) => {
  const pool = share({ maxWorkers: 2, idleTimeoutMs });
  for (let round = 0; round < 30; round += 1) {
    const count = 1 + (round % 3);
    const tasks = Array.from({ length: count }, (_, index) => pool.submit(add, round, index));
    expect(await Promise.all(tasks)).toEqual(tasks.map((_, index) => round + index));
    for (let turn = 0; turn < round % 7; turn += 1) await nextTurn();
  }
  expect(pool.stats()).toMatchObject({ rejected: 0, lost: 0, workersLost: 0 });
});

test('pools of different keys have nothing to do with each other', async () => {
  const plain = share({ maxWorkers: 1 });
  const mine = share({ maxWorkers: 1, key: 'my-lib' });
  const other = share({ maxWorkers: 1, key: 'other-lib' });
  expect(new Set([plain, mine, other]).size).toBe(3);
  expect([plain.name, mine.name, other.name]).toEqual(['reusable', 'my-lib', 'other-lib']);
  await mine.close();
  expect(share({ maxWorkers: 1, key: 'other-lib' })).toBe(other);
  expect(share({ maxWorkers: 1 })).toBe(plain);
  expect(share({ maxWorkers: 1, key: 'my-lib' })).not.toBe(mine);
});

test('what initializes it is compared by what is in it, and functions by identity', async () => {
  const file = join(openFolder(), 'trace');
  const values = ['a', new Date(0), new Uint8Array([1])];
  const initialize = { fn: remember, args: [file, ...values] };
  const pool = share({ maxWorkers: 1, initialize });
  expect(await pool.submit(recall)).toEqual(values);
  expect(
    share({
      maxWorkers: 1,
      initialize: { fn: remember, args: [file, 'a', new Date(0), new Uint8Array([1])] },
    }),
  ).toBe(pool);
  expect(share({ maxWorkers: 1, initialize: { fn: recall, args: [] } })).not.toBe(pool);
  const again = share({ maxWorkers: 1, initialize });
  // What the caller does to it later is another option.
  initialize.args.push('b');
  const changed = share({ maxWorkers: 1, initialize });
  expect(changed).not.toBe(again);
  expect(await changed.submit(recall)).toEqual([...values, 'b']);
  const signals = [new AbortController().signal, new AbortController().signal];
  expect(share({ task: { signal: signals[0] } })).not.toBe(share({ task: { signal: signals[1] } }));
});

test('wrong options are refused, and the pool that was there stays', () => {
  const pool = share({ maxWorkers: 1 });
  const refused = (options: unknown): string => {
    try {
      getReusablePool(options as ReusablePoolOptions);
    } catch (error) {
      if (error instanceof InvalidOptionError || error instanceof NotSerializableError) return error.message;
    }
    return 'not refused';
  };
  expect(refused({ key: '' })).toMatch(
    /getReusablePool\(\): the option `key` is '', but it must be a string/u,
  );
  expect(refused({ keys: 'x' })).toMatch(/Did you mean `key`\?/u);
  expect(refused(null)).toMatch(/getReusablePool\(\): got null/u);
  expect(refused({ maxWorkers: 0 })).toMatch(/`maxWorkers` is 0/u);
  expect(refused({ initialize: { fn: add, args: [new Promise(() => {})] } })).not.toBe('not refused');
  expect(share({ maxWorkers: 1 })).toBe(pool);
});
