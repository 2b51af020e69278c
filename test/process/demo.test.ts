/** The demo as a user runs it: the built command line, real processes, real kills. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Chaos } from '../../src/cli/demo-chaos.ts';
import type { DemoOutcome } from '../../src/cli/demo-outcome.ts';
import { randomFrom } from '../../src/cli/demo-random.ts';

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const mixedFiles = {
  'module.js':
    "import fs from 'node:fs';\nexport class A {}\nexport const read = () => fs.readFileSync('a');\n",
  'script.cjs': "const path = require('node:path');\nfunction join() { return path.join('a'); }\nreturn;\n",
  'deep/sloppy.js': 'with (Math) { var x = function () { return sin(1) } }\n',
  'deep/broken.mjs': 'this is not JavaScript\n',
  'types.d.ts': 'export declare function nothing(): void;\n',
  'data.json': '{"a": [1, 2, 3]}\n',
  'empty.css': '',
  'README.md': '# Read me\n',
  'picture.png': 'not a source file',
};

let root = '';
let mixed = '';
let heavy = '';

beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'troupe-demo-'));
  mixed = path.join(root, 'mixed');
  heavy = path.join(root, 'heavy');
  mkdirSync(path.join(mixed, 'deep'), { recursive: true });
  mkdirSync(heavy);
  for (const [name, content] of Object.entries(mixedFiles)) writeFileSync(path.join(mixed, name), content);
  writeFileSync(path.join(mixed, 'large.js'), `'${'x'.repeat(2 * 1024 * 1024)}'`);
  symlinkSync(mixed, path.join(mixed, 'loop'));
  // Words at random keep the compressor busy: about a second of work, in pieces shorter than a worker lives.
  const random = randomFrom(1);
  for (let index = 0; index < 60; index += 1) {
    const words = Array.from({ length: 2_000 }, () => Math.trunc(random() * 1e9).toString(36));
    writeFileSync(path.join(heavy, `words-${index}.json`), JSON.stringify(words));
  }
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

interface Answer {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function troupe(...commandLine: string[]): Promise<Answer> {
  const child = spawn(process.execPath, [main, ...commandLine], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  const [stdout, stderr] = await outputs;
  return { code, signal, stdout, stderr };
}

async function demo(...commandLine: string[]): Promise<DemoOutcome> {
  const { code, stdout, stderr } = await troupe('demo', '--json', '--workers', '2', ...commandLine);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as DemoOutcome;
}

describe('troupe demo', () => {
  test('counts what is in the files', async () => {
    const outcome = await demo(mixed, '--no-chaos');
    expect(outcome).toMatchObject({
      ok: true,
      lost: 0,
      duplicates: 0,
      killed: 0,
      failures: [],
      differences: [],
      files: { found: 8, taken: 8, everyNth: 1, tooLarge: 1 },
      total: { files: 8, functions: 3, classes: 1, imports: 2, strings: 4, parsed: 4, broken: 1 },
      // The empty file weighs nothing, so it cannot be part of a sample by size.
      checked: 7,
    });
    const languages = outcome.languages.map(({ language, files }) => [language, files]);
    expect(Object.fromEntries(languages)).toEqual({
      JavaScript: 4,
      TypeScript: 1,
      JSON: 1,
      CSS: 1,
      Markdown: 1,
    });
    expect(outcome.total.bytes).toBe(outcome.files.takenBytes);
  });

  test('takes every nth file of a folder that is too large, and says so', async () => {
    const { code, stdout } = await troupe('demo', heavy, '--no-chaos', '--max-mb', '1', '--workers', '1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/0\.\d\d of 1\.\d MB, every 2nd file: 30 of 60 files/);
    expect(stdout).toContain('0 lost   0 duplicates');
    expect(stdout).toContain('against a single-process run: all equal');
    expect(stdout).not.toContain('\u001B');
  });

  test('loses nothing while workers are killed', async () => {
    const outcome = await demo(heavy, '--chaos', '--chaos-interval-ms', '200', '--seed', '3');
    expect(outcome).toMatchObject({
      ok: true,
      lost: 0,
      duplicates: 0,
      abandoned: [],
      total: { files: 60 },
      seed: 3,
    });
    expect(outcome.killed).toBeGreaterThan(0);
    expect(outcome.lostWorkers).toBeGreaterThan(0);
  });

  test('ends on Ctrl-C by the signal itself', async () => {
    const child = spawn(process.execPath, [main, 'demo', heavy, '--no-chaos'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    const rest = text(child.stdout);
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGINT' });
    expect(await rest).not.toContain('lost');
  });
});

describe('the command line', () => {
  test.each([
    [['dmeo'], "no command 'dmeo'"],
    [[], 'Which command?'],
    [['demo', '--wrokers', '2'], '--wrokers'],
    [['demo', '--workers', '0'], "--workers is '0'"],
    [['demo', 'nowhere-at-all'], 'There is no folder'],
    [['demo', 'a', 'b'], 'one folder'],
  ])('%j is not understood: exit code 2', async (commandLine, message) => {
    const { code, stdout, stderr } = await troupe(...commandLine);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
  });

  test('a folder without source files is not understood either', async () => {
    const empty = path.join(root, 'empty');
    mkdirSync(empty);
    expect(await troupe('demo', empty)).toMatchObject({ code: 2 });
  });

  test('help and version', async () => {
    const general = await troupe('--help');
    expect(general.code).toBe(0);
    expect(general.stdout).toContain('demo [folder]');
    expect((await troupe('demo', '--help')).stdout).toContain('--no-chaos');
    expect((await troupe('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

test('chaos spares a worker that starts, kills it once it works, and never counts it twice', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const states = ['starting', 'initializing', 'draining', 'busy'];
  const chaos = new Chaos({
    intervalMs: 1,
    random: randomFrom(1),
    workers: () => [
      { id: 1, pid: child.pid, state: states.shift() ?? 'busy' },
      { id: 2, pid: undefined, state: 'busy' },
    ],
  });
  chaos.start();
  const [, signal] = (await exited) as [number | null, string | null];
  chaos.stop();
  expect(signal).toBe('SIGKILL');
  expect(states).toEqual([]);
  expect(chaos.kills).toBe(1);
});
