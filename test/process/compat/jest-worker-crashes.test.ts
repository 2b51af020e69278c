/** Where the adapter does what jest-worker does not: crashes, values that cannot be sent, the end. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { InvalidOptionError, NotSerializableError, PoolClosedError, WorkerLostError } from 'troupe';
import { messageParent, Worker } from 'troupe/compat/jest-worker';
import { describe, expect, test } from 'vitest';
import { fixture, openFarm } from '../../helpers/compat.ts';
import { openFolder } from '../../helpers/open-pool.ts';
import { survivorsOf } from '../../helpers/processes.ts';
import { rejectionOf, thrownBy } from '../../helpers/rejection-of.ts';
import { openGate } from '../../helpers/with-folder.ts';

describe('a worker dies in a call', () => {
  test('that call alone rejects, and says why', async () => {
    const { call } = openFarm('farm.cjs', { maxRetries: 0 });
    const gate = join(openFolder(), 'gate');
    const [lost, other, ...later] = [
      call('dies', 'SIGKILL'),
      call('waits', gate),
      call('add', 1, 2),
      call('add', 3, 4),
      call('add', 5, 6),
    ];
    const error = await rejectionOf(lost, WorkerLostError);
    expect(error).toMatchObject({ signal: 'SIGKILL', likelyCause: 'killed', attempt: 1 });
    await openGate(gate);
    expect(await other).toBe('2');
    expect(await Promise.all(later)).toEqual([3, 7, 11]);
  });

  test(
    'every answer goes to its own call, whatever the calls beside it do',
    { timeout: 60_000 },
    async () => {
      const { call } = openFarm('farm.cjs', { numWorkers: 1, maxRetries: 0 });
      const calls = [3, 4, 5, 6, 7, 8, 9].map((value) =>
        value === 3 ? call('exits', 1) : call('later', value),
      );
      const settled = await Promise.allSettled(calls);
      expect(settled[0]).toMatchObject({ status: 'rejected', reason: { exitCode: 1 } });
      expect(settled.slice(1)).toEqual([4, 5, 6, 7, 8, 9].map((value) => ({ status: 'fulfilled', value })));
    },
  );

  test(
    'the call is run again, three times by default, and then says what happened',
    { timeout: 60_000 },
    async () => {
      const { call } = openFarm('farm.cjs');
      expect(await call('diesOnce', join(openFolder(), 'gate'), 'survived')).toBe('survived');
      expect(await rejectionOf(call('exits', 7), WorkerLostError)).toMatchObject({ attempt: 4, exitCode: 7 });
    },
  );

  test('the next worker in its place has its id, and runs `setup` anew', async () => {
    const { call } = openFarm('farm.cjs', { numWorkers: 1, maxRetries: 0, setupArgs: ['again'] });
    await thrownBy(call('exits', 0));
    expect(await call('settings')).toMatchObject({ id: '1', setUpWith: ['again'] });
  });
});

test('what computes the key, or the queue, and throws rejects the call', async () => {
  const computeWorkerKey = (): never => {
    throw new RangeError('no key');
  };
  await expect(openFarm('farm.cjs', { computeWorkerKey }).call('add', 1, 2)).rejects.toThrow('no key');
  const taskQueue = {
    enqueue: () => undefined,
    dequeue: () => ({ request: [1, false, 'add', []] }) as never,
  };
  const { call } = openFarm('farm.cjs', { taskQueue });
  await expect(call('add', 1, 2)).rejects.toThrow('a call that it was not given');
});

test('a worker that needs more heap than it may have says so', { timeout: 60_000 }, async () => {
  const resourceLimits = { maxOldGenerationSizeMb: 48 };
  const { call } = openFarm('farm.cjs', { maxRetries: 0, enableWorkerThreads: true, resourceLimits });
  const error = await rejectionOf(call('exhaustsHeap'), WorkerLostError);
  expect(error.likelyCause).toBe('out-of-memory');
});

describe('what cannot be sent', () => {
  test('an argument rejects its call, with the way to it', async () => {
    const { call } = openFarm('farm.cjs', { numWorkers: 1 });
    const error = await rejectionOf(
      call('later', { deep: { promise: Promise.resolve() } }),
      NotSerializableError,
    );
    expect(error.path).toBe('argument 0.deep.promise');
    expect(await call('add', 1, 2)).toBe(3);
  });

  test('arguments of `setup` are refused when the farm is made', () => {
    expect(() => openFarm('farm.cjs', { setupArgs: [Promise.resolve()] })).toThrow(NotSerializableError);
  });
});

describe('the end settles everything', () => {
  test('what runs is killed after a while, what waits is refused, and nothing is left', async () => {
    const { farm, call } = openFarm('farm.cjs', { numWorkers: 1, workerGracefulExitTimeout: 50 });
    const pid = Number(await call('pid'));
    const calls = [call('spins'), call('add', 1, 2)];
    const [settled, ends] = await Promise.all([
      Promise.allSettled(calls),
      Promise.all([farm.end(), farm.end()]),
    ]);
    for (const result of settled) {
      expect(result.status).toBe('rejected');
      expect(result).toHaveProperty('reason', expect.any(PoolClosedError));
    }
    expect(ends).toEqual([{ forceExited: true }, { forceExited: true }]);
    expect(await survivorsOf([pid])).toEqual([]);
    await rejectionOf(call('add', 1, 2), PoolClosedError);
  });

  test('a farm that ends while it starts', async () => {
    const { farm } = openFarm('farm.cjs');
    const [started, ended] = await Promise.allSettled([farm.start(), farm.end()]);
    expect(ended.status).toBe('fulfilled');
    if (started.status === 'rejected') expect(started.reason).toBeInstanceOf(PoolClosedError);
    await rejectionOf(farm.start(), PoolClosedError);
  });

  test('a program that leaves its farm open ends by itself', () => {
    const program = `
      const { Worker } = require('troupe/compat/jest-worker');
      const farm = new Worker(${JSON.stringify(fileURLToPath(fixture('farm.cjs')))}, { numWorkers: 1 });
      farm.add(1, 2).then(console.log);`;
    const { stdout, status } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
    expect([stdout, status]).toEqual(['3\n', 0]);
  });
});

test('as a bundler plugin uses it: text in, output piped, results by file', async () => {
  const { farm, call } = openFarm('minify.cjs', {
    numWorkers: 2,
    enableWorkerThreads: true,
    workerGracefulExitTimeout: 20_000,
  });
  const streams = [farm.getStdout(), farm.getStderr()];
  for (const stream of streams) stream.on('data', () => undefined);
  const inputs = Array.from({ length: 8 }, (_, index) => `var  a${index} = 1`);
  const results = await Promise.all(
    inputs.map((input, index) =>
      call(
        'transform',
        `{ name: 'file${index}.js', input: '${input}', minimizerOptions: { rounds: 2000, space: / /g } }`,
      ),
    ),
  );
  for (const [index, result] of results.entries())
    expect(result).toMatchObject({ name: `file${index}.js`, code: `vara${index}=1`, errors: [] });
  const ended = Promise.all(streams.map((stream) => once(stream, 'end')));
  expect(await farm.end()).toEqual({ forceExited: false });
  await ended;
});

describe('wrong options', () => {
  const file = fixture('farm.cjs');
  test.each<[string, unknown, string]>([
    ['numWorkers', { numWorkers: 0 }, 'numWorkers'],
    ['a name that is wrong', { numWorker: 1 }, 'numWorkers'],
    ['forkOptions.execPath', { forkOptions: { execPath: '/bin/false' } }, 'forkOptions.execPath'],
    ['WorkerPool', { WorkerPool: Map }, 'Leave it out'],
    ['taskQueue', { taskQueue: {} }, 'enqueue'],
    ['idleMemoryLimit', { idleMemoryLimit: -1 }, 'idleMemoryLimit'],
  ])('%s', (_name, options, says) => {
    const make = (): Worker => new Worker(file, options as never);
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(says);
  });

  test('a path that is not absolute', () => {
    expect(() => new Worker('./farm.cjs')).toThrow(/absolute path/u);
  });

  test('a file whose functions cannot be found here', async () => {
    expect(() => new Worker(fixture('awaits.mjs'))).toThrow(/exposedMethods/u);
    const { call } = openFarm('awaits.mjs', { exposedMethods: ['add', 'gone'] });
    expect(await call('add', 1, 2)).toBe(3);
    await expect(call('gone')).rejects.toThrow(/no method "gone".*It exports add/u);
  });

  test('a message of no call', () => {
    expect(() => messageParent(1)).toThrow(TypeError);
  });
});

test('messageParent() of the adapter reaches the caller', async () => {
  const promise = openFarm('tells.mjs').call('tells', { half: true });
  const messages: unknown[] = [];
  promise.UNSTABLE_onCustomMessage?.((message) => messages.push(message));
  expect(await promise).toBe('told');
  expect(messages).toEqual([{ half: true }]);
});

test('each message reaches the call that it was sent from, and no other of the same worker', async () => {
  const { call } = openFarm('tells.mjs', { numWorkers: 1 });
  const heard = await Promise.all(
    ['first', 'second', 'third'].map(async (message) => {
      const messages: unknown[] = [];
      const promise = call('tells', message);
      promise.UNSTABLE_onCustomMessage?.((told) => messages.push(told));
      await promise;
      return messages;
    }),
  );
  expect(heard).toEqual([['first'], ['second'], ['third']]);
});

test('what is thrown comes as it was thrown', async () => {
  const { call } = openFarm('throws.cjs');
  for (const thrown of [null, undefined, 'text', { a: 1 }])
    expect(await call('throws', thrown).catch((reason: unknown) => [reason])).toEqual([thrown]);
});

test('a function in a result is refused, with the way to it', async () => {
  const { call } = openFarm('throws.cjs');
  await expect(call('givesFunction')).rejects.toThrow(/result\.inner cannot be sent/u);
});
