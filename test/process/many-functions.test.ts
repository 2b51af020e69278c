/** A program that makes functions for ever is served for ever: workers forget old ones and are sent them again. */
import { createPool } from 'troupe';
import { expect, test } from 'vitest';

/** More than a worker remembers the numbers of, and many more than it keeps the text of. */
const count = 10_100;

test('ten thousand functions, and then the first ones again', async () => {
  const texts = Array.from({ length: count }, (_, index) => `(x) => x + ${index} + base`);
  // oxlint-disable-next-line typescript/no-implied-eval -- text made at run time
  const make: unknown = new Function('base', `return [${texts.join(',')}]`);
  const functions = (make as (base: number) => ((x: number) => number)[])(1_000_000);
  const pool = createPool({ maxWorkers: 1 });
  try {
    const sums = await Promise.all(functions.map((fn) => pool.submit(fn, 1)));
    expect(sums).toEqual(functions.map((_, index) => 1_000_001 + index));
    const again = functions.slice(0, 50);
    expect(await Promise.all(again.map((fn) => pool.submit(fn, 2)))).toEqual(
      again.map((_, index) => 1_000_002 + index),
    );
  } finally {
    await pool.close();
  }
});
