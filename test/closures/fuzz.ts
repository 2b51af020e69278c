/**
 * Sends random closures to a worker and compares with what they do here.
 *
 *   tsx test/closures/fuzz.ts --seeds 1000 [--from 1]
 */
import { mkdir, rm } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createPool } from 'troupe';
import { checkSeed } from './fuzz/check-seed.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const folder = fileURLToPath(new URL(`../.samples/fuzz-${process.pid}`, import.meta.url));
  await mkdir(folder, { recursive: true });
  await using pool = createPool({ maxWorkers: 2, task: { timeoutMs: 20_000 } });
  const [first, count] = [Number(values.from), Number(values.seeds)];
  let failed = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const problems = await checkSeed(seed, pool, folder);
    for (const problem of problems) console.log(problem);
    if (problems.length > 0) failed += 1;
    if (failed > 0 && !values.all) break;
  }
  process.exitCode = failed === 0 ? 0 : 1;
  if (failed > 0) return console.log(`Again: npx tsx test/closures/fuzz.ts --seeds 1 --from SEED`);
  console.log(`${count} programs from seed ${first}: the same here and in workers.`);
  await rm(folder, { recursive: true });
}

void main();
