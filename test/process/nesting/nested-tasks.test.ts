/** Tasks that submit to the pool they run in, and wait: the pool never starves, however small it is. */
import { createPool, NestingError, PoolClosedError } from 'troupe';
import { describe, expect, test } from 'vitest';
import * as nests from '../../fixtures/jobs/nests.mjs';
import { thrownBy } from '../../helpers/rejection-of.ts';
import { linesOf, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

describe('one worker is enough', () => {
  test('for a chain of 1,000 tasks, each inside the one before', { timeout: 120_000 }, () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      expect(await pool.submit(nests.chain, 1_000)).toBe(1_000);
      expect(pool.stats()).toMatchObject({ workersLost: 0, fulfilled: 1_001, waiting: 0, running: 0 });
      expect(pool.workers).toHaveLength(1);
      // And it is as good as new.
      expect(await pool.submit(nests.square, 3)).toBe(9);
    }),
  );

  test('for a tree of 1,093 tasks', { timeout: 120_000 }, () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      expect(await pool.submit(nests.tree, 6, 3)).toBe(1_093);
    }),
  );

  test('for a recursion that branches, and for a task that returns a task', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      expect(await pool.submit(nests.fibonacci, 9)).toBe(34);
      expect(await pool.submit(nests.handsOn, 20)).toBe('the end');
    }));

  test('for map in map, and for streams', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const rows = Array.from({ length: 6 }, (_, row) => [row, row + 1, row + 2]);
      const sum = rows.flat().reduce((total, x) => total + x * x, 0);
      expect(await pool.submit(nests.sumOfSums, rows)).toBe(sum);
      expect(await pool.submit(nests.readsStream, 100)).toBe(4_950);
      expect(await pool.submit(nests.readsUntil, 40)).toBe(40);
    }));

  test('for a map whose function returns nothing', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      expect(await pool.submit(nests.mapsNothing)).toStrictEqual({
        all: [undefined, undefined, undefined],
        before: [undefined, undefined],
        message: 'three',
      });
    }));

  test('for tasks of the key of the task that submits them', () =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      const first = await pool.with({ key: 'a' }).submit(nests.pidOf);
      expect(await pool.with({ key: 'a' }).submit(nests.withKey, 'a', 4)).toBe(first);
    }));

  test('when many tasks wait at a time, and a long queue is behind them', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const order: number[] = [];
      const tasks = Array.from({ length: 60 }, (_, index) =>
        pool.submit(nests.sumOfSquares, [index, 1]).then((sum) => {
          order.push(index);
          return sum;
        }),
      );
      const sums = await Promise.all(tasks);
      expect(sums).toEqual(Array.from({ length: 60 }, (_, index) => index * index + 1));
      // The queue did not start all at once: the first were done long before the last began.
      expect(order.slice(0, 10).every((index) => index < 40)).toBe(true);
    }));

  test('when a worker may run several tasks at a time', () =>
    withPool({ maxWorkers: 1, concurrency: 3 }, async (pool) => {
      const results = await Promise.all([1, 2, 3, 4, 5].map((depth) => pool.submit(nests.tree, depth, 2)));
      expect(results).toEqual([3, 7, 15, 31, 63]);
    }));
});

describe('a pool in a closure', () => {
  test('is the same pool inside', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const factor = 5;
      const run = async (n: number): Promise<number> => {
        const inner = await pool.submit((x: number) => x * factor, n);
        return inner + 1;
      };
      expect(await pool.submit(run, 3)).toBe(16);
    }));

  test('submits itself, instances and bytes included', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      class Box {
        readonly value: number;
        constructor(value: number) {
          this.value = value;
        }
        get doubled(): number {
          return this.value * 2;
        }
      }
      const grow = async (box: Box, bytes: Uint8Array): Promise<Box> => {
        if (box.value >= 3) return new Box(box.value + bytes.length);
        const next = await pool.submit(grow, new Box(box.value + 1), new Uint8Array(bytes.length + 1));
        if (!(next instanceof Box)) throw new TypeError('not a Box here');
        return next;
      };
      const grown = await pool.submit(grow, new Box(0), new Uint8Array(4));
      expect(grown).toBeInstanceOf(Box);
      expect(grown.doubled).toBe(20);
    }));

  test('maps: what came before an error counts, instances of the task itself included', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      class Box {
        readonly value: number;
        constructor(value: number) {
          this.value = value;
        }
      }
      const boxed = (n: number): Box => {
        if (n === 2) throw new RangeError('two');
        return new Box(n);
      };
      const run = async (): Promise<unknown[]> => {
        const seen: unknown[] = [];
        try {
          for await (const box of pool.map(boxed, [0, 1, 2, 3], { chunkSize: 4 }))
            seen.push(box instanceof Box, box.value);
        } catch (error) {
          seen.push(error instanceof RangeError, error instanceof Error ? error.message : error);
        }
        return seen;
      };
      expect(await pool.submit(run)).toEqual([true, 0, true, 1, true, 'two']);
    }));

  test('passes megabytes on, both ways', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const same = (bytes: Uint8Array): Uint8Array => bytes;
      const run = async (): Promise<number[]> => {
        const back = await pool.submit(same, new Uint8Array(3_000_000).fill(7));
        return [back.length, back[0] ?? 0, back.at(-1) ?? 0];
      };
      expect(await pool.submit(run)).toEqual([3_000_000, 7, 7]);
    }));

  test('may be another pool of the parent, with options bound', () =>
    withPool({ maxWorkers: 1, name: 'outer' }, async (outer) => {
      const inner = createPool({ maxWorkers: 1, name: 'inner' });
      const limited = inner.with({ timeoutMs: 100_000, name: 'limited' });
      const ids = await outer.submit(async () => {
        const there = await limited.submit(() => process.pid);
        return [process.pid, there, limited.submit(() => 1).id];
      });
      const [own, there, id] = ids;
      expect(own).not.toBe(there);
      expect(String(id)).toMatch(/^inner-[\w-]+\/outer-[\w-]+\/w1\.\d+$/u);
      // Each waits for the other, and each has one worker.
      const back = (depth: number): Promise<number> =>
        depth === 0
          ? Promise.resolve(0)
          : (depth % 2 === 0 ? outer : inner).submit(back, depth - 1).then((n) => n + 1);
      expect(await outer.submit(back, 6)).toBe(6);
      await inner.close();
    }));

  test('that is closed or gone refuses, and what cannot come along is named', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const closed = createPool({ maxWorkers: 1 });
      await closed.close();
      const error = await thrownBy(pool.submit(() => closed.submit(() => 1)));
      expect(error).toBeInstanceOf(PoolClosedError);
      const { signal } = new AbortController();
      const bound = pool.with({ signal });
      expect(await thrownBy(pool.submit(() => bound.submit(() => 1)))).toMatchObject({
        code: 'ERR_TROUPE_INVALID_OPTION',
        message: expect.stringContaining('`signal` was bound to pool') as string,
      });
    }));

  test('cannot be closed there', () =>
    withPool({}, async (pool) => {
      const error = await thrownBy(pool.submit(() => pool.close()));
      expect(error).toBeInstanceOf(NestingError);
    }));
});

describe('what a nested task is', () => {
  test('has an id of its own, the same everywhere', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const seen: string[] = [];
      pool.on('taskSettled', ({ taskId }) => void seen.push(taskId));
      const { own, inner, id } = await pool.submit(nests.identities);
      expect(inner).toEqual({ id, depth: 1, name: 'inner' });
      expect(own.id).not.toBe(id);
      expect(id).toBe(`${pool.id}/w1.1`);
      expect(seen).toEqual([id, own.id]);
    }));

  test('reports progress where it was submitted', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const { result, heard } = await pool.submit(nests.hearsProgress, 3);
      expect({ result, heard }).toEqual({
        result: 'done',
        heard: [
          [1, 1],
          [2, 2],
          [3, 3],
        ],
      });
    }));

  test('errors keep their class, and show every side', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      for (const shown of [await pool.submit(nests.catchesTooDeep), await pool.submit(nests.failsInMap)]) {
        expect(shown.isTooDeep).toBe(true);
        expect(shown.stack).toMatch(/nests\.mjs[^]*submitted from[^]*nests\.mjs/u);
      }
      const error = await thrownBy(pool.submit(nests.goTooDeep, 3));
      expect(error).toMatchObject({ name: 'TooDeep', level: 0 });
      expect(String((error as Error).stack).split('submitted from').length).toBe(5);
    }));

  test('wrong calls are refused at once, with what to do', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const refused = await pool.submit(nests.refusals);
      expect(refused['close']).toMatch(/^ERR_TROUPE_NESTING: .*`close`.*where the pool was made/u);
      expect(refused['stats']).toMatch(/^ERR_TROUPE_NESTING: .*`stats`/u);
      expect(refused['option']).toMatch(/^ERR_TROUPE_INVALID_OPTION: .*timeoutMs/u);
      expect(refused['retries']).toMatch(/^ERR_TROUPE_INVALID_OPTION: .*retries\.on/u);
      expect(refused['unknown']).toMatch(/^ERR_TROUPE_INVALID_OPTION: .*timeout/u);
      expect(refused['unsendable']).toBe('ERR_TROUPE_NOT_SERIALIZABLE');
    }));

  test('whoever keeps the pool for later needs a task to use it in', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      expect(await pool.submit(nests.keepsPool)).toBe('kept');
      expect(await pool.submit(nests.usesKept)).toEqual({ late: 'ERR_TROUPE_NESTING', now: 9 });
    }));

  test('without being waited for it goes on, also while the pool closes', () =>
    withFolder(async (folder) => {
      const pool = createPool({ maxWorkers: 1 });
      const left = pool.submit(nests.leaves, `${folder}/trace`);
      const closed = pool.close();
      expect(await left).toBe('left');
      await closed;
      expect(await linesOf(`${folder}/trace`)).toEqual(['went on']);
    }));

  test('is no reason to refuse it that the queue is full', () =>
    withPool({ maxWorkers: 1, maxQueue: 0 }, async (pool) => {
      expect(await pool.submit(nests.tree, 3, 3)).toBe(40);
    }));
});
