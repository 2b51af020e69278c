/** The parent's heap is as large after 50,000 tasks as before: `test/bench/heap.mjs` in short. */
import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../../bench/heap.mjs', import.meta.url));

async function bytesPerTask(...args: readonly string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--json', ...args]);
  const report = JSON.parse(stdout) as { readonly bytesPerTask: number; readonly fulfilled: number };
  expect(report.fulfilled).toBeGreaterThanOrEqual(20_000);
  return report.bytesPerTask;
}

const limitBytes = 40;

test('50,000 tasks leave nothing on the heap', { timeout: 180_000 }, async () => {
  expect(Math.abs(await bytesPerTask('--tasks', '50000'))).toBeLessThan(limitBytes);
});

test('a hundred bytes that each task left would be seen', { timeout: 180_000 }, async () => {
  expect(await bytesPerTask('--tasks', '20000', '--leak', '100')).toBeGreaterThan(2 * limitBytes);
});
