/** Binary values arrive as they were when they were handed in, though their owner uses the memory again. */
import { expect, test } from 'vitest';
import {
  firstKept,
  firstOf,
  keep,
  pagesInOneBuffer,
  reportsInOneBuffer,
} from '../fixtures/buffers/tasks.mjs';
import { openPool } from '../helpers/open-pool.ts';

const lengthBytes = 200_000;

test('an argument', async () => {
  const pool = openPool();
  const bytes = new Uint8Array(lengthBytes).fill(1);
  const task = pool.submit(firstOf, bytes);
  bytes.fill(2);
  expect(await task).toBe(1);
});

test('an argument of `initialize`', async () => {
  const bytes = new Uint8Array(lengthBytes).fill(1);
  const pool = openPool({ initialize: { fn: keep, args: [bytes] } });
  bytes.fill(2);
  expect(await pool.submit(firstKept)).toBe(1);
});

test('what a generator yields', async () => {
  const pages: (number | undefined)[] = [];
  for await (const page of openPool().stream(pagesInOneBuffer, 5)) pages.push(page.at(-1));
  expect(pages).toEqual([1, 2, 3, 4, 5]);
});

test('progress', async () => {
  const reports: unknown[] = [];
  const onProgress = (page: unknown): void => void reports.push((page as Uint8Array).at(-1));
  await openPool().with({ onProgress }).submit(reportsInOneBuffer, 5);
  expect(reports).toEqual([1, 2, 3, 4, 5]);
});
