/**
 * What a worker had answered before it died counts, what it had not begun runs elsewhere, and nobody notices.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkerLostError } from 'troupe';
import { expect, test } from 'vitest';
import { logsAndDiesOrFills } from '../../fixtures/life/dies.mjs';
import { openFolder, openPool } from '../../helpers/open-pool.ts';

const fatal = 3;
const count = 8;

test.each([
  ['small', 1, 20],
  ['larger than the buffers', 2 ** 21, 5],
])('results that are %s', { timeout: 60_000 }, async (_, size, rounds) => {
  const pool = openPool();
  for (let round = 0; round < rounds; round += 1) {
    const file = join(openFolder(), 'log');
    const tasks = Array.from({ length: count }, (__, index) =>
      pool.submit(logsAndDiesOrFills, file, index, index === fatal, size),
    );
    const settled = await Promise.allSettled(tasks);
    for (const [index, result] of settled.entries()) {
      if (result.status === 'rejected') {
        expect(index).toBe(fatal);
        expect(result.reason).toBeInstanceOf(WorkerLostError);
        expect(result.reason).toMatchObject({ taskId: tasks[fatal]?.id, signal: 'SIGKILL', attempt: 1 });
      } else {
        expect(index).not.toBe(fatal);
        expect(Buffer.from(result.value).equals(Buffer.alloc(size, index))).toBe(true);
      }
    }
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
    ]);
  }
  expect(pool.stats()).toMatchObject({
    fulfilled: rounds * (count - 1),
    lost: rounds,
    workersLost: rounds,
    retried: 0,
  });
});
