/** What loky's tests ask of futures (125–130), as far as a promise does not answer it by itself. */
import {
  asCompleted,
  createPool,
  type Pool,
  type Task,
  TaskCancelledError,
  TaskTimeoutError,
  wait,
} from 'troupe';
import { describe, expect, test } from 'vitest';
import { add, echo } from '../fixtures/life/answers.mjs';
import { endsWhenAsked } from '../fixtures/life/blocks.mjs';
import { exits } from '../fixtures/life/dies.mjs';
import { throwsOrdinary } from '../fixtures/life/throws.mjs';
import { nextEvent, openPool, whenStarted } from '../helpers/open-pool.ts';
import { rejectionOf, thrownBy } from '../helpers/rejection-of.ts';

describe('125: wait', () => {
  test('FIRST_COMPLETED, also with one that has finished', async () => {
    const pool = openPool({ maxWorkers: 2, killGraceMs: 100 });
    const slow = pool.submit(endsWhenAsked);
    const quick = pool.submit(add, 1, 2);
    expect(await wait([slow, quick], { until: 'first' })).toEqual({ done: [quick], pending: [slow] });
    expect(await wait([slow, quick], { until: 'first' })).toEqual({ done: [quick], pending: [slow] });
  });

  test('FIRST_EXCEPTION: one that fails, none, and one that has failed', async () => {
    const pool = openPool({ maxWorkers: 2, killGraceMs: 100 });
    const slow = pool.submit(endsWhenAsked);
    const [value, failure] = [pool.submit(add, 1, 2), pool.submit(throwsOrdinary, 'x')];
    const until = 'firstError';
    expect(await wait([value, failure, slow], { until })).toEqual({
      done: [value, failure],
      pending: [slow],
    });
    expect(await wait([value], { until })).toEqual({ done: [value], pending: [] });
    expect(await wait([slow, failure], { until })).toEqual({ done: [failure], pending: [slow] });
  });

  test('ALL_COMPLETED, and a limit that parts them', async () => {
    const pool = openPool({ maxWorkers: 2, killGraceMs: 100 });
    const values = [pool.submit(add, 1, 2), pool.submit(add, 3, 4)];
    expect(await wait(values)).toEqual({ done: values, pending: [] });
    const slow = pool.submit(endsWhenAsked);
    expect(await wait([...values, slow], { timeoutMs: 50 })).toEqual({ done: values, pending: [slow] });
  });
});

test('126: as_completed: no limit, a limit of 0, duplicates once', async () => {
  const pool = openPool({ maxWorkers: 2, killGraceMs: 100 });
  const slow = pool.submit(endsWhenAsked);
  const quick = pool.submit(add, 1, 2);
  const seen: unknown[] = [];
  for await (const task of asCompleted([quick, quick])) seen.push(task);
  expect(seen).toEqual([quick]);
  const loop = async (): Promise<void> => {
    for await (const task of asCompleted([slow, quick], { timeoutMs: 0 })) seen.push(task);
  };
  await rejectionOf(loop(), TaskTimeoutError);
  expect(seen).toEqual([quick, quick]);
});

describe('127: map', () => {
  const items = Array.from({ length: 40 }, (_, index) => index);

  test.each([1, 6, 40, 50])('values in order, in chunks of %i', async (chunkSize) => {
    expect(
      await openPool()
        .map(echo<number>, items, { chunkSize })
        .toArray(),
    ).toEqual(items);
  });

  test('an error comes at its place, behind the values before it', async () => {
    const inverse = (item: number): number => {
      if (item === 3) throw new RangeError('three');
      return -item;
    };
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for await (const value of openPool().map(inverse, items)) seen.push(value);
    };
    expect((await rejectionOf(loop(), RangeError)).message).toBe('three');
    expect(seen).toEqual([-0, -1, -2]);
  });

  test('a limit of time: two values, and then the error', async () => {
    const pool = openPool({ maxWorkers: 2, killGraceMs: 100 });
    const waits = (ms: number): unknown => (ms === 0 ? 0 : new Promise(() => undefined));
    const seen: unknown[] = [];
    const loop = async (): Promise<void> => {
      for await (const value of pool.with({ timeoutMs: 300 }).map(waits, [0, 0, 5])) seen.push(value);
    };
    await rejectionOf(loop(), TaskTimeoutError);
    expect(seen).toEqual([0, 0]);
  });

  test('chunks of less than one are refused', () => {
    expect(() => openPool().map(echo, items, { chunkSize: -1 })).toThrow(/chunkSize/u);
  });
});

describe('128: callbacks', () => {
  test('on a result, an error and a cancellation, also when they have been', async () => {
    const pool = openPool();
    const ends = [pool.submit(add, 1, 2), pool.submit(throwsOrdinary, 'x'), pool.submit(add, 3, 4)];
    ends[2]?.cancel();
    for (let round = 0; round < 2; round += 1) {
      const told = ends.map((task) => task.then(String, (error: Error) => error.name));
      expect(await Promise.all(told)).toEqual(['3', 'RangeError', 'AbortError']);
    }
  });

  test('one that throws is its own rejection; the next still runs', async () => {
    const task = openPool().submit(add, 1, 2);
    const broken = task.then(() => {
      throw new TypeError('in a callback');
    });
    const next = task.then((sum) => sum + 1);
    await rejectionOf(broken, TypeError);
    expect(await next).toBe(4);
  });
});

describe('129: cancel', () => {
  type Started = (pool: Pool) => Promise<{ readonly task: Task<unknown> }>;

  const started = async (pool: Pool, task: Task<unknown>): Promise<{ task: Task<unknown> }> => {
    await whenStarted(pool, task);
    return { task };
  };
  const ended = async (task: Task<unknown>): Promise<{ task: Task<unknown> }> => {
    await wait([task]);
    return { task };
  };

  test.for<[when: string, before: Task<unknown>['state'], after: Task<unknown>['state'], start: Started]>([
    ['waits', 'queued', 'cancelled', async (pool) => ({ task: pool.submit(add, 1, 2) })],
    ['runs', 'running', 'cancelled', (pool) => started(pool, pool.submit(endsWhenAsked))],
    ['waits for another attempt', 'queued', 'cancelled', retrying],
    ['is handed over', 'queued', 'cancelled', handedOver],
    ['has a value', 'fulfilled', 'fulfilled', (pool) => ended(pool.submit(add, 1, 2))],
    ['has failed', 'rejected', 'rejected', (pool) => ended(pool.submit(throwsOrdinary, 'x'))],
    ['was lost', 'rejected', 'rejected', (pool) => ended(pool.submit(exits, 1))],
  ])('a task that %s', async ([, before, after, start]) => {
    const pool = openPool({ killGraceMs: 15_000 });
    const { task } = await start(pool);
    expect(task.state).toBe(before);
    task.cancel('first');
    task.cancel('second');
    expect(task.state).toBe(after);
    const error = after === 'fulfilled' ? null : await thrownBy(task);
    expect(error instanceof TaskCancelledError).toBe(after === 'cancelled');
    if (error instanceof TaskCancelledError) expect(error.cause).toBe('first');
    expect(await pool.submit(add, 3, 4)).toBe(7);
  });

  async function retrying(pool: Pool): Promise<{ task: Task<unknown> }> {
    const retried = nextEvent(pool, 'taskRetried');
    const task = pool.with({ retries: { times: 9, backoffMs: 600_000 } }).submit(throwsOrdinary, 'x');
    await retried;
    return { task };
  }

  /** A free worker gets it at once, and has not been heard of it yet. */
  async function handedOver(pool: Pool): Promise<{ task: Task<unknown> }> {
    await pool.submit(echo, 1);
    const task = pool.submit(echo, 1);
    expect(pool.workers).toMatchObject([{ state: 'busy', tasks: [] }]);
    return { task };
  }

  test('a stream that runs: its reader hears of the end of its pool, not of a hang', async () => {
    const pool = createPool({ maxWorkers: 1, stdio: 'ignore' });
    const stopped = new AbortController();
    const endless = function* endless(): Generator<number> {
      for (let value = 0; ; value += 1) yield value;
    };
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for await (const value of pool.with({ signal: stopped.signal }).stream(endless)) {
        seen.push(value);
        if (value === 40) stopped.abort('enough');
      }
    };
    expect(await thrownBy(loop())).toMatchObject({ name: 'AbortError', cause: 'enough' });
    expect(seen.slice(0, 41)).toEqual(Array.from({ length: 41 }, (_, index) => index));
    await pool.close();
  });
});

test('130: a result with a limit of 0: nothing, an error, a value', async () => {
  const pool = openPool({ maxWorkers: 2, killGraceMs: 100 });
  const [pending, failed, value] = [
    pool.submit(endsWhenAsked),
    pool.submit(throwsOrdinary, 'x'),
    pool.submit(add, 1, 2),
  ];
  await wait([failed, value]);
  const { done } = await wait([pending, failed, value], { timeoutMs: 0 });
  expect(done).toEqual([failed, value]);
  const waiting = wait([pending]);
  pending.cancel();
  expect((await waiting).done).toEqual([pending]);
  await rejectionOf(pending, TaskCancelledError);
});
