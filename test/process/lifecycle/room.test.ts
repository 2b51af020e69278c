/** Waiting for room in a bounded queue, by many callers at once. */
import { expect, test } from 'vitest';
import { addLater, waitForFile } from '../../fixtures/jobs/plain.mjs';
import { openGate, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

test('those that hear of room hear of it one by one', () =>
  withFolder((folder) =>
    withPool({ maxWorkers: 1, maxQueue: 1 }, async (pool) => {
      const held = [pool.submit(waitForFile, `${folder}/gate`), pool.submit(waitForFile, `${folder}/gate`)];
      const callers = Array.from({ length: 20 }, async (_, index) => {
        await pool.ready();
        return pool.submit(addLater, index, 1, 1);
      });
      await openGate(`${folder}/gate`);
      await Promise.all(held);
      expect(await Promise.all(callers)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    }),
  ));

test('waiting for room ends when the pool closes', () =>
  withPool({ maxWorkers: 1, maxQueue: 0 }, async (pool) => {
    const running = pool.submit(addLater, 1, 1, 10);
    const waiting = [pool.ready(), pool.ready(), pool.ready()];
    await pool.close();
    await Promise.all([running, ...waiting]);
  }));
