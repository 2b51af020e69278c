/** Runs that failed once, made small: each must pass from then on. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Scenario } from './scenario.ts';
import type { SimulationResult } from './simulate.ts';

export interface Regression {
  /** What was wrong, and what mended it. */
  readonly why: string;
  readonly seed: number;
  readonly scenario: Scenario;
}

const file = new URL('regressions.json', import.meta.url);

export function readRegressions(): Regression[] {
  return JSON.parse(readFileSync(file, 'utf8')) as Regression[];
}

/** Adds a run; whoever mends what is wrong writes down the reason. */
export function addRegression({ seed, scenario, problems }: SimulationResult): void {
  const why = `not mended: ${problems[0]?.split('\n', 1).join('') ?? ''}`;
  writeFileSync(file, `${JSON.stringify([...readRegressions(), { why, seed, scenario }], null, 2)}\n`);
}
