/** Where the adapter does what tinypool does not: crashes, values that cannot be sent, the end. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import {
  InvalidOptionError,
  NotSerializableError,
  PoolClosedError,
  QueueFullError,
  TaskTimeoutError,
  WorkerLostError,
} from 'troupe';
import { Tinypool } from 'troupe/compat/tinypool';
import { describe, expect, test } from 'vitest';
import { fixture, openTinypool } from '../../helpers/compat.ts';
import { openFolder } from '../../helpers/open-pool.ts';
import { survivorsOf } from '../../helpers/processes.ts';
import { rejectionOf, thrownBy } from '../../helpers/rejection-of.ts';
import { linesOf, openGate } from '../../helpers/with-folder.ts';

const call = (pool: Tinypool, name: string, task: unknown = null): Promise<unknown> =>
  pool.run(task, { name });

describe('a worker dies in a call', () => {
  test.each(['SIGKILL', 'SIGABRT'])('%s: that call alone rejects, and says why', async (signal) => {
    const pool = openTinypool({ maxThreads: 2, minThreads: 2 });
    const gate = join(openFolder(), 'gate');
    const [lost, other] = [call(pool, 'dies', signal), call(pool, 'waits', { gate, value: 'ended' })];
    const later = [1, 2, 3].map((value) => call(pool, 'echo', value));
    expect(await rejectionOf(lost, WorkerLostError)).toMatchObject({ signal, attempt: 1 });
    await openGate(gate);
    expect([await other, ...(await Promise.all(later))]).toEqual(['ended', 1, 2, 3]);
  });

  test.each([0, 7])('process.exit(%i) says the code', async (exitCode) => {
    const pool = openTinypool();
    expect(await rejectionOf(call(pool, 'exits', exitCode), WorkerLostError)).toMatchObject({ exitCode });
    expect(await call(pool, 'settings')).toMatchObject({ workerId: 1 });
  });

  test('more heap than `resourceLimits` give it', { timeout: 60_000 }, async () => {
    const pool = openTinypool({ resourceLimits: { maxOldGenerationSizeMb: 48 } });
    const error = await rejectionOf(call(pool, 'exhaustsHeap'), WorkerLostError);
    expect(error.likelyCause).toBe('out-of-memory');
  });

  test('200 calls, 20 of them exit(1), on 4 workers', { timeout: 60_000 }, async () => {
    const pool = openTinypool({ minThreads: 4, maxThreads: 4 });
    const calls = Array.from({ length: 200 }, (_, index) =>
      index % 10 === 3 ? call(pool, 'exits', 1) : call(pool, 'echo', index),
    );
    for (const [index, result] of (await Promise.allSettled(calls)).entries()) {
      if (index % 10 === 3) expect(result).toMatchObject({ status: 'rejected', reason: { exitCode: 1 } });
      else expect(result).toEqual({ status: 'fulfilled', value: index });
    }
    expect(pool.completed).toBe(200);
  });
});

describe('values', () => {
  test('cycles, big integers and maps travel', async () => {
    const value: { self?: unknown; map: Map<string, bigint> } = { map: new Map([['big', 2n ** 70n]]) };
    value.self = value;
    const echoed = (await call(openTinypool(), 'echo', value)) as typeof value;
    expect(echoed.self).toBe(echoed);
    expect(echoed.map).toEqual(value.map);
  });

  test('what cannot be sent rejects its call, with the way to it', async () => {
    const pool = openTinypool();
    const error = await rejectionOf(call(pool, 'echo', { deep: Promise.resolve() }), NotSerializableError);
    expect(error.path).toBe('argument 0.deep');
    expect(await call(pool, 'echo', 1)).toBe(1);
  });

  test('what is moved or transferred is copied, and stays usable', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const echoed: unknown = await openTinypool({ name: 'echo' }).run(Tinypool.move(bytes), {
      transferList: [bytes.buffer],
    });
    expect(echoed).toEqual(bytes);
    expect(bytes).toHaveLength(3);
  });

  test('a worker knows its number and the data of the pool', async () => {
    const options = { filename: fixture('knows-itself.mjs').href, workerData: { deep: new Date(0) } };
    expect(await openTinypool(options).run(null)).toEqual([1, { deep: new Date(0) }, false]);
    expect([Tinypool.workerData, Tinypool.isWorkerThread]).toEqual([undefined, false]);
  });

  test('a message that arrives before the handler listens waits for it', async () => {
    const pool = openTinypool();
    const messages: unknown[] = [];
    let closed = 0;
    const channel = {
      onMessage: (callback: (message: unknown) => void) => callback('early'),
      postMessage: (message: unknown) => messages.push(message),
      onClose: () => (closed += 1),
    };
    await pool.run({}, { name: 'answers', channel });
    expect(messages).toContainEqual({ received: 'early', response: 'Hello from worker' });
    await pool.destroy();
    expect(closed).toBe(1);
  });
});

describe('the end settles everything', () => {
  test('destroy, twice, with a worker in an endless loop and a teardown', async () => {
    const mark = join(openFolder(), 'mark');
    const pool = openTinypool({ teardown: 'bye', terminateTimeout: 100 });
    const errors = [call(pool, 'marksAndSpins', mark), call(pool, 'echo')].map((promise) =>
      rejectionOf(promise, PoolClosedError),
    );
    await expect.poll(() => linesOf(mark), { timeout: 20_000 }).toHaveLength(1);
    await Promise.all([pool.destroy(), pool.destroy(), ...errors]);
    expect(await survivorsOf((await linesOf(mark)).map(Number))).toEqual([]);
    await rejectionOf(call(pool, 'echo'), PoolClosedError);
    expect(pool.threads).toEqual([]);
  });

  test('a teardown that fails is told, and the worker is gone', async () => {
    const pool = new Tinypool({
      filename: fixture('handlers.mjs').href,
      teardown: 'failsToGo',
      minThreads: 1,
      maxThreads: 1,
    });
    const pid = Number(await call(pool, 'pid'));
    await expect(pool.destroy()).rejects.toThrow('will not go');
    expect(await survivorsOf([pid])).toEqual([]);
  });

  test('a teardown that does not end is told, and ended', async () => {
    const pool = new Tinypool({
      filename: fixture('handlers.mjs').href,
      teardown: 'spins',
      terminateTimeout: 100,
      minThreads: 1,
      maxThreads: 1,
    });
    const pid = Number(await call(pool, 'pid'));
    await rejectionOf(pool.destroy(), TaskTimeoutError);
    expect(await survivorsOf([pid])).toEqual([]);
  });

  test('a call that was aborted takes no other along', async () => {
    const pool = openTinypool({ concurrentTasksPerWorker: 4 });
    const controller = new AbortController();
    const mark = join(openFolder(), 'mark');
    const aborted = thrownBy(pool.run(mark, { name: 'marksAndSpins', signal: controller.signal }));
    const others = [1, 2, 3].map((value) => call(pool, 'later', value));
    await expect.poll(() => linesOf(mark), { timeout: 20_000 }).toHaveLength(1);
    controller.abort(new Error('enough'));
    expect(await aborted).toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
    expect(await Promise.all(others)).toEqual([1, 2, 3]);
  });

  test('a program that leaves its pool open ends by itself', () => {
    const program = `
      const { Tinypool } = require('troupe/compat/tinypool');
      const pool = new Tinypool({ filename: ${JSON.stringify(fixture('handlers.mjs').href)}, maxThreads: 1 });
      pool.run({ a: 1, b: 2 }).then(console.log);`;
    const { stdout, status } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
    expect([stdout, status]).toEqual(['3\n', 0]);
  });
});

test('idle workers above minThreads leave', async () => {
  const pool = openTinypool({ minThreads: 0, maxThreads: 1, idleTimeout: 1 });
  const pid = Number(await call(pool, 'pid'));
  expect(await survivorsOf([pid])).toEqual([]);
  await expect.poll(() => pool.threads, { timeout: 20_000 }).toEqual([]);
  expect(await call(pool, 'pid')).not.toBe(pid);
});

test('with no room at all, what cannot start at once is refused', async () => {
  const pool = openTinypool({ maxQueue: 0 });
  const gate = join(openFolder(), 'gate');
  const running = call(pool, 'waits', { gate, value: 'ended' });
  await rejectionOf(call(pool, 'echo'), QueueFullError);
  await openGate(gate);
  expect(await running).toBe('ended');
});

describe('wrong options', () => {
  test.each<[string, unknown, string]>([
    ['maxThreads', { maxThreads: 0 }, 'maxThreads'],
    ['a name that is wrong', { maxThread: 1 }, 'maxThreads'],
    ['taskQueue', { taskQueue: {} }, 'priority'],
    ['a file that is not absolute', { filename: './handlers.mjs' }, 'absolute path'],
  ])('%s', (_name, options, says) => {
    const make = (): Tinypool => new Tinypool(options as never);
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(says);
  });

  test('data that cannot be sent', () => {
    expect(() => new Tinypool({ workerData: Promise.resolve() })).toThrow(NotSerializableError);
  });

  test('a signal that is none', async () => {
    await rejectionOf(openTinypool().run(1, { signal: {} as never }), InvalidOptionError);
  });
});
