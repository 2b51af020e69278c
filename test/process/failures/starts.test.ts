/**
 * Workers that cannot start: the pool tries as often as it may, then gives up, says why, and still closes.
 */
import process from 'node:process';
import { type Pool, PoolBrokenError, PoolClosedError, type PoolOptions, WorkerStartError } from 'troupe';
import { describe, expect, test } from 'vitest';
import { add, processId } from '../../fixtures/jobs/plain.mjs';
import {
  exitInInitialize,
  failTimes,
  failToInitialize,
  initializeForever,
  recall,
  remember,
  runAndTrace,
  throwWhatCannotBeTold,
} from '../../fixtures/jobs/starts.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { linesOf, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

/**
 * Three tasks of a pool that cannot start reject, each with an error of its own; then the pool only closes.
 */
function breaking(options: PoolOptions): Promise<PoolBrokenError> {
  return withPool({ restarts: { max: 1 }, ...options }, async (pool) => {
    const tasks = [1, 2, 3].map(() => rejectionOf(pool.submit(add, 1, 2), PoolBrokenError));
    const errors = await Promise.all(tasks);
    expect(new Set(errors).size).toBe(3);
    expect(pool.state).toBe('broken');
    const late = await rejectionOf(pool.submit(add, 1, 2), PoolBrokenError);
    expect(errors).not.toContain(late);
    await pool.ready();
    await pool.close();
    expect(pool.state).toBe('closed');
    await rejectionOf(pool.submit(add, 1, 2), PoolClosedError);
    const [error] = errors;
    if (error === undefined) throw new Error('there is no error');
    expect(error.errors).toHaveLength(2);
    expect(error.cause).toBe(error.errors[1]);
    for (const failure of error.errors) expect(failure).toBeInstanceOf(WorkerStartError);
    return error;
  });
}

describe('a pool breaks', () => {
  test('when `initialize` throws: its error is the cause of the cause', async () => {
    const error = await breaking({ initialize: { fn: failToInitialize, args: ['E_DATABASE'] } });
    for (const failure of error.errors) {
      expect(failure.cause).toBeInstanceOf(RangeError);
      expect(failure.cause).toMatchObject({ message: 'no database here', code: 'E_DATABASE' });
    }
    expect(error.errors[0]?.cause).not.toBe(error.errors[1]?.cause);
    expect(error.message).toMatch(/`initialize` failed: RangeError: no database here/u);
  });

  test('when `initialize` throws what cannot be told', async () => {
    const error = await breaking({ initialize: { fn: throwWhatCannotBeTold } });
    expect(error.message).toMatch(/`initialize` failed/u);
  });

  test('when `initialize` ends the process', async () => {
    const error = await breaking({ initialize: { fn: exitInInitialize, args: [5] } });
    expect(error.message).toMatch(/exit code 5/u);
  });

  test('when `initialize` takes too long', async () => {
    const error = await breaking({
      initialize: { fn: initializeForever },
      startTimeoutMs: 200,
      killGraceMs: 20,
    });
    expect(error.message).toMatch(/not ready within startTimeoutMs \(200 ms\)/u);
  });

  test('when the working directory does not exist', async () => {
    const error = await breaking({ cwd: '/no/such/folder' });
    expect(error.message).toMatch(/The working directory \/no\/such\/folder does not exist/u);
  });

  test('when Node does not know a flag', async () => {
    const error = await breaking({ execArgv: ['--no-such-flag'] });
    expect(error.message).toMatch(/bad option: --no-such-flag/u);
  });

  test('when nobody has submitted anything', () =>
    withPool({ minWorkers: 1, restarts: { max: 0 }, cwd: '/no/such/folder' }, async (pool) => {
      await stateOf(pool, 'broken');
      await rejectionOf(pool.submit(add, 1, 2), PoolBrokenError);
      await pool.close();
    }));

  test('while it closes: close() ends all the same', () =>
    withPool({ restarts: { max: 1 }, cwd: '/no/such/folder' }, async (pool) => {
      const task = rejectionOf(pool.submit(add, 1, 2), PoolBrokenError);
      await Promise.all([task, pool.close()]);
      expect(pool.state).toBe('closed');
    }));
});

function stateOf(pool: Pool, wanted: string): Promise<void> {
  return new Promise((resolve) => {
    pool.on('stateChanged', ({ state }) => {
      if (state === wanted) resolve();
    });
  });
}

test('failures that are forgiven cost nobody anything', () =>
  withFolder((folder) =>
    withPool(
      { restarts: { max: 3 }, initialize: { fn: failTimes, args: [`${folder}/tries`, 2] } },
      async (pool) => {
        expect(await pool.submit(add, 1, 2)).toBe(3);
        expect(await linesOf(`${folder}/tries`)).toHaveLength(3);
        expect(pool.stats()).toMatchObject({ workersLost: 2, rejected: 0, lost: 0 });
        expect(pool.state).toBe('running');
      },
    ),
  ));

test('a task that waits for a worker that cannot start can be cancelled', () =>
  withPool({ restarts: { max: 5 }, cwd: '/no/such/folder' }, async (pool) => {
    const task = pool.submit(add, 1, 2);
    const lost = new Promise((resolve) => {
      pool.on('workerLost', resolve);
    });
    expect(await lost).toMatchObject({ end: 'spawnFailed', pid: undefined });
    task.cancel();
    await expect(task).rejects.toMatchObject({ name: 'AbortError' });
  }));

test('terminate() does not wait for a worker that is starting', () =>
  withPool({ initialize: { fn: initializeForever } }, async (pool) => {
    const task = rejectionOf(pool.submit(add, 1, 2), PoolClosedError);
    await pool.terminate();
    await task;
  }));

test('`initialize` runs once in each worker, with its arguments, before the first task', () =>
  withFolder((folder) => {
    const trace = `${folder}/trace`;
    const initialize = { fn: remember, args: [trace, 'one', { two: new Date(2) }] };
    return withPool({ initialize }, async (pool) => {
      const first = await pool.submit(runAndTrace, trace);
      await pool.submit(runAndTrace, trace);
      expect(await pool.submit(recall)).toEqual(['one', { two: new Date(2) }]);
      process.kill(first, 'SIGKILL');
      await new Promise((resolve) => {
        pool.on('workerExited', resolve);
      });
      const second = await pool.submit(runAndTrace, trace);
      expect(await pool.submit(processId)).toBe(second);
      expect(await linesOf(trace)).toEqual([
        `initialized ${first}`,
        `ran ${first}`,
        `ran ${first}`,
        `initialized ${second}`,
        `ran ${second}`,
      ]);
    });
  }));
