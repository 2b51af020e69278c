/**
 * The whole pool in simulated worlds: what failed once, seeds that nobody has seen yet, and whether a broken
 * world would be noticed at all.
 */
import { randomInt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Coverage } from './coverage.ts';
import { minimise } from './minimise.ts';
import { readRegressions } from './regressions.ts';
import { simulate, type SimulationResult } from './simulate.ts';
import type { Sabotage } from './spawner.ts';
import { storyOf } from './story.ts';

const timeout = 120_000;
const freshSeeds = 150;
/** A broken world must be noticed within so many seeds. */
const canarySeedsMax = 40;

async function expectFine(result: SimulationResult): Promise<void> {
  if (result.problems.length === 0) return;
  const again = `npx tsx test/simulation/main.ts --seed ${result.seed} --log`;
  expect.fail(`Seed ${result.seed} fails; see ${again}\n${storyOf(await minimise(result))}`);
}

describe('what failed once passes', () => {
  const regressions = readRegressions();

  test.each(regressions)('$why', async ({ seed, scenario }) => {
    await expectFine(await simulate(seed, { scenario }));
  });
});

test(`${freshSeeds} fresh seeds`, { timeout }, async ({ annotate }) => {
  const first = randomInt(2 ** 31);
  const coverage = new Coverage();
  for (let seed = first; seed < first + freshSeeds; seed += 1) {
    const result = await simulate(seed);
    coverage.add(result);
    await expectFine(result);
  }
  await annotate(`seeds from ${first}: ${coverage.steps} events`);
});

test('the same seed is the same run', { timeout }, async () => {
  const seeds = Array.from({ length: 20 }, () => randomInt(2 ** 31));
  const digests: string[] = [];
  for (const seed of seeds) digests.push((await simulate(seed)).digest);
  expect(new Set(digests).size).toBe(seeds.length);
  // In another order: nothing of one run is left for the next.
  for (const [index, seed] of [...seeds.entries()].toReversed()) {
    expect((await simulate(seed)).digest, `seed ${seed}`).toBe(digests[index]);
  }
});

describe('a world that breaks its promises is noticed', () => {
  const broken: readonly Sabotage[] = ['exit is swallowed', 'bytes come twice', 'last words are lost'];

  test.each(broken)('%s', { timeout }, async (sabotage) => {
    const found: SimulationResult[] = [];
    for (let seed = 1; found.length === 0 && seed <= canarySeedsMax; seed += 1) {
      const result = await simulate(seed, { sabotage });
      if (result.problems.length > 0) found.push(result);
    }
    expect(found).toHaveLength(1);
  });

  test('and its story is short', { timeout }, async () => {
    const sabotage = 'exit is swallowed';
    const failed = await simulate(1, { sabotage });
    expect(failed.problems).not.toEqual([]);
    const smallest = await minimise(failed, { sabotage });
    expect(smallest.problems).not.toEqual([]);
    expect(smallest.scenario.plan.length).toBeLessThanOrEqual(3);
    expect(smallest.scenario.faults).toEqual([]);
    expect(storyOf(smallest)).toContain('What is wrong:');
  });
});
