/**
 * Closures do in a worker what they do here, or are refused: the same cases in every kind of program that may
 * send them. The programs run first; each case of each is a test.
 */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { createPool } from 'troupe';
import { afterAll, describe, expect, test } from 'vitest';
import { cases } from './cases/all.mjs';
import { cases as awaiting } from './cases/top-level-await.mjs';
import { type Environment, environments, root } from './environments.ts';
import { runCases, type CaseResult } from './run-cases.mjs';
import { type Report, runEnvironment } from './run-environment.ts';

// In the package, so that programs import `troupe` by its name; one folder per run, for runs side by side.
const folder = path.join(root, 'test/.samples', `closures-${process.pid}`);
const atATime = 2;
const isInCi = process.env['CI'] !== undefined;
const wanted = environments.filter(({ isUsual = false }) => isInCi || isUsual);
const possible = wanted.filter(({ missing = false }) => missing === false);

const reports = await reportsOf(possible);
const here = await runCases([...cases, ...awaiting], createPool, ['vitest']);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs them all, some at a time. */
async function reportsOf(all: readonly Environment[]): Promise<ReadonlyMap<string, Report>> {
  await mkdir(folder, { recursive: true });
  const found = new Map<string, Report>();
  const waiting = [...all];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      found.set(next.name, await runTwiceAtMost(next));
  };
  await Promise.all(Array.from({ length: atATime }, lane));
  return found;
}

/**
 * The retries of vitest come too late for what ran before the tests; CI's shared machine has one more try
 * here, too.
 */
async function runTwiceAtMost(environment: Environment): Promise<Report> {
  const report = await runEnvironment(environment, folder);
  const isFine = report.failure === '' && report.results.every(({ detail }) => detail === '');
  if (isFine || !isInCi) return report;
  console.warn(`${environment.name}: failed, and runs once more`);
  return await runEnvironment(environment, folder);
}

function expectAll(results: readonly CaseResult[]): void {
  for (const { name, detail } of results)
    test(name, () => {
      // Not an expectation: its message would be cut short.
      if (detail !== '') throw new Error(detail);
    });
}

describe('a fork of vitest', () => {
  expectAll(here);
});

for (const { name } of possible) {
  const { results, runs, failure } = reports.get(name) ?? { results: [], runs: 0, failure: 'did not run' };

  describe(name, () => {
    test('reports, and its main script ran once', () => {
      if (failure !== '') throw new Error(failure);
      expect(results.length).toBeGreaterThan(0);
      expect(runs, 'runs of the main script').toBe(1);
    });

    expectAll(results);
  });
}

test.for(isInCi ? [] : [environments.length - wanted.length])(
  '%d more kinds of programs run with CI=true',
  (_, { skip }) => {
    skip();
  },
);

test.for(wanted.filter(({ missing = false }) => missing !== false))('$name', ({ missing }, { skip }) => {
  skip(String(missing));
});
