/** Streams: generators in a worker, at the pace of their reader, and cleaned up however they end. */
import { NotSerializableError, PoolClosedError, WorkerLostError } from 'troupe';
import { describe, expect, test } from 'vitest';
import {
  countMade,
  endless,
  endlessLater,
  exitAfter,
  failAfter,
  notAGenerator,
  numbers,
  numbersLater,
  numbersPromised,
  stuckAfter,
  yieldFunctionThird,
} from '../../fixtures/jobs/generators.mjs';
import { add, processId } from '../../fixtures/jobs/plain.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { linesOf, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

/** A worker is at most this far ahead of the reader. */
const ahead = 16;

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

/** Reads to the end or the error, and keeps what came before. */
async function readAll<Value>(stream: AsyncIterable<Value>): Promise<{ values: Value[]; error?: unknown }> {
  const values: Value[] = [];
  try {
    for await (const value of stream) values.push(value);
  } catch (error) {
    return { values, error };
  }
  return { values };
}

describe('reads to the end', () => {
  test.each([
    ['a generator', numbers],
    ['an async generator', numbersLater],
    ['a promise of a generator', numbersPromised],
  ])('%s', (_what, fn) =>
    withPool({}, async (pool) => {
      for (const last of [0, 1, 15, 16, 17, 200]) {
        expect(await readAll(pool.stream(fn, last))).toEqual({ values: upTo(last) });
      }
      expect(pool.stats()).toMatchObject({ running: 0, waiting: 0, workersLost: 0 });
    }),
  );

  test('of several streams in one process, read in turns', () =>
    withPool({ concurrency: 3 }, async (pool) => {
      const streams = await Promise.all([50, 60, 70].map((last) => readAll(pool.stream(numbersLater, last))));
      expect(streams.map(({ values }) => values.length)).toEqual([50, 60, 70]);
    }));
});

test('the generator is never more than 16 values ahead', () =>
  withFolder((folder) =>
    withPool({ concurrency: 2 }, async (pool) => {
      const stream = pool.stream(endless, `${folder}/trace`);
      let taken = 0;
      let furthest = 0;
      for await (const value of stream) {
        taken += 1;
        expect(value).toBe(taken);
        const lead = (await pool.submit(countMade)) - taken;
        expect(lead).toBeLessThanOrEqual(ahead);
        furthest = Math.max(furthest, lead);
        if (taken === 100) break;
      }
      expect(furthest).toBeGreaterThanOrEqual(ahead / 2);
    }),
  ));

describe('leaving the loop runs `finally` in the worker, which goes on', () => {
  test.each([
    ['a generator', endless],
    ['an async generator', endlessLater],
  ])('%s', (_what, fn) =>
    withFolder((folder) =>
      withPool({ killGraceMs: 15_000 }, async (pool) => {
        const before = await pool.submit(processId);
        for await (const value of pool.stream(fn, `${folder}/trace`)) if (value === 40) break;
        expect(await pool.submit(processId)).toBe(before);
        expect(await linesOf(`${folder}/trace`)).toEqual(['left']);
      }),
    ),
  );

  test('a stream that is left before its first value is read', () =>
    withFolder((folder) =>
      withPool({ killGraceMs: 15_000 }, async (pool) => {
        const before = await pool.submit(processId);
        const stream = pool.stream(endless, `${folder}/trace`);
        await stream.return?.();
        expect(await stream.next()).toEqual({ value: undefined, done: true });
        expect(await pool.submit(processId)).toBe(before);
      }),
    ));

  test('a stream that is cancelled by its signal', () =>
    withFolder((folder) =>
      withPool({ killGraceMs: 15_000 }, async (pool) => {
        const before = await pool.submit(processId);
        const controller = new AbortController();
        const stream = pool.with({ signal: controller.signal }).stream(endless, `${folder}/trace`);
        await stream.next();
        controller.abort();
        expect((await readAll(stream)).error).toMatchObject({ name: 'AbortError' });
        expect(await pool.submit(processId)).toBe(before);
        expect(await linesOf(`${folder}/trace`)).toEqual(['left']);
      }),
    ));
});

test('leaving a generator that is stuck returns at once, and its worker is replaced after the grace', () =>
  withPool({ killGraceMs: 50 }, async (pool) => {
    const before = await pool.submit(processId);
    for await (const value of pool.stream(stuckAfter, 3)) if (value === 3) break;
    expect(await pool.submit(processId)).not.toBe(before);
  }));

describe('an error comes after the values before it', () => {
  test.each([0, 5, 16, 40])('the generator throws after %i', (count) =>
    withPool({}, async (pool) => {
      const before = await pool.submit(processId);
      const { values, error } = await readAll(pool.stream(failAfter, count));
      expect(values).toEqual(upTo(count));
      expect(error).toBeInstanceOf(RangeError);
      expect(error).toMatchObject({ message: 'the stream broke', code: 'E_STREAM' });
      expect(await pool.submit(processId)).toBe(before);
    }),
  );

  test('a value that cannot travel ends the stream, and `finally` runs', () =>
    withFolder((folder) =>
      withPool({}, async (pool) => {
        const before = await pool.submit(processId);
        const { values, error } = await readAll(pool.stream(yieldFunctionThird, `${folder}/trace`));
        expect(values).toEqual([1, 2]);
        expect(error).toBeInstanceOf(NotSerializableError);
        expect(await pool.submit(processId)).toBe(before);
        expect(await linesOf(`${folder}/trace`)).toEqual(['left']);
      }),
    ));

  test('the process dies', () =>
    withPool({}, async (pool) => {
      const { values, error } = await readAll(pool.stream(exitAfter, 5));
      expect(values).toEqual(upTo(5));
      expect(error).toBeInstanceOf(WorkerLostError);
      expect(error).toMatchObject({ exitCode: 6 });
      expect(await pool.submit(add, 1, 2)).toBe(3);
    }));

  test('the pool is terminated', () =>
    withFolder((folder) =>
      withPool({}, async (pool) => {
        const stream = pool.stream(endless, `${folder}/trace`);
        await stream.next();
        await pool.terminate();
        const { values, error } = await readAll(stream);
        expect(values.length).toBeLessThanOrEqual(ahead);
        expect(error).toBeInstanceOf(PoolClosedError);
      }),
    ));
});

test('a function that is no generator says what to do', () =>
  withPool({}, async (pool) => {
    const stream = pool.stream(notAGenerator as unknown as typeof numbers, 1);
    const error = await rejectionOf(stream.next(), TypeError);
    expect(error.message).toMatch(/notAGenerator\(\) did not return anything to iterate/u);
    expect(await pool.submit(add, 1, 2)).toBe(3);
  }));

test('a generator that is submitted as a task says what to do', () =>
  withPool({}, async (pool) => {
    const error = await rejectionOf(pool.submit(numbers, 3), NotSerializableError);
    expect(error.message).toMatch(/Call it with pool\.stream\(\)/u);
    expect(await pool.submit(add, 1, 2)).toBe(3);
  }));
