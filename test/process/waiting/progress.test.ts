/** What a task tells on the way leaves while it computes, and takes bounded memory if nobody reads. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { floods, reportsAndComputes, yieldsAndComputes } from '../../fixtures/life/tells.mjs';
import { openFolder, openPool } from '../../helpers/open-pool.ts';
import { blockUntil } from '../../helpers/processes.ts';

test('progress of a function that computes without a pause comes before its end', async () => {
  const gate = join(openFolder(), 'gate');
  const onProgress = (value: unknown): void => writeFileSync(gate, String(value));
  const task = openPool().with({ onProgress }).submit(reportsAndComputes, gate);
  expect(await task).toBe('computed');
  expect(readFileSync(gate, 'utf8')).toBe('computing');
});

test('so does what a generator yields that computes without a pause', async () => {
  const gate = join(openFolder(), 'gate');
  const seen: string[] = [];
  for await (const value of openPool().stream(yieldsAndComputes, gate)) {
    seen.push(value);
    writeFileSync(gate, value);
  }
  expect(seen).toEqual(['computing', 'computed']);
});

test('a flood that is read comes as a whole', async () => {
  const seen: number[] = [];
  const onProgress = (value: unknown): void => void seen.push((value as { index: number }).index);
  await openPool().with({ onProgress }).submit(floods, 20_000, 1, join(openFolder(), 'ended'));
  expect(seen).toEqual(Array.from({ length: 20_000 }, (_, index) => index));
});

test('a flood that nobody reads: the latest value counts, in order, and memory is bounded', async () => {
  const [count, size] = [300, 4_000_000];
  const ended = join(openFolder(), 'ended');
  const seen: number[] = [];
  const onProgress = (value: unknown): void => {
    seen.push((value as { index: number }).index);
    if (seen.length === 1) blockUntil('the flood is over', () => existsSync(ended));
  };
  expect(await openPool().with({ onProgress }).submit(floods, count, size, ended)).toBe(count);
  expect(seen.length).toBeLessThan(20);
  expect(seen).toEqual(seen.toSorted((one, other) => one - other));
  expect(seen.at(-1)).toBe(count - 1);
  // All of it would take 1.2 GB.
  expect(Number(readFileSync(ended, 'utf8'))).toBeLessThan(600_000_000);
});
