/** `troupe verify` as a user runs it: the built command line, and modules of their own. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { progressText } from '../../src/cli/verify-progress.ts';

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/verify/${name}.mjs`, import.meta.url));
const lamps = ['--machine', fixture('lamps')];

let folder = '';
beforeAll(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'troupe-verify-cli-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function verify(...given: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [main, 'verify', ...given], { encoding: 'utf8' });
}

describe('troupe verify --machine', () => {
  test('says of each model what holds, tells what does not, and exits with 1', () => {
    const { status, stdout } = verify(...lamps);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^bright {2}passed {6}\d+ moments, \d+ steps, \d+ moves deep, /mu);
    expect(stdout).toMatch(/^dark {4}failed {6}/mu);
    expect(stdout).toContain('dark: "no deadlock" does not hold.');
    expect(stdout).toContain('\nFailed: dark. Explored: ');
    expect(stdout).not.toContain('sequenceDiagram');
  });

  test('explores one of them in full, and exits with 0 if everything holds', () => {
    const { status, stdout } = verify(...lamps, '--scope', 'bright');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^bright: passed\. Every one of \d+ moments was explored/u);
    expect(stdout).toContain('(state, event) pairs met');
  });

  test('never says "passed" of a search that a limit ended, and exits with 2', () => {
    const { status, stdout } = verify(...lamps, '--scope', 'bright', '--limit-states', '5');
    expect(status).toBe(2);
    expect(stdout).toContain('bright: incomplete. The limit on states was reached');
    expect(stdout).toContain('Not covered: ');
    expect(stdout.toLowerCase()).not.toContain('passed');
  });

  test('draws, writes and replays a counterexample', () => {
    const file = path.join(folder, 'dark.json');
    const { stdout } = verify(...lamps, '--mermaid', '--out', file);
    expect(stdout).toContain('\nsequenceDiagram\n  participant p1 as outside\n');
    expect(stdout).toContain(`Written to ${file}`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 1, model: 'dark' });
    const again = verify('--replay', file, ...lamps);
    expect(again.stdout).toMatch(
      /^dark: "no deadlock", in 4 steps\.\n {2}1\. press left: left gets press from outside\n/u,
    );
    expect(again.stdout).toContain('In the end: nothing can happen any more, and somebody still waits.');
    expect(again.status).toBe(1);
    const elsewhere = verify('--replay', file);
    expect(elsewhere.stderr).toContain(
      "is about the model 'dark', which is not here: name its module with --machine",
    );
    expect(elsewhere.status).toBe(2);
  });

  test('writes reports as JSON', () => {
    const { status, stdout } = verify(...lamps, '--json');
    const { exitCode, reports } = JSON.parse(stdout) as { exitCode: number; reports: { verdict: string }[] };
    expect([status, exitCode]).toEqual([1, 1]);
    expect(reports.map(({ verdict }) => verdict)).toEqual(['failed', 'passed']);
  });

  test('lists', () => {
    const { status, stdout } = verify(...lamps, '--list');
    expect([status, stdout.split('\n').map((line) => line.split(' ')[0])]).toEqual([
      0,
      ['dark', 'bright', ''],
    ]);
  });
});

test('troupe verify --canary finds the planted mistakes', () => {
  const { status, stdout } = verify('--canary');
  expect([status, stdout]).toEqual([
    0,
    'found a planted deadlock\nfound a planted double settle\nfound a planted livelock\n',
  ]);
});

describe('troupe verify --mutate', () => {
  const scenarios = fileURLToPath(new URL('../machines/scenarios', import.meta.url));

  test('says what noticed how many mutants of a machine, and exits with 0 if that is all of them', () => {
    const { status, stdout } = verify('--mutate', '--scope', 'task', '--scenarios', scenarios);
    expect(stdout).toMatch(/^\d+ mutants: \d+ killed, 0 survived, 0 equivalent\. Score: 100 %\.\n/u);
    expect(stdout).toContain('\nKilled by scenario:\n  task/');
    expect(stdout).toContain(
      '\nEvery mutant is noticed or known to be harmless.\n\n| machine | mutants | by scenario |',
    );
    expect(status).toBe(0);
  });

  test('does not take a scenario that does not hold for one that notices', () => {
    const copy = path.join(folder, 'scenarios');
    cpSync(scenarios, copy, { recursive: true });
    appendFileSync(path.join(copy, 'task', 'runs.txt'), '\n> cancel.asked\nstate: aborting\n');
    const { status, stderr, stdout } = verify('--mutate', '--scope', 'task', '--scenarios', copy);
    expect(stderr).toContain('The scenario task/runs does not say what the machine does');
    expect([status, stdout]).toEqual([2, '']);
  });
});

describe('troupe verify explains', () => {
  test('itself', () => {
    const { status, stdout } = verify('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: troupe verify [options]');
  });

  test.each([
    ['an unknown option', ['--fast'], "'--fast'"],
    ['an unknown scope', [...lamps, '--scope', 'dim'], "There is no scope 'dim'. There is 'dark', 'bright'."],
    [
      'a limit that is no number',
      ['--limit-states', 'many'],
      "--limit-states is 'many', but it must be a whole number",
    ],
    ['options that exclude each other', ['--list', '--canary'], 'exclude each other'],
    ['scenarios for nothing', ['--scenarios', 'test/machines/scenarios'], '--scenarios is for --mutate.'],
    [
      'a folder that holds no scenarios',
      ['--mutate', '--scenarios', 'not-there'],
      '--scenarios expects a folder with one for each machine, pool, worker, task, child, and in each',
    ],
    ['an unknown machine', ['--mutate', '--scope', 'lamp'], "No machine of the pool is called 'lamp'."],
    ['a module that is not there', ['--machine', 'not-there.js'], 'not-there.js cannot be loaded.'],
    [
      'a module without a model',
      ['--machine', fixture('nothing')],
      'exports no model. Make one: export default model(',
    ],
    ['a file that is not there', ['--replay', 'not-there.json', ...lamps], 'not-there.json cannot be read.'],
    ['a file that is no counterexample', ['--replay', main, ...lamps], 'A counterexample must be JSON.'],
    [
      'a machine that cannot be explored',
      ['--machine', fixture('clock')],
      "Machine 'clock', its only state, event 'tick': a guard, an assign or params called Date.now()",
    ],
  ])('%s, and exits with 2', (_name, given, message) => {
    const { status, stderr, stdout } = verify(...given);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect([status, stdout]).toEqual([2, '']);
  });
});

describe('the line of progress', () => {
  const progress = { states: 1_000, edges: 3_000, waiting: 500, depth: 7, seconds: 2, statesPerSecond: 500 };

  test('tells the time that is left, by what was there last time if that is known', () => {
    expect(progressText('pool', { ...progress, secondsLeft: 10 }, 0)).toBe(
      'pool: 1,000 moments, 500/s, 7 moves deep, about 0:10 left',
    );
    expect(progressText('pool', { ...progress, secondsLeft: 10 }, 30_500)).toContain('about 1:00 left');
  });

  test('tells what waits while nobody knows', () => {
    expect(progressText('pool', { ...progress, secondsLeft: null }, 0)).toContain(
      '500 waiting, still growing',
    );
  });
});
