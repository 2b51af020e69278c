/** What a full, a closing and a closed pool refuse, and what they still do. */
import { type Pool, PoolClosedError, QueueFullError } from 'troupe';
import { describe, expect, test } from 'vitest';
import { numbers } from '../../fixtures/jobs/generators.mjs';
import { add, appendLine, double, waitForFile } from '../../fixtures/jobs/plain.mjs';
import { forever, waitForever } from '../../fixtures/jobs/stops.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { linesOf, openGate, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

type Plain = typeof import('../../fixtures/jobs/plain.mjs');
const plainUrl = new URL('../../fixtures/jobs/plain.mjs', import.meta.url);

const started = (pool: Pool): Promise<unknown> =>
  new Promise((resolve) => {
    pool.on('taskStarted', resolve);
  });

describe('a full queue', () => {
  test('refuses, says so, and ready() waits for room', () =>
    withFolder((folder) =>
      withPool({ maxQueue: 3 }, async (pool) => {
        const gate = `${folder}/gate`;
        const admitted = [1, 2, 3, 4].map(() => pool.submit(waitForFile, gate));
        const [one, other] = await Promise.all([
          rejectionOf(pool.submit(add, 1, 2), QueueFullError),
          rejectionOf(pool.submit(add, 1, 2), QueueFullError),
        ]);
        expect(one).not.toBe(other);
        expect(one.message).toMatch(/3 tasks wait in pool "pool" already \(maxQueue\)/u);
        const ready = pool.ready();
        await openGate(gate);
        await ready;
        expect(await pool.submit(add, 1, 2)).toBe(3);
        await Promise.all(admitted);
      }),
    ));

  test('a hundred refusals take no room', () =>
    withPool({ maxQueue: 1 }, async (pool) => {
      for (let round = 0; round < 100; round += 1) {
        const admitted = [pool.submit(add, round, 1), pool.submit(add, round, 2)];
        await rejectionOf(pool.submit(add, round, 3), QueueFullError);
        expect(await Promise.all(admitted)).toEqual([round + 1, round + 2]);
      }
    }));

  test('ready() resolves when the pool closes, too', () =>
    withPool({ maxQueue: 1 }, async (pool) => {
      const admitted = [1, 2].map(() => rejectionOf(pool.submit(waitForever), PoolClosedError));
      const ready = pool.ready();
      await pool.terminate();
      await ready;
      await Promise.all(admitted);
    }));
});

describe('a closed pool', () => {
  const calls: readonly (readonly [string, (pool: Pool) => PromiseLike<unknown>])[] = [
    ['submit()', (pool) => pool.submit(add, 1, 2)],
    ['with().submit()', (pool) => pool.with({ priority: 1 }).submit(add, 1, 2)],
    ['map()', (pool) => pool.map(double, [1, 2]).toArray()],
    ['stream()', (pool) => pool.stream(numbers, 3).next()],
    ['a function of a module', (pool) => pool.module<Plain>(plainUrl).add(1, 2)],
  ];

  test.each(calls)('%s', (_name, call) =>
    withPool({}, async (pool) => {
      expect(await pool.submit(add, 1, 2)).toBe(3);
      await pool.close();
      const errors = [
        await rejectionOf(call(pool), PoolClosedError),
        await rejectionOf(call(pool), PoolClosedError),
      ];
      expect(errors[0]).not.toBe(errors[1]);
      expect(errors[0]?.message).toMatch(/pool "pool" is closed/u);
    }),
  );

  test('map() does not read its source, or lets go of it', () =>
    withPool({}, async (pool) => {
      let isReturned = false;
      const source = (function* endless(): Generator<number> {
        try {
          for (;;) yield 1;
        } finally {
          isReturned = true;
        }
      })();
      await pool.close();
      await rejectionOf(pool.map(double, source).toArray(), PoolClosedError);
      expect(isReturned || source.next().done !== true).toBe(true);
    }));

  test('close(), terminate() and resize() do no harm', () =>
    withPool({ minWorkers: 1, maxWorkers: 2 }, async (pool) => {
      await Promise.all([pool.close(), pool.close({ drain: false }), pool.close({ timeoutMs: 5 })]);
      expect(pool.state).toBe('closed');
      await pool.close();
      await pool.terminate();
      pool.resize({ minWorkers: 2, maxWorkers: 4 });
      await pool.ready();
      expect(pool.workers).toEqual([]);
      expect(pool.stats()).toMatchObject({ state: 'closed', workers: 0, waiting: 0, running: 0 });
    }));

  test('a pool that was never used', () =>
    withPool({}, async (pool) => {
      await pool.close();
      expect(pool.state).toBe('closed');
    }));
});

describe('closing', () => {
  test('what waits still runs, what comes later is refused', () =>
    withFolder((folder) =>
      withPool({}, async (pool) => {
        const gate = `${folder}/gate`;
        const running = pool.submit(waitForFile, gate);
        const waiting = pool.submit(add, 1, 2);
        const closed = pool.close();
        expect(pool.state).toBe('draining');
        const error = await rejectionOf(pool.submit(add, 1, 2), PoolClosedError);
        expect(error.message).toMatch(/is closing/u);
        await openGate(gate);
        expect(await waiting).toBe(3);
        await Promise.all([running, closed]);
      }),
    ));

  test('without draining, what runs may end and what waits never runs', () =>
    withFolder((folder) =>
      withPool({}, async (pool) => {
        const gate = `${folder}/gate`;
        const trace = `${folder}/trace`;
        const running = pool.submit(waitForFile, gate);
        await started(pool);
        const waiting = [1, 2, 3].map((line) => pool.submit(appendLine, trace, String(line)));
        const refused = waiting.map((task) => rejectionOf(task, PoolClosedError));
        const closed = pool.close({ drain: false });
        expect(new Set(await Promise.all(refused)).size).toBe(3);
        await openGate(gate);
        await Promise.all([running, closed]);
        expect(await linesOf(trace)).toEqual([]);
      }),
    ));

  test('after the limit the rest is killed', () =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      const tasks = [pool.submit(forever), pool.submit(waitForever), pool.submit(add, 1, 2)];
      const refused = tasks.map((task) => rejectionOf(task, PoolClosedError));
      await started(pool);
      await pool.close({ timeoutMs: 50 });
      expect(new Set(await Promise.all(refused)).size).toBe(3);
    }));

  test('terminate() ends at once what runs and what waits', () =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      const tasks = [forever, forever, waitForever].map((fn) =>
        rejectionOf(pool.submit(fn), PoolClosedError),
      );
      await started(pool);
      await pool.terminate();
      expect(new Set(await Promise.all(tasks)).size).toBe(3);
      expect(pool.state).toBe('closed');
    }));
});
