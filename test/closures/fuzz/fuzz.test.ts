/** Random closures do in a worker what they do here: the same few programs in each run. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openPool } from '../../helpers/open-pool.ts';
import { checkSeed } from './check-seed.ts';

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
const folder = fileURLToPath(new URL(`../../.samples/fuzz-${process.pid}`, import.meta.url));

test('random programs', { timeout: 120_000 }, async () => {
  await mkdir(folder, { recursive: true });
  const pool = openPool({ maxWorkers: 2 });
  const problems: string[] = [];
  for (const seed of seeds) problems.push(...(await checkSeed(seed, pool, folder)));
  expect(problems, `see ${path.basename(folder)}`).toEqual([]);
  await rm(folder, { recursive: true });
});
