/**
 * No task waits behind another in a busy worker while a worker is free, even after thousands of short ones.
 */
import { join } from 'node:path';
import type { Pool } from 'troupe';
import { expect, test } from 'vitest';
import { add } from '../../fixtures/life/answers.mjs';
import { echoesOnceThereIs, logs, spins } from '../../fixtures/life/blocks.mjs';
import { openFolder, openPool } from '../../helpers/open-pool.ts';

/** A pool that has learned that its tasks are short, and so hands many to a worker at a time. */
async function poolOfShortTasks(): Promise<Pool> {
  const pool = openPool({ maxWorkers: 2, minWorkers: 2, killGraceMs: 20 });
  await Promise.all(Array.from({ length: 1_000 }, (_, index) => pool.submit(add, index, 1)));
  return pool;
}

const submitShortOnes = (pool: Pool): Promise<number[]> =>
  Promise.all(Array.from({ length: 40 }, (_, index) => pool.submit(add, index, 1)));
const sums = Array.from({ length: 40 }, (_, index) => index + 1);

test('behind an asynchronous task that takes long', async () => {
  const pool = await poolOfShortTasks();
  const gate = join(openFolder(), 'gate');
  const long = pool.submit(echoesOnceThereIs, gate, 'long');
  const settled = Promise.allSettled([long]);
  expect(await submitShortOnes(pool)).toEqual(sums);
  // Not even when it waits for one of them.
  expect(await Promise.all([long, pool.submit(logs, gate, 'open')])).toEqual(['long', 'open']);
  await settled;
});

test('behind a task that computes for long', async () => {
  const pool = await poolOfShortTasks();
  const long = pool.submit(spins);
  const settled = Promise.allSettled([long]);
  expect(await submitShortOnes(pool)).toEqual(sums);
  long.cancel();
  expect(await settled).toMatchObject([{ reason: { name: 'AbortError' } }]);
});
