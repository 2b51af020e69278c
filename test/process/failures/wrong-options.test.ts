/** A wrong or unknown option is refused before anything starts, with the nearest name that exists. */
import {
  createPool,
  InvalidOptionError,
  type MapOptions,
  NotSerializableError,
  type PoolOptions,
  type TaskOptions,
} from 'troupe';
import { describe, expect, test } from 'vitest';
import { add, double } from '../../fixtures/jobs/plain.mjs';
import { livingChildren, withPool } from '../../helpers/with-pool.ts';

/** What somebody without a type checker may write. */
function optionsOf<Options>(given: Record<string, unknown>): Options {
  return given as Options;
}

function thrownIn(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('createPool()', () => {
  test.each([
    [{ maxWorker: 2 }, 'maxWorker', /Did you mean `maxWorkers`\?/u],
    [{ idleTimeout: 2 }, 'idleTimeout', /Did you mean `idleTimeoutMs`\?/u],
    [{ restarts: { maximum: 1 } }, 'restarts.maximum', /`restarts\.max`/u],
    [{ task: { retries: { time: 1 } } }, 'task.retries.time', /Did you mean `task\.retries\.times`\?/u],
    [{ maxWorkers: 0 }, 'maxWorkers', /is 0, but it must be a whole number of 1 or more/u],
    [{ minWorkers: 3, maxWorkers: 2 }, 'minWorkers', /above `maxWorkers`, which is 2/u],
    [{ stdio: 'pipe' }, 'stdio', /'inherit' or 'capture' or 'ignore'/u],
    [{ maxQueue: NaN }, 'maxQueue', /is NaN/u],
    [{ initialize: {} }, 'initialize.fn', /must be a function/u],
  ])('%j', (given, option, message) => {
    const error = thrownIn(() => createPool(optionsOf<PoolOptions>(given)));
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option, message: expect.stringMatching(message) as string });
    expect(livingChildren()).toEqual([]);
  });

  test('an `initialize` that cannot be sent', () => {
    const error = thrownIn(() =>
      createPool({ initialize: { fn: add, args: [1, { deep: new WeakRef({}) }] } }),
    );
    expect(error).toBeInstanceOf(NotSerializableError);
    expect(error).toMatchObject({ path: 'argument 1.deep' });
  });
});

test('an option of a task is refused where it is bound, and the pool goes on', () =>
  withPool({}, async (pool) => {
    const unknown = thrownIn(() => pool.with(optionsOf<TaskOptions>({ timeout: 5 })));
    expect(unknown).toBeInstanceOf(InvalidOptionError);
    expect(unknown).toMatchObject({
      option: 'timeout',
      message: expect.stringContaining('`timeoutMs`') as string,
    });
    expect(thrownIn(() => pool.with({ timeoutMs: 0 }))).toMatchObject({ option: 'timeoutMs' });
    expect(thrownIn(() => pool.with({ retries: -1 }))).toMatchObject({ option: 'retries' });
    expect(await pool.submit(add, 1, 2)).toBe(3);
  }));

test('an option of map(), resize() or close() is refused, and the pool goes on', () =>
  withPool({}, async (pool) => {
    const chunks = optionsOf<MapOptions>({ chunksize: 2 });
    expect(thrownIn(() => pool.map(double, [1], chunks))).toMatchObject({ option: 'chunksize' });
    expect(thrownIn(() => pool.map(double, [1], { chunkSize: 0 }))).toMatchObject({ option: 'chunkSize' });
    expect(thrownIn(() => pool.map(double, optionsOf<number[]>({})))).toMatchObject({ option: 'iterable' });
    expect(thrownIn(() => pool.resize({ maxWorkers: 0.5 }))).toMatchObject({ option: 'maxWorkers' });
    await expect(pool.close({ timeoutMs: -1 })).rejects.toMatchObject({ option: 'timeoutMs' });
    expect(pool.state).toBe('running');
    expect(await pool.map(double, [1, 2]).toArray()).toEqual([2, 4]);
  }));
