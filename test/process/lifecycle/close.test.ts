/** `close` takes no more tasks, lets end what it promised to let end, and always ends itself. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Pool, PoolClosedError, TaskCancelledError, type Task, WorkerLostError } from 'troupe';
import { expect, test } from 'vitest';
import { add, echo } from '../../fixtures/life/answers.mjs';
import { echoesOnceThereIs, logs, spins } from '../../fixtures/life/blocks.mjs';
import { exits } from '../../fixtures/life/dies.mjs';
import { throwsOrdinary } from '../../fixtures/life/throws.mjs';
import { nextEvent, openFolder, openPool, whenStarted } from '../../helpers/open-pool.ts';
import { rejectionOf, thrownBy } from '../../helpers/rejection-of.ts';

/** A pool that runs one task until the gate opens. */
async function holdPool(
  pool: Pool = openPool(),
): Promise<{ pool: Pool; held: Task<string>; open(): Promise<unknown> }> {
  const gate = join(openFolder(), 'gate');
  const opener = openPool();
  const held = pool.submit(echoesOnceThereIs<string>, gate, 'held');
  await whenStarted(pool, held);
  return { pool, held, open: () => opener.submit(logs, gate, 'open') };
}

test('waiting tasks still run', async () => {
  const { pool, held, open } = await holdPool();
  const waiting = Array.from({ length: 50 }, (_, index) => pool.submit(add, index, 1));
  const closed = pool.close();
  expect(pool.state).toBe('draining');
  await open();
  expect(await held).toBe('held');
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  await closed;
  expect([pool.state, pool.workers]).toEqual(['closed', []]);
});

test('with drain: false each waiting task gets an error of its own, and the running one ends', async () => {
  const { pool, held, open } = await holdPool();
  const never = join(openFolder(), 'never');
  const waiting = Array.from({ length: 40 }, () => pool.submit(logs, never, 'ran'));
  const closed = pool.close({ drain: false });
  const errors = await Promise.all(waiting.map((task) => rejectionOf(task, PoolClosedError)));
  expect(new Set(errors).size).toBe(40);
  await open();
  expect(await held).toBe('held');
  await closed;
  expect(existsSync(never)).toBe(false);
});

test('a closing pool and a closed one refuse tasks', async () => {
  const { pool, open } = await holdPool();
  const closed = pool.close();
  expect((await rejectionOf(pool.submit(add, 1, 2), PoolClosedError)).message).toContain('closing');
  await open();
  await closed;
  expect((await rejectionOf(pool.submit(add, 1, 2), PoolClosedError)).message).toContain('is closed');
});

test('a limit ends what does not end by itself', async () => {
  const pool = openPool();
  const endless = pool.submit(spins);
  const waiting = pool.submit(add, 1, 2);
  await whenStarted(pool, endless);
  const errors = [rejectionOf(endless, PoolClosedError), rejectionOf(waiting, PoolClosedError)];
  await pool.close({ timeoutMs: 50 });
  expect((await Promise.all(errors)).map(({ message }) => message)).toEqual([
    expect.stringContaining('still running'),
    expect.stringContaining('had not started'),
  ]);
});

test('a limit of zero kills at once', async () => {
  const pool = openPool();
  const endless = pool.submit(spins);
  await whenStarted(pool, endless);
  const error = rejectionOf(endless, PoolClosedError);
  await pool.close({ timeoutMs: 0 });
  await error;
});

test('a limit that is not reached changes nothing', async () => {
  const { pool, held, open } = await holdPool();
  const closed = pool.close({ timeoutMs: 600_000 });
  await open();
  expect(await held).toBe('held');
  await closed;
});

test('twice, and once more when it is closed', async () => {
  const { pool, held, open } = await holdPool();
  const closed = Promise.all([pool.close(), pool.close(), pool[Symbol.asyncDispose]()]);
  await open();
  await closed;
  await pool.close();
  await pool.terminate();
  expect(await held).toBe('held');
});

test('the second time with a limit', async () => {
  const pool = openPool();
  const endless = pool.submit(spins);
  await whenStarted(pool, endless);
  const error = rejectionOf(endless, PoolClosedError);
  await Promise.all([pool.close(), pool.close({ timeoutMs: 20 })]);
  await error;
});

test('the second time without draining', async () => {
  const { pool, held, open } = await holdPool();
  const waiting = pool.submit(add, 1, 2);
  const closed = Promise.all([pool.close(), pool.close({ drain: false })]);
  await rejectionOf(waiting, PoolClosedError);
  await open();
  expect(await held).toBe('held');
  await closed;
});

test('a pool that never had a worker', async () => {
  const pool = openPool();
  await pool.close();
  expect(pool.state).toBe('closed');
});

test('while workers start, with and without tasks', async () => {
  const warm = openPool({ maxWorkers: 2, minWorkers: 2 });
  const asked = openPool();
  const task = asked.submit(add, 1, 2);
  await Promise.all([warm.close(), asked.close()]);
  expect(await task).toBe(3);
  expect([warm.workers, asked.workers]).toEqual([[], []]);
});

test('while workers start, without draining', async () => {
  const pool = openPool();
  const refused = rejectionOf(pool.submit(add, 1, 2), PoolClosedError);
  await pool.close({ drain: false });
  await refused;
});

test('in the middle of retries: the attempts that are left are made', async () => {
  const pool = openPool();
  const task = pool
    .with({ retries: { times: 3, on: 'error', backoffMs: 5 } })
    .submit(throwsOrdinary, 'again');
  const error = rejectionOf(task, RangeError);
  await nextEvent(pool, 'taskRetried');
  await pool.close();
  await error;
  expect(task.attempt).toBe(4);
});

test('in the middle of retries, without draining', async () => {
  const pool = openPool();
  const task = pool
    .with({ retries: { times: 1_000_000, on: 'error', backoffMs: 600_000 } })
    .submit(throwsOrdinary, 'once');
  const error = rejectionOf(task, PoolClosedError);
  await nextEvent(pool, 'taskRetried');
  await pool.close({ drain: false });
  await error;
  expect(task.attempt).toBe(1);
});

test('a worker that dies while the pool drains is replaced for what waits', async () => {
  const pool = openPool();
  const crash = pool.submit(exits, 7);
  const waiting = [pool.submit(echo, 'a'), pool.submit(echo, 'b')];
  const lost = rejectionOf(crash, WorkerLostError);
  await pool.close();
  await lost;
  expect(await Promise.all(waiting)).toEqual(['a', 'b']);
});

test('a task that is cancelled while the pool drains', async () => {
  const pool = openPool({ killGraceMs: 20 });
  const endless = pool.submit(spins);
  await whenStarted(pool, endless);
  const closed = pool.close();
  endless.cancel();
  await rejectionOf(endless, TaskCancelledError);
  await closed;
  expect(pool.workers).toEqual([]);
});

test('at the end of a block, also one that throws', async () => {
  const pool = openPool();
  let task: Task<number> | undefined;
  const block = async (): Promise<void> => {
    try {
      task = pool.submit(add, 1, 2);
      throw new TypeError('something else');
    } finally {
      await pool[Symbol.asyncDispose]();
    }
  };
  expect(await thrownBy(block())).toBeInstanceOf(TypeError);
  expect(await task).toBe(3);
  expect(pool.state).toBe('closed');
});
