/**
 * Runs simulations from the command line: many seeds, or one again.
 *
 *   tsx test/simulation/main.ts --seeds 3000 [--from 1]
 *   tsx test/simulation/main.ts --seed 4711 [--log]
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Coverage } from './coverage.ts';
import { minimise } from './minimise.ts';
import { addRegression } from './regressions.ts';
import { simulate, type SimulationResult } from './simulate.ts';
import { storyOf } from './story.ts';

/** Fewer seeds may miss what is rare. */
const seedsForCoverage = 2_000;
const secondsBetweenReports = 5;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    log: { type: 'boolean', default: false },
  },
});

/** How many seeds a second, and how much time passed in them. */
function progressOf({ runs, steps, virtualMs }: Coverage, startedAtMs: number): string {
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const hours = virtualMs / 3_600_000;
  return `${runs} seeds, ${(runs / seconds).toFixed(0)} a second; ${steps} events, ${hours.toFixed(1)} hours`;
}

async function reportFailure(failed: SimulationResult): Promise<void> {
  console.log(`\nSeed ${failed.seed} fails: ${failed.problems[0]}\nMaking it small ...`);
  const smallest = await minimise(failed);
  console.log(storyOf(smallest));
  addRegression(smallest);
  console.log(
    '\nThe small run was added to test/simulation/regressions.json. The whole one again:\n' +
      `  npx tsx test/simulation/main.ts --seed ${failed.seed} --log`,
  );
}

async function runOne(seed: number): Promise<boolean> {
  const result = await simulate(seed, { isLogKept: values.log });
  if (values.log) for (const line of result.lines) console.log(line);
  console.log(`Seed ${seed}: digest ${result.digest}, ${result.steps} events.`);
  for (const problem of result.problems) console.log(problem);
  return result.problems.length === 0;
}

async function runMany(first: number, count: number): Promise<boolean> {
  const coverage = new Coverage();
  const startedAtMs = performance.now();
  let reportAtMs = startedAtMs + secondsBetweenReports * 1_000;
  for (let seed = first; seed < first + count; seed += 1) {
    const result = await simulate(seed);
    coverage.add(result);
    if (result.problems.length > 0) {
      await reportFailure(result);
      return false;
    }
    if (performance.now() < reportAtMs) continue;
    reportAtMs = performance.now() + secondsBetweenReports * 1_000;
    console.log(progressOf(coverage, startedAtMs));
  }
  console.log(`${coverage.toString()}\n${progressOf(coverage, startedAtMs)} of simulated time. No problem.`);
  if (count < seedsForCoverage || coverage.missing.length === 0) return true;
  console.log(`Among so many seeds these should have happened: ${coverage.missing.join(', ')}.`);
  return false;
}

async function main(): Promise<void> {
  const { seed, seeds, from } = values;
  const isFine = seed === undefined ? await runMany(Number(from), Number(seeds)) : await runOne(Number(seed));
  process.exitCode = isFine ? 0 : 1;
}

void main();
