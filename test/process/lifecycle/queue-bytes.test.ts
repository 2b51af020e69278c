/** A queue that is limited by what the arguments of its tasks weigh. */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InvalidOptionError, QueueFullError } from 'troupe';
import { expect, test } from 'vitest';
import { echo, sizeOf } from '../../fixtures/life/answers.mjs';
import { echoesOnceThereIs, logs } from '../../fixtures/life/blocks.mjs';
import { openFolder, openPool } from '../../helpers/open-pool.ts';
import { rejectionOf } from '../../helpers/rejection-of.ts';

const limit = 10_000;
const bytes = (size: number): Uint8Array => new Uint8Array(size);

test('a task that would be too much is refused, and the message says how much there is', async () => {
  const pool = openPool({ maxQueueBytes: limit });
  const held = pool.submit(sizeOf, bytes(6_000));
  const { queuedBytes } = pool.stats();
  expect(queuedBytes).toBeGreaterThan(6_000);
  const error = await rejectionOf(pool.submit(sizeOf, bytes(5_000)), QueueFullError);
  expect(error.message).toMatch(
    new RegExp(
      `arguments are 50\\d\\d bytes, .* ${queuedBytes} bytes already, of 10000 \\(maxQueueBytes\\)`,
      'u',
    ),
  );
  expect(await pool.submit(sizeOf, bytes(2_000))).toBe(2_000);
  expect(await held).toBe(6_000);
  expect(pool.stats()).toMatchObject({ queuedBytes: 0, fulfilled: 2, rejected: 1 });
});

test('one task alone may weigh anything', async () => {
  const pool = openPool({ maxQueueBytes: limit });
  const large = pool.submit(sizeOf, bytes(100_000));
  await rejectionOf(pool.submit(echo, 1), QueueFullError);
  expect(await large).toBe(100_000);
  expect(await pool.submit(echo, 1)).toBe(1);
});

test('text and captured arguments weigh, too', async () => {
  const pool = openPool({ maxQueueBytes: limit });
  class Page {
    text = 'x'.repeat(5_000);
  }
  const tasks = [pool.submit(echo, 'x'.repeat(3_000)), pool.submit(echo, new Page())];
  expect(pool.stats().queuedBytes).toBeGreaterThan(8_000);
  await Promise.all(tasks);
  expect(pool.stats().queuedBytes).toBe(0);
});

test('callers wait for the room they need, in their order', async () => {
  const pool = openPool({ maxWorkers: 2, maxQueueBytes: limit });
  const gate = join(openFolder(), 'gate');
  const held = [
    pool.submit(echoesOnceThereIs, gate, bytes(6_000)),
    pool.submit(echoesOnceThereIs, gate, bytes(3_000)),
  ];
  const order: number[] = [];
  const callers = [9_000, 100, 9_500].map(async (size) => {
    await pool.ready(size + 200);
    order.push(size);
    return pool.submit(sizeOf, bytes(size));
  });
  await nextTurn();
  expect(order).toEqual([]);
  await openPool().submit(logs, gate, 'open');
  await Promise.all(held);
  expect(await Promise.all(callers)).toEqual([9_000, 100, 9_500]);
  expect(order).toEqual([9_000, 100, 9_500]);
  expect(pool.stats()).toMatchObject({ rejected: 0 });
});

test('map keeps within it, whatever its chunks weigh', async () => {
  const pool = openPool({ maxWorkers: 2, maxQueueBytes: limit });
  const sizes = Array.from({ length: 60 }, (_, index) => (index * 997) % 12_000);
  let most = 0;
  pool.on('taskStarted', () => {
    most = Math.max(most, pool.stats().queuedBytes);
  });
  const results = pool.map(sizeOf, sizes.map(bytes), { chunkSize: 2 });
  expect(await results.toArray()).toEqual(sizes);
  // One chunk alone may weigh more.
  expect(most).toBeLessThan(26_000);
  expect(pool.stats()).toMatchObject({ rejected: 0, queuedBytes: 0 });
});

test.each([[-1], [NaN], ['1'], [null]])('ready(%j) is refused', async (size) => {
  const error = await rejectionOf(openPool().ready(size as number), InvalidOptionError);
  expect(error.option).toBe('bytes');
});
