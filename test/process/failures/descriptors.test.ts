/** A task that writes to or closes its process's descriptors harms that process at most: never the pool. */
import { type Pool, ProtocolError, WorkerLostError } from 'troupe';
import { describe, expect, test } from 'vitest';
import {
  closeAndStay,
  closeDescriptor,
  closeMany,
  writeBytes,
  writeTo,
} from '../../fixtures/jobs/descriptors.mjs';
import { add, processId, waitForFile } from '../../fixtures/jobs/plain.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { openGate, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

const channel = 3;

/** The worker is replaced, and the pool goes on. */
async function lossOf(pool: Pool, task: PromiseLike<unknown>, before: number): Promise<WorkerLostError> {
  const error = await rejectionOf(task, WorkerLostError);
  expect(error.pid).toBe(before);
  expect(await pool.submit(processId)).not.toBe(before);
  return error;
}

test.each([
  ['stdout', 1],
  ['stderr', 2],
])('garbage on %s is only output', (_name, descriptor) =>
  withPool({}, async (pool) => {
    const before = await pool.submit(writeTo, descriptor, '\u{1}\u{7f}garbage\n[7,{"not":"a frame"}]\n');
    expect(await pool.submit(processId)).toBe(before);
  }),
);

describe('garbage on the channel', () => {
  test.each([
    ['text', new TextEncoder().encode('hello parent\n')],
    ['zeros', new Uint8Array(64)],
    [
      'a frame that says it is enormous',
      new Uint8Array([0xf7, 0x74, 0x72, 1, 255, 255, 255, 255, 255, 255, 255, 255]),
    ],
    ['a frame that is no JSON', new Uint8Array([0xf7, 0x74, 0x72, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0x7b])],
    ['a frame that is no message', new Uint8Array([0xf7, 0x74, 0x72, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d])],
  ])('%s', (_what, bytes) =>
    withPool({}, async (pool) => {
      const before = await pool.submit(processId);
      const error = await lossOf(pool, pool.submit(writeBytes, channel, bytes), before);
      expect(error.cause).toBeInstanceOf(ProtocolError);
    }),
  );

  test('costs its own worker only', () =>
    withFolder((folder) =>
      withPool({ maxWorkers: 2 }, async (pool) => {
        const gate = `${folder}/gate`;
        const neighbour = pool.submit(waitForFile, gate);
        await rejectionOf(pool.submit(writeBytes, channel, new Uint8Array(16)), WorkerLostError);
        await pool.submit(writeTo, 1, 'still here\n');
        await openGate(gate);
        expect(pool.workers.map((worker) => worker.pid)).toContain(await neighbour);
        expect(pool.stats().workersLost).toBe(1);
      }),
    ));
});

describe('closed descriptors', () => {
  test('the channel, in a task that never ends', () =>
    withPool({ killGraceMs: 100 }, async (pool) => {
      const before = await pool.submit(processId);
      await lossOf(pool, pool.submit(closeAndStay, channel), before);
    }));

  test('the channel, in a task that returns', () =>
    withPool({ killGraceMs: 100 }, async (pool) => {
      const before = await pool.submit(processId);
      await lossOf(pool, pool.submit(closeDescriptor, channel), before);
    }));

  test('stderr', () =>
    withPool({}, async (pool) => {
      const before = await pool.submit(processId);
      expect(await pool.submit(closeDescriptor, 2)).toBe(before);
      expect(await pool.submit(add, 1, 2)).toBe(3);
    }));

  test('stdout', () =>
    withPool({}, async (pool) => {
      const before = await pool.submit(processId);
      expect(await pool.submit(closeDescriptor, 1)).toBe(before);
      expect(await pool.submit(add, 1, 2)).toBe(3);
    }));

  test('all of them', () =>
    withPool({ killGraceMs: 100 }, async (pool) => {
      const before = await pool.submit(processId);
      await lossOf(pool, pool.submit(closeMany, 20), before);
    }));
});
