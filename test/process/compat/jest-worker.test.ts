/** What jest-worker's documentation says, asked of jest-worker itself and of the adapter. */
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import * as original from 'jest-worker';
import { FifoQueue, PriorityQueue, type QueuedCall, type TaskQueue } from 'troupe/compat/jest-worker';
import { describe, expect, test } from 'vitest';
import { farms } from '../../helpers/compat.ts';
import { openFolder } from '../../helpers/open-pool.ts';
import { thrownBy } from '../../helpers/rejection-of.ts';
import { linesOf, openGate } from '../../helpers/with-folder.ts';

/** A busy machine takes its time. */
const patient = { workerGracefulExitTimeout: 20_000 };

describe.each(farms)('%s: methods', (_name, open) => {
  test('of a CommonJS file are found, but for those that begin with an underscore', async () => {
    const { farm, call } = open('farm.cjs');
    expect(await call('add', 1, 2)).toBe(3);
    expect(Object.keys(farm)).toContain('add');
    expect(Object.keys(farm)).not.toContain('_hidden');
    expect(Object.keys(farm)).not.toContain('notAFunction');
  });

  test('may be asynchronous, and return anything with a `then`', async () => {
    const { call } = open('farm.cjs');
    expect(await call('later', 'kept')).toBe('kept');
    expect(await call('thenable', 'kept')).toBe('kept');
  });

  test('of an ES module', async () => {
    const { call } = open('farm.mjs', { setupArgs: ['ready'] });
    expect(await call('hello', 'Alice')).toBe('Hello, Alice');
    expect(await call('whatIsReady')).toBe('ready');
    expect(await call('default', 'file')).toBe('whole file');
  });

  test('a file that is one function has the method `default`', async () => {
    const { call } = open('whole.cjs');
    expect(await call('default', 'file')).toBe('whole file');
    expect(await call('part', 'file')).toBe('part file');
  });

  test('of a transpiled file, its default export included', async () => {
    const { call } = open('transpiled.cjs');
    expect(await call('default', 'export')).toBe('default export');
    expect(await call('named', 'export')).toBe('named export');
  });

  test('are those in `exposedMethods`, if it is given', async () => {
    const { call } = open('farm.cjs', { exposedMethods: ['add', '_hidden'] });
    expect(await call('add', 1, 2)).toBe(3);
    expect(() => call('later')).toThrow('no method');
    expect(() => call('_hidden')).toThrow('no method');
  });

  test('cannot be called like a method of the farm', () => {
    expect(() => open('reserved.cjs')).toThrow(/end/u);
  });

  test('have the exports as `this`', async () => {
    expect(await open('farm.cjs').call('self')).toBe(true);
  });

  test('return maps, sets and big integers', async () => {
    expect(await open('farm.cjs').call('map')).toEqual(new Map([['key', new Set([1n])]]));
  });

  test('fail with their own error: class, message and fields', async () => {
    const { call } = open('farm.cjs');
    const error = await thrownBy(call('fails', 'not this way'));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: 'not this way', code: 'E_FAILED', extra: { deep: 1 } });
    await expect(call('rejects', 'too far')).rejects.toThrow('too far');
  });
});

describe.each(farms)('%s: workers', (_name, open) => {
  test('have ids from 1, and take calls in turns', async () => {
    const { farm, call } = open('farm.cjs');
    await farm.start();
    const ids = [await call('workerId'), await call('workerId'), await call('workerId')];
    expect(ids).toEqual(['1', '2', '1']);
  });

  test('in order, the first idle one takes the call', async () => {
    const { call } = open('farm.cjs', { workerSchedulingPolicy: 'in-order' });
    expect([await call('workerId'), await call('workerId')]).toEqual(['1', '1']);
  });

  test('a key binds calls to the worker that took the first; null binds none', async () => {
    const { call } = open('farm.cjs', {
      computeWorkerKey: (method, key) => (method === 'count' ? String(key) : null),
    });
    const gate = join(openFolder(), 'gate');
    expect(await call('count', 'a')).toBe(1);
    const free = [call('waits', gate), call('waits', gate)];
    const bound = [call('count', 'a'), call('count', 'a')];
    await openGate(gate);
    expect(await Promise.all(bound)).toEqual([2, 3]);
    expect(new Set(await Promise.all(free))).toEqual(new Set(['1', '2']));
  });

  test('run `setup` with `setupArgs` before their first call, and `start()` runs it at once', async () => {
    const { farm, call } = open('farm.cjs', { setupArgs: ['a', { b: 1 }] });
    await farm.start();
    expect(await call('settings')).toMatchObject({ setUpWith: ['a', { b: 1 }] });
    const lazy = open('farm.cjs', { setupArgs: ['a'] }).call;
    expect(await lazy('settings')).toMatchObject({ setUpWith: ['a'] });
  });

  test('whose `setup` fails reject the call, and `start()`', async () => {
    const { farm } = open('farm.cjs', { setupArgs: ['refuse'] });
    await expect(farm.start()).rejects.toThrow('Error when calling setup: no database here');
    const { call } = open('farm.cjs', { setupArgs: ['refuse'] });
    await expect(call('add', 1, 2)).rejects.toThrow('Error when calling setup: no database here');
  });

  test('run `teardown` when the farm ends', async () => {
    const log = join(openFolder(), 'log');
    const env = { ...process.env, FARM_LOG: log };
    // With an environment of one's own, jest-worker leaves the id to its user.
    const { farm, call } = open('farm.cjs', {
      ...patient,
      numWorkers: 1,
      forkOptions: { env: { ...env, JEST_WORKER_ID: '1' } },
    });
    await call('add', 1, 2);
    expect(await farm.end()).toEqual({ forceExited: false });
    expect(await linesOf(log)).toEqual(['teardown of 1']);
  });

  test('have the working directory, flags and variables of `forkOptions`', async () => {
    const cwd = openFolder();
    const execArgv = ['--no-warnings'];
    const { call } = open('farm.cjs', {
      forkOptions: { cwd, execArgv, env: { ...process.env, MINE: 'yes' } },
    });
    expect(await call('settings')).toMatchObject({ cwd, mine: 'yes', execArgv });
  });

  test('are replaced after each call with an `idleMemoryLimit` of 0', async () => {
    const { call } = open('farm.cjs', { numWorkers: 1, idleMemoryLimit: 0 });
    const first = await call('pid');
    expect(await call('workerId')).toBe('1');
    expect(await call('pid')).not.toBe(first);
  });

  test('write to the streams of the farm', async () => {
    const { farm, call } = open('farm.cjs');
    const output = Promise.all([once(farm.getStdout(), 'data'), once(farm.getStderr(), 'data')]);
    await call('writes', 'here');
    expect(String(await output)).toBe('out here\n,err here\n');
  });

  test('send messages to those who listen to the call', async () => {
    const { call } = open('farm.cjs');
    const messages: unknown[] = [];
    const promise = call('tells', { half: true });
    const off = promise.UNSTABLE_onCustomMessage?.((message) => messages.push(message));
    expect(await promise).toBe('told');
    expect(messages).toEqual([{ half: true }]);
    expect(off).toBeTypeOf('function');
  });
});

describe.each(farms)('%s: the end', (_name, open) => {
  test('no call can be made after it', async () => {
    const { farm, call } = open('farm.cjs', patient);
    expect(await farm.end()).toEqual({ forceExited: false });
    await expect((async () => call('add', 1, 2))()).rejects.toThrow(/end/u);
  });

  test('a worker that does not end by itself is forced to', async () => {
    const { farm, call } = open('farm.cjs', { numWorkers: 1 });
    await call('add', 1, 2);
    call('spins').catch(() => undefined);
    expect(await farm.end()).toEqual({ forceExited: true });
  });
});

describe('queues', () => {
  const call = (priority: number, name: string): QueuedCall => ({ request: [1, false, name, [priority]] });
  const priorityOf = (_method: string, ...args: unknown[]): number => Number(args[0]);

  const take = (queue: TaskQueue, worker: number): string | null => {
    const taken = queue.dequeue(worker);
    if (taken === null) return null;
    taken.request[1] = true;
    return taken.request[2];
  };

  /** Plays the same random moves, and writes down what is taken. */
  function play(queue: TaskQueue): unknown[] {
    let state = 7;
    const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    return Array.from({ length: 2_000 }, (_, step) => {
      const worker = random(3);
      if (random(2) === 0) return take(queue, worker);
      queue.enqueue(call((step * 7919) % 4001, `call ${step}`), random(2) === 0 ? worker : undefined);
      return undefined;
    });
  }

  test('take calls in the order of jest-worker', () => {
    expect(play(new FifoQueue())).toEqual(play(new original.FifoQueue() as unknown as TaskQueue));
    const theirs = new original.PriorityQueue(priorityOf) as unknown as TaskQueue;
    expect(play(new PriorityQueue(priorityOf))).toEqual(play(theirs));
  });

  test('with equal priorities, first come is first served', () => {
    const queue = new PriorityQueue(priorityOf);
    for (const name of 'abcdefgh') queue.enqueue(call(1, name));
    expect([...'abcdefgh'].map(() => queue.dequeue(0)?.request[2])).toEqual([...'abcdefgh']);
    expect(queue.dequeue(0)).toBeNull();
  });

  test.each(farms)('%s: a queue of priorities decides what a worker takes next', async (_name, open) => {
    const queue = new PriorityQueue((method, word) => (method === 'later' ? String(word).length : 0));
    const { call: methods } = open('farm.cjs', { numWorkers: 1, taskQueue: queue });
    const gate = join(openFolder(), 'gate');
    const ended: unknown[] = [];
    const note = (value: unknown): number => ended.push(value);
    const calls = [
      methods('waits', gate),
      methods('later', 'long').then(note),
      methods('later', 'a').then(note),
      methods('later', 'bb').then(note),
    ];
    await openGate(gate);
    await Promise.all(calls);
    expect(ended).toEqual(['a', 'bb', 'long']);
  });
});
