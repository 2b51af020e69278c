/** Limits of V8 in real children. */
import { WorkerLostError } from 'troupe';
import { expect, test } from 'vitest';
import { depthOfStack, fillHeap, heapLimitMb, processId } from '../fixtures/jobs/guarded.mjs';
import { openPool } from '../helpers/open-pool.ts';
import { rejectionOf } from '../helpers/rejection-of.ts';

test('a task that fills its heap loses its worker, for want of memory, and nothing else', async () => {
  const pool = openPool({ resourceLimits: { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 6 } });
  const lost = pool.submit(fillHeap);
  const after = pool.submit(processId);
  const error = await rejectionOf(lost, WorkerLostError);
  expect(error.likelyCause).toBe('out-of-memory');
  expect(error.message).toContain('resourceLimits: { maxOldGenerationSizeMb }');
  expect(error.message).toContain('JavaScript heap out of memory');
  expect(await after).not.toBe(error.pid);
});

test('the heap is as large as both generations together', async () => {
  const pool = openPool({ resourceLimits: { maxOldGenerationSizeMb: 300, maxYoungGenerationSizeMb: 48 } });
  expect(await pool.submit(heapLimitMb)).toBe(348);
});

test('a larger stack is deeper, and too deep is still an ordinary error', async () => {
  const usual = await openPool().submit(depthOfStack);
  const deep = await openPool({ resourceLimits: { stackSizeMb: 4 } }).submit(depthOfStack);
  const shallow = await openPool({ resourceLimits: { stackSizeMb: 0.25 } }).submit(depthOfStack);
  expect(deep).toBeGreaterThan(usual * 3);
  expect(shallow).toBeLessThan(usual / 3);
});

test('limits stand beside flags of the program that are about something else', async () => {
  const pool = openPool({
    execArgv: ['--expose-gc'],
    env: { NODE_OPTIONS: '--max-old-space-size=9000' },
    resourceLimits: { maxOldGenerationSizeMb: 300, maxYoungGenerationSizeMb: 48 },
  });
  expect(await pool.submit(heapLimitMb)).toBe(348);
  expect(await pool.submit(() => typeof globalThis.gc)).toBe('function');
});
