/** `troupe verify` in the hands of somebody who mistypes, interrupts, or stops reading. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/verify/${name}.mjs`, import.meta.url));
const lamps = ['--machine', fixture('lamps')];

let folder = '';
beforeAll(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'troupe-verify-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what cannot be done is said in a sentence', () => {
  test.each([
    [
      'a module that throws',
      ['--machine', fixture('throws')],
      'cannot be loaded. Error: thrown while it was',
    ],
    ['a module that never loads', ['--machine', fixture('waits')], 'it waits for what never comes'],
    ['a model without parts', ['--machine', fixture('incomplete')], "'bare' in"],
    [
      'a machine that is none',
      ['--machine', fixture('no-machine')],
      "a machine 'lamp' that is none: make it with",
    ],
    ['a property that throws', ['--machine', fixture('broken')], 'threw. TypeError: Cannot read properties'],
    ['a limit of nothing', ['--limit-states', '0'], "--limit-states is '0', but it must be a whole number"],
    [
      'a list as JSON',
      ['--list', '--json'],
      '--list and --json do not go together. --list goes with --scope',
    ],
    ['a canary of one scope', ['--canary', '--scope', 'small'], '--canary is given alone.'],
    [
      'a replay that writes',
      ['--replay', 'x.json', '--out', 'y.json'],
      '--replay and --out do not go together.',
    ],
    ['mutants of others', ['--mutate', ...lamps], '--mutate and --machine do not go together.'],
    ['a drawing as JSON', ['--json', '--mermaid'], '--json and --mermaid do not go together'],
    [
      'a file in no folder',
      [...lamps, '--out', '/not/there/x.json'],
      '--out /not/there/x.json cannot be written.',
    ],
    ['a folder for a file', [...lamps, '--out', os.tmpdir()], 'is a folder. Name a file in it.'],
    ['a replay of a folder', [...lamps, '--replay', os.tmpdir()], 'cannot be read. Error: EISDIR'],
  ])('%s', (_name, given, message) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [main, 'verify', ...given], {
      encoding: 'utf8',
    });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('\n    at ');
    expect([status, stdout]).toEqual([2, '']);
  });

  test('a counterexample that does not fit its model', () => {
    const file = path.join(folder, 'dark.json');
    spawnSync(process.execPath, [main, 'verify', ...lamps, '--out', file]);
    const found = JSON.parse(readFileSync(file, 'utf8')) as object;
    const files = { other: '{"format":"another"}', damaged: JSON.stringify({ ...found, steps: [7] }) };
    for (const [name, content] of Object.entries(files)) {
      const bad = path.join(folder, `${name}.json`);
      writeFileSync(bad, content);
      const { status, stderr } = spawnSync(process.execPath, [main, 'verify', ...lamps, '--replay', bad], {
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([2, expect.stringContaining(`${name}.json cannot be replayed. `)]);
    }
  });
});

describe.skipIf(process.platform === 'win32')('Ctrl-C ends a search', () => {
  async function interrupt(...given: string[]): Promise<{ code: unknown; stdout: string }> {
    const models = ['--machine', fixture('endless'), ...given];
    const child = spawn(process.execPath, [main, 'verify', ...models], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    const stdout = text(child.stdout);
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    const [code] = (await ended) as [unknown];
    return { code, stdout: await stdout };
  }

  test('and it says what was explored until then', async () => {
    const { code, stdout } = await interrupt('--out', path.join(folder, 'endless.json'));
    expect(code).toBe(130);
    expect(stdout).toMatch(
      /^endless: incomplete\. It was interrupted after [\d,]+ moments\.\n {2}Covered: /u,
    );
    expect(stdout).toContain('Not covered: ');
    expect(stdout.endsWith('\nInterrupted.\n')).toBe(true);
  });

  test('and it does so as JSON', async () => {
    const { code, stdout } = await interrupt('--json');
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 130,
      reports: [{ verdict: 'incomplete', stopped: 'interrupted' }],
      notExplored: [],
    });
  });
});

test.skipIf(process.platform === 'win32')('who stops reading is not told of it', async () => {
  const child = spawn(process.execPath, [main, 'verify', ...lamps], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const stderr = text(child.stderr);
  await once(child, 'close');
  expect(await stderr).toBe('');
});
