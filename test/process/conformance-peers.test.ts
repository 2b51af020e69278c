/**
 * What other process pools were broken with: one test for each way, on a pool of one worker unless it says
 * more.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { NestingError, NotSerializableError, TaskCancelledError, WorkerLostError } from 'troupe';
import { describe, expect, test } from 'vitest';
import {
  add,
  echo,
  echoAfter,
  isCycle,
  objectWithFunction,
  promiseOf,
  workerPid,
} from '../fixtures/life/answers.mjs';
import { echoesOnceThereIs, logs, spins } from '../fixtures/life/blocks.mjs';
import { diesOf, exhaustsHeap, exits, exitsOrEchoes } from '../fixtures/life/dies.mjs';
import { addsInPoolOfItsOwn, nests } from '../fixtures/life/nests.mjs';
import { throwsUndefined, throwsWithFields } from '../fixtures/life/throws.mjs';
import { startProgram } from '../helpers/life-programs.ts';
import { openFolder, openPool, whenStarted } from '../helpers/open-pool.ts';
import { survivorsOf } from '../helpers/processes.ts';
import { rejectionOf, thrownBy } from '../helpers/rejection-of.ts';

const isLinux = process.platform === 'linux';

describe('a task ends its process, and the pool serves on', () => {
  test.each([7, 0])('process.exit(%i)', async (exitCode) => {
    const pool = openPool();
    const [error, sum] = await Promise.all([thrownBy(pool.submit(exits, exitCode)), pool.submit(add, 1, 2)]);
    expect(error).toBeInstanceOf(WorkerLostError);
    expect(error).toMatchObject({ exitCode, signal: null, likelyCause: 'exit', attempt: 1 });
    expect(sum).toBe(3);
  });

  test.each([
    ['SIGKILL', 'killed'],
    ['SIGABRT', 'native-crash'],
    ['SIGTERM', 'killed'],
  ] as const)('%s', async (signal, likelyCause) => {
    const pool = openPool();
    const [error, sum] = await Promise.all([thrownBy(pool.submit(diesOf, signal)), pool.submit(add, 1, 2)]);
    expect(error).toBeInstanceOf(WorkerLostError);
    expect(error).toMatchObject({ exitCode: null, signal, likelyCause });
    expect(sum).toBe(3);
  });

  test('it runs out of heap', { timeout: 60_000 }, async () => {
    const pool = openPool({ execArgv: ['--max-old-space-size=48'] });
    const [error, sum] = await Promise.all([thrownBy(pool.submit(exhaustsHeap)), pool.submit(add, 1, 2)]);
    expect(error).toBeInstanceOf(WorkerLostError);
    expect(error).toMatchObject({
      likelyCause: 'out-of-memory',
      message: expect.stringContaining('maxOldGenerationSizeMb') as string,
    });
    expect(sum).toBe(3);
  });

  test('200 tasks, 20 of them exit(1), on 4 workers', { timeout: 60_000 }, async () => {
    const pool = openPool({ maxWorkers: 4 });
    const crashes = (index: number): boolean => index % 10 === 3;
    const tasks = Array.from({ length: 200 }, (_, index) =>
      pool.submit(exitsOrEchoes<string>, crashes(index), `answer ${index}`),
    );
    const settled = await Promise.allSettled(tasks);
    for (const [index, result] of settled.entries()) {
      if (!crashes(index)) expect(result).toEqual({ status: 'fulfilled', value: `answer ${index}` });
      else
        expect(result).toMatchObject({
          status: 'rejected',
          reason: { taskId: tasks[index]?.id, exitCode: 1 },
        });
    }
    expect(pool.stats()).toMatchObject({ fulfilled: 180, lost: 20, rejected: 0, workersLost: 20 });
  });
});

test('the module of a task throws when it is imported', async () => {
  const pool = openPool();
  const broken = pool.module<{ neverLoads(): void }>(
    new URL('../fixtures/life/throws-at-load.mjs', import.meta.url),
  );
  const pid = await pool.submit(workerPid);
  const error = await thrownBy(broken.neverLoads());
  expect(error).toMatchObject({
    name: 'RangeError',
    message: expect.stringContaining('not configured') as string,
  });
  expect(await pool.submit(workerPid)).toBe(pid);
});

describe('what is sent', () => {
  test('a function in an argument arrives, and is refused in the result, with its path', async () => {
    const pool = openPool();
    const secret = (): number => 1;
    const error = await rejectionOf(pool.submit(echo, { deep: { callback: secret } }), NotSerializableError);
    expect(error.path).toContain('deep.callback');
    expect(await pool.submit(add, 1, 2)).toBe(3);
  });

  test('a cycle arrives as a cycle, and comes back as one', async () => {
    const pool = openPool();
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(await pool.submit(isCycle, cycle)).toBe(true);
    const returned = await pool.submit(echo<typeof cycle>, cycle);
    expect(returned.self).toBe(returned);
  });

  test('a result with a function is refused with its path', async () => {
    const pool = openPool();
    const error = await rejectionOf(pool.submit(objectWithFunction), NotSerializableError);
    expect(error.path).toContain('deep.callback');
    expect(await pool.submit(add, 1, 2)).toBe(3);
  });

  test('a BigInt', async () => {
    expect(await openPool().submit(echo<object>, { big: 2n ** 100n })).toEqual({ big: 2n ** 100n });
  });
});

describe('what is thrown', () => {
  test('undefined', async () => {
    const pool = openPool();
    const [settled] = await Promise.allSettled([pool.submit(throwsUndefined)]);
    expect(settled).toEqual({ status: 'rejected', reason: undefined });
    expect(await pool.submit(add, 1, 2)).toBe(3);
  });

  test('an error with fields of its own', async () => {
    const error = await thrownBy(openPool().submit(throwsWithFields));
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({
      name: 'RangeError',
      message: 'too far',
      code: 'E_FAR',
      extra: { distance: 12n },
    });
    expect((error as Error).cause).toBeInstanceOf(TypeError);
    expect((error as Error).cause).toMatchObject({ message: 'the deeper reason' });
  });
});

test('a signal aborts an endless loop', async () => {
  const pool = openPool({ killGraceMs: 20 });
  const controller = new AbortController();
  const task = pool.with({ signal: controller.signal }).submit(spins);
  await whenStarted(pool, task);
  controller.abort(new Error('enough'));
  const error = await rejectionOf(task, TaskCancelledError);
  expect(error).toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
  expect(await pool.submit(add, 1, 2)).toBe(3);
});

test('close with one task running and one waiting: both end well', async () => {
  const pool = openPool();
  const gate = join(openFolder(), 'gate');
  const tasks = [pool.submit(echoesOnceThereIs, gate, 'running'), pool.submit(echo, 'waiting')] as const;
  await whenStarted(pool, tasks[0]);
  const closed = pool.close();
  await openPool().submit(logs, gate, 'open');
  expect(await Promise.all(tasks)).toEqual(['running', 'waiting']);
  await closed;
  expect(pool.state).toBe('closed');
});

test.skipIf(!isLinux)(
  'a stopped idle worker is replaced, and its task runs in the next',
  { timeout: 60_000 },
  async () => {
    const pool = openPool();
    const pid = await pool.submit(workerPid);
    process.kill(pid, 'SIGSTOP');
    expect(await pool.submit(workerPid)).not.toBe(pid);
    expect(pool.stats()).toMatchObject({ lost: 0, workersLost: 1 });
  },
);

test.skipIf(!isLinux)('close with a stopped worker ends', { timeout: 60_000 }, async () => {
  const pool = openPool({ killGraceMs: 50 });
  const pid = await pool.submit(workerPid);
  process.kill(pid, 'SIGSTOP');
  await pool.close();
  expect(await survivorsOf([pid])).toEqual([]);
});

test.skipIf(!isLinux).each(['busy', 'idle'])(
  'the parent of a child that is %s is SIGKILLed',
  async (role) => {
    const program = startProgram('family.mjs', 'wait', openFolder(), role);
    const children = await program.nextLine<number[]>();
    process.kill(program.pid, 'SIGKILL');
    expect(children).toHaveLength(1);
    expect(await survivorsOf(children)).toEqual([]);
  },
);

test('a program that leaves its pool open ends by itself, but not before its task', async () => {
  const gate = join(openFolder(), 'gate');
  const program = startProgram('leaves-pool-open.mjs', gate);
  expect(await program.nextLine()).toBe('pending');
  expect(existsSync(gate)).toBe(false);
  await openPool().submit(logs, gate, 'open');
  const report = await program.nextLine<{ value: string; workers: number[] }>();
  expect(report.value).toBe('completed');
  expect(await program.ended).toBe(0);
  if (isLinux) expect(await survivorsOf(report.workers)).toEqual([]);
});

describe('pools in workers', () => {
  test('a task makes a pool, uses it and closes it', async () => {
    expect(await openPool().submit(addsInPoolOfItsOwn, 1, 2)).toBe(3);
  });

  test('as deep as allowed', { timeout: 60_000 }, async () => {
    expect(await openPool().submit(nests, 2, 3)).toBe(2);
  });

  test('deeper than allowed', { timeout: 60_000 }, async () => {
    const error = await rejectionOf(openPool().submit(nests, 3, 3), NestingError);
    expect(error.message).toContain('maxDepth');
  });
});

test('a function that returns a promise without being async', async () => {
  expect(await openPool().submit(promiseOf<string>, 'kept')).toBe('kept');
  expect(await openPool().submit(echoAfter<string>, 1, 'kept')).toBe('kept');
});
