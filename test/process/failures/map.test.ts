/** map(): any source, read only as far as needed; whatever fails surfaces after the results before it. */
import { PoolClosedError, WorkerLostError } from 'troupe';
import { describe, expect, test } from 'vitest';
import {
  exitAtSeven,
  failAtSeven,
  failAtSevenLater,
  firstWaits,
  resultOf,
  resultOfLater,
} from '../../fixtures/jobs/items.mjs';
import { add, double, processId } from '../../fixtures/jobs/plain.mjs';
import { openGate, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
const doubled = (last: number): number[] => upTo(last).map((item) => item * 2);

/** A source that counts how far it was read, and notices when it is left. */
class Source {
  read = 0;
  isLeft = false;
  readonly whenLeft: Promise<void>;
  readonly #failAt: number;
  #leave: () => void = () => undefined;

  constructor(failAt = Infinity) {
    this.#failAt = failAt;
    this.whenLeft = new Promise((resolve) => {
      this.#leave = resolve;
    });
  }

  *[Symbol.iterator](): Generator<number> {
    try {
      for (;;) {
        this.read += 1;
        if (this.read === this.#failAt) throw new RangeError(`the source broke at ${this.read}`);
        yield this.read;
      }
    } finally {
      this.isLeft = true;
      this.#leave();
    }
  }

  later(): AsyncIterable<number> {
    const source = this[Symbol.iterator]();
    return (async function* numbers(): AsyncGenerator<number> {
      for (const value of source) {
        await new Promise(setImmediate);
        yield value;
      }
    })();
  }
}

/** Reads to the end or the error, and keeps what came before. */
async function readAll<Value>(results: AsyncIterable<Value>): Promise<{ values: Value[]; error?: unknown }> {
  const values: Value[] = [];
  try {
    for await (const value of results) values.push(value);
  } catch (error) {
    return { values, error };
  }
  return { values };
}

describe('every result, in order', () => {
  test.each([1, 2, 4, 7, 1_000, 'auto'] as const)('chunkSize %s', (chunkSize) =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      expect(await pool.map(double, upTo(100), { chunkSize }).toArray()).toEqual(doubled(100));
      expect(await pool.map(double, [], { chunkSize }).toArray()).toEqual([]);
    }),
  );

  test('of more items than any chunk holds', () =>
    withPool({}, async (pool) => {
      expect(await pool.map(double, upTo(30_000), { chunkSize: 'auto' }).toArray()).toEqual(doubled(30_000));
    }));

  test('concurrency 1', () =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      expect(await pool.map(double, upTo(20), { concurrency: 1 }).toArray()).toEqual(doubled(20));
    }));

  test('through a small queue', () =>
    withPool({ maxQueue: 1 }, async (pool) => {
      expect(await pool.map(double, upTo(50), { concurrency: 20 }).toArray()).toEqual(doubled(50));
    }));

  test('two of them through one small queue', () =>
    withPool({ maxQueue: 1 }, async (pool) => {
      const both = [pool.map(double, upTo(50)).toArray(), pool.map(double, upTo(50)).toArray()];
      expect(await Promise.all(both)).toEqual([doubled(50), doubled(50)]);
    }));
});

describe('results that are', () => {
  const kinds = ['undefined', 'null', 'number', 'date', 'map', 'bytes', 'sparse', 'nested'];
  const items = Array.from(
    { length: 64 },
    (_, index) => kinds[(index * 5 + (index >> 3)) % kinds.length] ?? '',
  );

  test.each([1, 7, 64, 'auto'] as const)('of all kinds, chunkSize %s', (chunkSize) =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      expect(await pool.map(resultOf, items, { chunkSize }).toArray()).toStrictEqual(items.map(resultOf));
      const nothing = await pool.map(resultOf, ['undefined', 'undefined'], { chunkSize }).toArray();
      expect(nothing).toStrictEqual([undefined, undefined]);
    }),
  );

  test('undefined, before an item that fails', () =>
    withPool({}, async (pool) => {
      for (const fn of [resultOf, resultOfLater]) {
        const given = ['undefined', 'null', 'undefined', 'none such'];
        const { values, error } = await readAll(pool.map<string, unknown>(fn, given, { chunkSize: 4 }));
        expect(values).toStrictEqual([undefined, null, undefined]);
        expect(error).toMatchObject({ message: 'there is no "none such"' });
      }
    }));
});

test('ordered: false gives what is ready first', () =>
  withFolder((folder) =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      const file = `${folder}/gate`;
      const items = upTo(8).map((item) => ({ item, file }));
      const values: number[] = [];
      for await (const value of pool.map(firstWaits, items, { ordered: false, concurrency: 2 })) {
        values.push(value);
        if (values.length === 7) await openGate(file);
      }
      expect(values.at(-1)).toBe(1);
      expect(values.toSorted((one, other) => one - other)).toEqual(upTo(8));
    }),
  ));

describe('an endless source', () => {
  test.each([
    [1, 2],
    [3, 2],
    [4, 1],
  ])('is read at most its chunks ahead: chunkSize %i, concurrency %i', (chunkSize, concurrency) =>
    withPool({}, async (pool) => {
      const source = new Source();
      let taken = 0;
      for await (const value of pool.map(double, source, { chunkSize, concurrency })) {
        taken += 1;
        expect(value).toBe(taken * 2);
        const chunksBegun = Math.ceil(taken / chunkSize);
        expect(source.read).toBeLessThanOrEqual((chunksBegun + concurrency) * chunkSize);
        if (taken === 60) break;
      }
      expect(source.isLeft).toBe(true);
      expect(await pool.submit(add, 1, 2)).toBe(3);
    }),
  );

  test('is not read before anybody asks', () =>
    withPool({}, async (pool) => {
      const source = new Source();
      const results = pool.map(double, source);
      expect(await pool.submit(add, 1, 2)).toBe(3);
      expect(source.read).toBe(0);
      await results.return?.();
    }));

  test('an asynchronous one is left, too', () =>
    withPool({}, async (pool) => {
      const source = new Source();
      for await (const value of pool.map(double, source.later())) if (value === 20) break;
      await source.whenLeft;
      expect(await pool.submit(add, 1, 2)).toBe(3);
    }));

  test('whose next item never comes does not hold up who leaves the loop', () =>
    withPool({}, async (pool) => {
      async function* source(): AsyncGenerator<number> {
        yield 1;
        await new Promise(() => undefined);
      }
      for await (const value of pool.map(double, source())) if (value === 2) break;
      expect(await pool.submit(add, 1, 2)).toBe(3);
      expect(pool.stats().submitted).toBe(2);
    }));

  test('is left when the signal aborts', () =>
    withPool({}, async (pool) => {
      const source = new Source();
      const controller = new AbortController();
      const results = pool.with({ signal: controller.signal }).map(double, source);
      await results.next();
      controller.abort();
      expect((await readAll(results)).error).toMatchObject({ name: 'AbortError' });
      expect(source.isLeft).toBe(true);
      expect(await pool.submit(add, 1, 2)).toBe(3);
    }));

  test('is left when the pool is terminated', () =>
    withPool({}, async (pool) => {
      const source = new Source();
      const results = pool.map(double, source);
      await results.next();
      await pool.terminate();
      const { error } = await readAll(results);
      expect(error).toBeInstanceOf(PoolClosedError);
      expect(source.isLeft).toBe(true);
    }));
});

describe('a source that throws', () => {
  const cases = [3, 7].flatMap((failAt) => [1, 2, 4].map((chunkSize) => [failAt, chunkSize] as const));

  test.each(cases)('at item %i, chunkSize %i: after the results of what it gave', (failAt, chunkSize) =>
    withPool({}, async (pool) => {
      for (const source of [new Source(failAt), new Source(failAt).later()]) {
        const { values, error } = await readAll(pool.map(double, source, { chunkSize }));
        expect(values).toEqual(doubled(failAt - 1));
        expect(error).toMatchObject({ name: 'RangeError', message: `the source broke at ${failAt}` });
      }
      expect(await pool.submit(add, 1, 2)).toBe(3);
    }),
  );
});

describe('an item that fails', () => {
  test.each([1, 2, 4, 'auto'] as const)('chunkSize %s: after the results before it', (chunkSize) =>
    withPool({}, async (pool) => {
      const before = await pool.submit(processId);
      for (const fn of [failAtSeven, failAtSevenLater]) {
        const source = new Source();
        const { values, error } = await readAll(pool.map<number, unknown>(fn, source, { chunkSize }));
        expect(values).toEqual([10, 20, 30, 40, 50, 60]);
        expect(error).toBeInstanceOf(RangeError);
        expect(error).toMatchObject({ message: 'item 7 failed', item: 7 });
        expect(source.isLeft).toBe(true);
      }
      expect(await pool.submit(processId)).toBe(before);
    }),
  );

  test('an item that ends its process', () =>
    withPool({}, async (pool) => {
      const { values, error } = await readAll(pool.map(exitAtSeven, upTo(20)));
      expect(values).toEqual([10, 20, 30, 40, 50, 60]);
      expect(error).toBeInstanceOf(WorkerLostError);
      expect(await pool.submit(add, 1, 2)).toBe(3);
    }));

  test('an item that cannot travel', () =>
    withPool({}, async (pool) => {
      const { values, error } = await readAll(
        pool.map(double, [1, 2, Promise.resolve(3) as unknown as number, 4]),
      );
      expect(values).toEqual([2, 4]);
      expect(error).toMatchObject({ code: 'ERR_TROUPE_NOT_SERIALIZABLE' });
      expect(await pool.submit(add, 1, 2)).toBe(3);
    }));
});
