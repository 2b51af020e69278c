/** However a worker's process ends, its task says how, and the next task runs in a new process. */
import process from 'node:process';
import { type Pool, type PoolOptions, type WorkerLostError as Loss, WorkerLostError } from 'troupe';
import { describe, expect, test } from 'vitest';
import {
  abort,
  exhaustHeap,
  exit,
  exitAfter,
  overflowStack,
  reallyExit,
  rejectUnhandled,
  signalSelf,
  throwFromTimer,
  throwLater,
  throwOddFromTimer,
} from '../../fixtures/jobs/dies.mjs';
import { add, processId } from '../../fixtures/jobs/plain.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { withPool } from '../../helpers/with-pool.ts';

/** The error of a task that takes its process with it. The pool goes on in another one. */
function lossOf(start: (pool: Pool) => PromiseLike<unknown>, options: PoolOptions = {}): Promise<Loss> {
  return withPool(options, async (pool) => {
    const before = await pool.submit(processId);
    const task = start(pool);
    const error = await rejectionOf(task, WorkerLostError);
    expect(error).toMatchObject({ pid: before, workerId: 1, attempt: 1 });
    expect(error.taskId).toBe(Reflect.get(task, 'id'));
    expect(await pool.submit(processId)).not.toBe(before);
    expect(pool.stats()).toMatchObject({ lost: 1, workersLost: 1, running: 0, waiting: 0 });
    return error;
  });
}

test.each([
  ['process.exit(0) in the middle', exit, 0, 'exit'],
  ['process.exit(7)', exit, 7, 'exit'],
  ['process.reallyExit(5)', reallyExit, 5, 'exit'],
] as const)('%s', async (_what, fn, exitCode, likelyCause) => {
  const error = await lossOf((pool) => pool.submit(fn, exitCode));
  expect(error).toMatchObject({ exitCode, signal: null, likelyCause });
  expect(error.message).toMatch(/process\.exit\(\)/u);
});

test('process.abort()', async () => {
  const error = await lossOf((pool) => pool.submit(abort));
  expect(error).toMatchObject({ exitCode: null, signal: 'SIGABRT', likelyCause: 'native-crash' });
});

test.each([
  ['SIGSEGV', 'native-crash'],
  ['SIGKILL', 'killed'],
  ['SIGTERM', 'killed'],
])('%s', async (signal, likelyCause) => {
  const error = await lossOf((pool) => pool.submit(signalSelf, signal));
  expect(error).toMatchObject({ exitCode: null, signal, likelyCause });
});

test('an exception in a timer during the task is the cause', async () => {
  const error = await lossOf((pool) => pool.submit(throwFromTimer));
  expect(error).toMatchObject({ exitCode: 1, likelyCause: 'exit' });
  expect(error.cause).toBeInstanceOf(TypeError);
  expect(error.cause).toMatchObject({ message: 'thrown by a timer', code: 'E_TIMER' });
  expect(error.stderrTail).toContain('thrown by a timer');
});

test('something odd thrown in a timer ends the process all the same', async () => {
  expect(await lossOf((pool) => pool.submit(throwOddFromTimer))).toMatchObject({ likelyCause: 'exit' });
});

test('an unhandled rejection during the task is the cause', async () => {
  const error = await lossOf((pool) => pool.submit(rejectUnhandled));
  expect(error.cause).toBeInstanceOf(RangeError);
  expect(error.cause).toMatchObject({ message: 'nobody awaits this' });
});

test('an exhausted heap is named as such', async () => {
  const error = await lossOf((pool) => pool.submit(exhaustHeap), { execArgv: ['--max-old-space-size=48'] });
  expect(error.likelyCause).toBe('out-of-memory');
  expect(error.message).toContain('resourceLimits: { maxOldGenerationSizeMb }');
});

test('an exhausted stack is an ordinary error', () =>
  withPool({}, async (pool) => {
    const before = await pool.submit(processId);
    const error = await rejectionOf(pool.submit(overflowStack), RangeError);
    expect(error.message).toMatch(/call stack/u);
    expect(await pool.submit(processId)).toBe(before);
  }));

test('a process that ends after its task costs nobody anything', () =>
  withPool({}, async (pool) => {
    const lost = new Promise((resolve) => {
      pool.on('workerLost', resolve);
    });
    expect(await pool.submit(throwLater)).toBe('returned');
    expect(await lost).toMatchObject({ workerId: 1, exitCode: 1, lostTasks: [] });
    expect(await pool.submit(add, 1, 2)).toBe(3);
    expect(pool.stats()).toMatchObject({ lost: 0, rejected: 0 });
  }));

describe('every loss is an error of its own', () => {
  test('tasks that run in one process', () =>
    withPool({ concurrency: 3 }, async (pool) => {
      await pool.submit(add, 1, 2);
      const tasks = [1, 2, 3].map(() => pool.submit(exitAfter, 4, 20));
      const errors = await Promise.all(tasks.map((task) => rejectionOf(task, WorkerLostError)));
      expect(new Set(errors).size).toBe(3);
      expect(errors.map((error) => error.taskId)).toEqual(tasks.map((task) => task.id));
      expect(await pool.submit(add, 1, 2)).toBe(3);
    }));

  test('tasks that have not begun go on elsewhere, and nobody notices', () =>
    withPool({}, async (pool) => {
      const doomed = pool.submit(exit, 1);
      const others = Array.from({ length: 20 }, (_, index) => pool.submit(add, index, 1));
      await rejectionOf(doomed, WorkerLostError);
      expect(await Promise.all(others)).toEqual(others.map((_, index) => index + 1));
      expect(pool.stats().lost).toBe(1);
    }));

  test('ten processes, one after the other', () =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      for (let round = 0; round < 10; round += 1) {
        await rejectionOf(pool.submit(exit, round), WorkerLostError);
      }
      expect(await pool.submit(add, 1, 2)).toBe(3);
      expect(pool.state).toBe('running');
    }));
});

test('a pool whose idle worker is killed goes on', () =>
  withPool({}, async (pool) => {
    const pid = await pool.submit(processId);
    const exited = new Promise((resolve) => {
      pool.on('workerExited', resolve);
    });
    process.kill(pid, 'SIGKILL');
    expect(await exited).toMatchObject({ pid, signal: 'SIGKILL', lostTasks: [] });
    expect(await pool.submit(processId)).not.toBe(pid);
  }));
