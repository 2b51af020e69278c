/** What tinypool's documentation says, asked of tinypool itself, with processes, and of the adapter. */
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import type { Tinypool } from 'troupe/compat/tinypool';
import { describe, expect, test } from 'vitest';
import { fixture, tinypools } from '../../helpers/compat.ts';
import { openFolder } from '../../helpers/open-pool.ts';
import { thrownBy } from '../../helpers/rejection-of.ts';
import { linesOf, openGate } from '../../helpers/with-folder.ts';

const call = (pool: Tinypool, name: string, task: unknown = null): Promise<unknown> =>
  pool.run(task, { name });

/** Resolves when the pool has no more calls that wait than this. */
async function drained(pool: Tinypool): Promise<void> {
  if (pool.queueSize > 0) await once(pool, 'drain');
}

describe.each(tinypools)('%s: run', (_name, open) => {
  test('calls the default export, or the one that is named', async () => {
    const pool = open();
    expect(await pool.run({ a: 4, b: 6 })).toBe(10);
    expect(await call(pool, 'later', 'kept')).toBe('kept');
    expect(pool.completed).toBe(2);
  });

  test('`name` can be an option of the pool', async () => {
    expect(await open({ name: 'echo' }).run('kept')).toBe('kept');
  });

  test('`filename` can be an option of run, as a URL or a path, of a CommonJS file too', async () => {
    const pool = open({ filename: null });
    const filename = fixture('handlers.cjs').href;
    expect(await pool.run(1, { filename })).toBe('default 1');
    expect(await pool.run(1, { filename: fixture('whole.cjs').pathname })).toBe('whole 1');
    expect(await pool.run(1, { filename, name: 'named' })).toBe('named 1');
  });

  test('an export may be the promise of a handler', async () => {
    expect(await call(open(), 'ready', 'it')).toBe('ready for it');
  });

  test('rejects without a file, and without a handler', async () => {
    await expect(open({ filename: null }).run(1)).rejects.toThrow(/file/u);
    const error = await thrownBy(call(open(), 'missing'));
    expect(error).toMatchObject({ message: expect.stringMatching(/handler function "missing"/u) as string });
  });

  test('rejects with what the handler throws', async () => {
    const error = await thrownBy(call(open(), 'fails', 'not this way'));
    expect(error).toMatchObject({ name: 'TypeError', message: 'not this way', code: 'E_FAILED' });
  });

  test('`channel` carries messages both ways', async () => {
    const pool = open();
    let toWorker: ((message: unknown) => void) | undefined;
    const messages: unknown[] = [];
    const postMessage = (message: unknown): void => {
      messages.push(message);
      if (message === 'ready') toWorker?.('Hello from main process');
    };
    await pool.run(
      {},
      { name: 'answers', channel: { onMessage: (callback) => (toWorker = callback), postMessage } },
    );
    expect(messages).toEqual([
      'ready',
      { received: 'Hello from main process', response: 'Hello from worker' },
    ]);
  });

  test('a signal ends a call that runs, one that waits, and one that has not begun', async () => {
    const pool = open();
    const controller = new AbortController();
    const { signal } = controller;
    const mark = join(openFolder(), 'mark');
    const calls = [pool.run(mark, { name: 'marksAndSpins', signal }), pool.run(1, { name: 'echo', signal })];
    const errors = Promise.all(calls.map(thrownBy));
    await expect.poll(() => linesOf(mark), { timeout: 20_000 }).toHaveLength(1);
    controller.abort();
    for (const error of [...(await errors), await thrownBy(pool.run(1, { signal }))])
      expect(error).toMatchObject({ name: 'AbortError' });
    expect(await call(pool, 'echo', 'next')).toBe('next');
  });

  test('a signal may be an emitter', async () => {
    const pool = open();
    const signal = new EventEmitter();
    const running = pool.run(null, { name: 'spins', signal });
    const error = thrownBy(running);
    signal.emit('abort');
    expect(await error).toMatchObject({ name: 'AbortError' });
  });
});

describe.each(tinypools)('%s: options', (_name, open) => {
  test('env, argv and execArgv reach the worker, and it knows its number', async () => {
    const pool = open({ env: { MINE: 'yes' }, argv: ['one', 'two'], execArgv: ['--no-warnings'] });
    expect(await call(pool, 'settings')).toEqual({
      mine: 'yes',
      argv: ['one', 'two'],
      execArgv: ['--no-warnings'],
      workerId: 1,
      isTinypoolWorker: true,
      isChildProcess: true,
    });
  });

  test('a part of the CPUs; the least and the most may not conflict', () => {
    const { options } = open({ minThreads: 0.5, maxThreads: 0.9 });
    expect(Number.isSafeInteger(options.minThreads) && options.minThreads >= 1).toBe(true);
    expect(options.maxThreads).toBeGreaterThanOrEqual(options.minThreads);
    expect(() => open({ minThreads: 4, maxThreads: 1 })).toThrow(RangeError);
  });

  test('the defaults', () => {
    const { options } = open({ name: undefined });
    expect(options).toMatchObject({ maxQueue: Infinity, concurrentTasksPerWorker: 1, idleTimeout: 0 });
    expect(open({ maxQueue: 'auto', maxThreads: 3 }).options.maxQueue).toBe(9);
  });

  test('maxQueue refuses what is too much', async () => {
    const pool = open({ maxQueue: 1 });
    await call(pool, 'echo');
    const gate = join(openFolder(), 'gate');
    const calls = [call(pool, 'waits', { gate, value: 1 }), call(pool, 'echo', 2)];
    await expect(call(pool, 'echo', 3)).rejects.toThrow(/queue|limit/u);
    expect(pool.queueSize).toBe(1);
    await openGate(gate);
    expect(await Promise.all(calls)).toEqual([1, 2]);
  });

  test('concurrentTasksPerWorker', async () => {
    const pool = open({ concurrentTasksPerWorker: 2 });
    const gate = join(openFolder(), 'gate');
    const waiting = call(pool, 'waits', { gate, value: 'first' });
    expect(await call(pool, 'echo', 'second')).toBe('second');
    await openGate(gate);
    expect(await waiting).toBe('first');
  });

  test('maxThreads workers run at a time, each with its own number', async () => {
    const pool = open({ minThreads: 2, maxThreads: 2 });
    const gate = join(openFolder(), 'gate');
    const calls = [1, 2, 3].map((value) => call(pool, 'waits', { gate, value }));
    expect(pool.threads).toHaveLength(2);
    expect(pool.queueSize).toBe(1);
    await openGate(gate);
    expect(await Promise.all(calls)).toEqual([1, 2, 3]);
    await drained(pool);
  });

  test('isolateWorkers gives each call a new worker', async () => {
    const pool = open({ isolateWorkers: true });
    const pids = [await call(pool, 'pid'), await call(pool, 'pid'), await call(pool, 'pid')];
    expect(new Set(pids).size).toBe(3);
  });

  test('maxMemoryLimitBeforeRecycle replaces a worker that has grown', async () => {
    const pool = open({ maxMemoryLimitBeforeRecycle: 1 });
    const first = await call(pool, 'pid');
    expect(await call(pool, 'pid')).not.toBe(first);
    const lasting = open({ maxMemoryLimitBeforeRecycle: 2 ** 40 });
    expect(await call(lasting, 'pid')).toBe(await call(lasting, 'pid'));
  });

  test('teardown is called before a worker leaves', async () => {
    const log = join(openFolder(), 'log');
    const pool = open({ teardown: 'bye', env: { LOG: log } });
    await call(pool, 'echo');
    await pool.recycleWorkers();
    await call(pool, 'echo');
    await pool.destroy();
    expect(await linesOf(log)).toEqual(['bye', 'bye']);
  });
});

describe.each(tinypools)('%s: the pool', (_name, open) => {
  test('recycleWorkers replaces them', async () => {
    const pool = open();
    const first = await call(pool, 'pid');
    await pool.recycleWorkers();
    expect(await call(pool, 'pid')).not.toBe(first);
  });

  test('recycleWorkers lets what runs end', async () => {
    const pool = open();
    const gate = join(openFolder(), 'gate');
    const first = await call(pool, 'pid');
    const running = call(pool, 'waits', { gate, value: 'ended' });
    const recycled = pool.recycleWorkers();
    await openGate(gate);
    expect(await running).toBe('ended');
    await recycled;
    expect(await call(pool, 'pid')).not.toBe(first);
  });

  test('cancelPendingTasks rejects what waits; what runs ends', async () => {
    const pool = open();
    await call(pool, 'echo');
    const gate = join(openFolder(), 'gate');
    const [running, waiting] = [call(pool, 'waits', { gate, value: 'ended' }), call(pool, 'echo')];
    pool.cancelPendingTasks();
    expect(await thrownBy(waiting)).toMatchObject({ name: 'CancelError' });
    await openGate(gate);
    expect(await running).toBe('ended');
    expect(await call(pool, 'echo', 'next')).toBe('next');
  });

  test('destroy rejects what runs and what waits', async () => {
    const pool = open();
    await call(pool, 'echo');
    const errors = [call(pool, 'spins'), call(pool, 'echo')].map(thrownBy);
    await pool.destroy();
    for (const error of await Promise.all(errors)) expect(error).toBeInstanceOf(Error);
  });

  test('threads are its processes', async () => {
    const pool = open();
    const pid = await call(pool, 'pid');
    expect(pool.threads).toMatchObject([{ runtime: 'child_process', threadId: pid }]);
    expect(pool.duration).toBeGreaterThan(0);
  });
});
