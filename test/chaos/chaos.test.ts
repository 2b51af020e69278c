/** A few seconds of the chaos run, as its command line does it, judged by its ledger alone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ChaosLedger } from './campaign.ts';
import { help, readChaosOptions, UsageError } from './options.ts';
import type { TraceRecord } from './trace.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-chaos-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function runChaos(...commandLine: string[]): Promise<{ code: unknown; stdout: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...commandLine], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [stdout] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code: child.exitCode, stdout };
}

function readTrace(file: string): TraceRecord[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as TraceRecord);
}

describe('six seconds of chaos', () => {
  test('leave an even ledger and a whole trace', { timeout: 180_000 }, async ({ annotate }) => {
    const trace = join(openFolder(), 'trace.jsonl');
    const { code, stdout } = await runChaos('--seconds', '6', '--json', '--trace', trace);
    const { problems, figures, endings, seed } = JSON.parse(stdout) as ChaosLedger;
    await annotate(`seed ${seed}: ${JSON.stringify(figures)} ${JSON.stringify(endings)}`);
    expect(problems).toEqual([]);
    expect(code).toBe(0);
    expect(figures.settled).toBe(figures.submitted);
    expect(figures.settled).toBeGreaterThan(0);
    expect(figures.workers).toBe(0);

    const records = readTrace(trace);
    for (let pool = 1; pool <= figures.rounds; pool += 1) {
      const steps = records.filter((record) => record[0] === pool && record[1] === 'step');
      expect(steps[0]?.slice(0, 5)).toMatchObject([pool, 'step', 'pool', 0, { type: 'xstate.init' }]);
      const commands = steps.flatMap((record) => record[5] as { type: string }[]);
      expect(commands).toContainEqual({ type: 'announceState', params: { state: 'closed' } });
    }
  });
});

describe('the command line', () => {
  test('has defaults and a help', () => {
    expect(readChaosOptions(['--seed', '7'])).toMatchObject({ durationMs: 60_000, seed: 7, json: false });
    expect(readChaosOptions(['--minutes', '30'])).toMatchObject({ durationMs: 1_800_000 });
    expect(readChaosOptions(['--help'])).toBeNull();
    expect(help).toContain('--trace FILE');
  });

  test.each([[['--unknown']], [['--seconds', 'ten']], [['--seconds', '1', '--minutes', '1']], [['extra']]])(
    'refuses %j',
    (commandLine) => {
      expect(() => readChaosOptions(commandLine)).toThrow(UsageError);
    },
  );
});
