/** How results of map() are read: one after another, many at a time, or no longer. */
import { describe, expect, test } from 'vitest';
import { failAtSeven } from '../../fixtures/jobs/items.mjs';
import { add, double, waitForFile } from '../../fixtures/jobs/plain.mjs';
import { withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
const doubled = (last: number): number[] => upTo(last).map((item) => item * 2);

describe('a reader', () => {
  test('may ask for many results at a time', () =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      const results = pool.map(double, upTo(5), { chunkSize: 2 });
      const steps = await Promise.all(upTo(7).map(() => results.next()));
      expect(steps.map(({ value }) => value)).toEqual([2, 4, 6, 8, 10, undefined, undefined]);
      expect(steps.map(({ done }) => done)).toEqual([false, false, false, false, false, true, true]);
    }));

  test('that leaves while it waits, waits no longer', () =>
    withFolder((folder) =>
      withPool({}, async (pool) => {
        let isLeft = false;
        function* files(): Generator<string> {
          try {
            for (;;) yield `${folder}/gate`;
          } finally {
            isLeft = true;
          }
        }
        const results = pool.map(waitForFile, files());
        const waiting = [results.next(), results.next()];
        expect(await results.return?.()).toEqual({ value: undefined, done: true });
        expect(await Promise.all(waiting)).toEqual([
          { value: undefined, done: true },
          { value: undefined, done: true },
        ]);
        expect(isLeft).toBe(true);
        expect(await results.next()).toEqual({ value: undefined, done: true });
      }),
    ));

  test('hears of a failure once', () =>
    withPool({}, async (pool) => {
      const results = pool.map(failAtSeven, [6, 7, 8], { chunkSize: 3 });
      const steps = await Promise.allSettled([results.next(), results.next(), results.next()]);
      expect(steps).toMatchObject([
        { value: { value: 60, done: false } },
        { reason: { message: 'item 7 failed' } },
        { value: { value: undefined, done: true } },
      ]);
      expect(await results.next()).toEqual({ value: undefined, done: true });
    }));

  test('hears of a source that cannot be left', () =>
    withPool({}, async (pool) => {
      const source = {
        [Symbol.iterator]: () => ({
          next: () => ({ value: 1, done: false }),
          return: () => {
            throw new RangeError('no way out');
          },
        }),
      };
      const results = pool.map(double, source);
      expect(await results.next()).toEqual({ value: 2, done: false });
      await expect(results.return?.()).rejects.toThrow('no way out');
      expect(await pool.submit(add, 1, 2)).toBe(3);
    }));

  test('may let all chunks be under way at once', () =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      const results = pool.map(double, upTo(3_000), { concurrency: Infinity });
      expect(await results.toArray()).toEqual(doubled(3_000));
    }));

  test('may read to the end from where it is', () =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      const results = pool.map(double, upTo(10), { chunkSize: 4 });
      expect(await results.next()).toEqual({ value: 2, done: false });
      expect(await results.toArray()).toEqual(doubled(10).slice(1));
    }));
});
