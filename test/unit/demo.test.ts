/** The parts of the demo that can be wrong without a process: the books, the comparison, the pictures. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WorkerStartError } from '../../src/errors.ts';
import { measureAlone, type Baseline } from '../../src/cli/demo-baseline.ts';
import type { SourceFile, SourceFiles } from '../../src/cli/demo-files.ts';
import { drawFrame, type DemoProgress } from '../../src/cli/demo-frame.ts';
import { readDemoOptions } from '../../src/cli/demo-options.ts';
import { demoOutcome, type DemoOutcome } from '../../src/cli/demo-outcome.ts';
import { randomFrom } from '../../src/cli/demo-random.ts';
import { drawReport } from '../../src/cli/demo-report.ts';
import { Tally } from '../../src/cli/demo-tally.ts';
import { analyzeFile, type FileResult } from '../../src/cli/demo-work.ts';
import { renderLine, widthOf } from '../../src/cli/terminal-text.ts';

let folder = '';
const files: SourceFile[] = [];

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'troupe-demo-'));
  for (let index = 0; index < 5; index += 1) {
    const content = `export const text${index} = () => 'number ${index}';\n`;
    const file = path.join(folder, `file-${index}.js`);
    writeFileSync(file, content);
    files.push({ path: file, bytes: content.length });
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function draw(seed: number): number[] {
  return Array.from({ length: 3 }, randomFrom(seed));
}

function tallyOf(results: readonly FileResult[]): Tally {
  const tally = new Tally(files);
  for (const result of results) tally.enter(result);
  return tally;
}

function correctResults(): FileResult[] {
  return files.map((file) => analyzeFile(file.path));
}

function baselineOf(tally: Tally): Promise<Baseline> {
  return measureAlone({
    files,
    random: randomFrom(1),
    poolResult: (file) => tally.resultOf(file),
    onProgress: () => {},
    signal: new AbortController().signal,
  });
}

async function outcomeOf(tally: Tally): Promise<DemoOutcome> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const collected: SourceFiles = {
    taken: files,
    takenBytes: bytes,
    found: files.length,
    foundBytes: bytes,
    everyNth: 1,
    tooLarge: 0,
    unreadableFolders: 0,
  };
  const machine = { cpus: 2, loadAtStart: 0 };
  const run = { tally, workers: 2, wallMs: 10, kills: 0, lostWorkers: 0, retries: 0, machine };
  return demoOutcome(readDemoOptions([folder, '--seed', '1']), collected, run, await baselineOf(tally));
}

describe('the books', () => {
  test('one answer for each file is right', async () => {
    const tally = tallyOf(correctResults());
    expect(tally).toMatchObject({ lost: 0, duplicates: 0, filesDone: 5 });
    expect(tally.total()).toMatchObject({ files: 5, functions: 5, strings: 5, broken: 0 });
    expect(await outcomeOf(tally)).toMatchObject({ ok: true, checked: 5, alone: { complete: true } });
  });

  test('a missing answer is lost', async () => {
    const tally = tallyOf(correctResults().slice(1));
    expect(tally.lost).toBe(1);
    expect(await outcomeOf(tally)).toMatchObject({ ok: false, lost: 1 });
  });

  test("an answer that went to another task's caller is a duplicate here and lost there", () => {
    const results = correctResults();
    const [first] = results;
    const tally = tallyOf([...results.slice(0, 4), ...(first === undefined ? [] : [first])]);
    expect(tally).toMatchObject({ lost: 1, duplicates: 1 });
  });

  test('an error of the function is no loss; an error of the pool is', () => {
    const tally = tallyOf(correctResults().slice(2));
    tally.enterFailure(files[0]?.path ?? '', new Error('EACCES'));
    tally.enterFailure(files[1]?.path ?? '', new WorkerStartError('It did not start.'));
    expect(tally).toMatchObject({ lost: 1, failures: [{ message: 'EACCES' }], abandoned: [{}] });
  });

  test('a wrong answer is found and shown', async () => {
    const [first, ...others] = correctResults();
    const wrong = { ...first, sha256: 'wrong' } as FileResult;
    const outcome = await outcomeOf(tallyOf([wrong, ...others]));
    expect(outcome.ok).toBe(false);
    expect(outcome.differences).toMatchObject([{ path: wrong.path, pool: { sha256: 'wrong' } }]);
    const report = drawReport(outcome, 100).map((line) => renderLine(line, false));
    expect(report.join('\n')).toContain('1 difference');
    expect(report.join('\n')).toContain("sha256: 'wrong'");
  });
});

describe('the sample', () => {
  test('a large folder is sampled by size, and the same seed draws the same', async () => {
    const many = Array.from({ length: 100 }, (_, index) => files[index % 5]).filter(
      (file) => file !== undefined,
    );
    const tally = tallyOf(correctResults());
    const baseline = await measureAlone({
      files: many,
      random: randomFrom(7),
      poolResult: (file) => tally.resultOf(file),
      onProgress: () => {},
      signal: new AbortController().signal,
    });
    expect(baseline).toMatchObject({ complete: false, differences: [] });
    expect(baseline.estimatedMs).toBeGreaterThan(0);
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });
});

describe('pictures', () => {
  const progress: DemoProgress = {
    phase: 'working',
    filesDone: 1_234,
    filesTotal: 5_678,
    bytesDone: 10e6,
    bytesTotal: 46e6,
    elapsedMs: 10_000,
    workers: Array.from({ length: 8 }, (_, id) => ({
      id,
      pid: 10_000 + id,
      state: id % 2 === 0 ? 'busy' : 'starting',
    })),
    kills: 3,
    retries: 2,
    justKilled: 4_711,
  };

  test.each([40, 60, 80, 120, 250])('fit a terminal of %d columns', (columns) => {
    for (const line of drawFrame(progress, columns, 3)) expect(widthOf(line)).toBeLessThan(columns);
    for (const line of drawFrame({ phase: 'checking', done: 3, total: 60 }, columns, 3)) {
      expect(renderLine(line, false, columns - 1).length).toBeLessThan(columns);
    }
  });

  test('a wide one says everything', () => {
    const text = drawFrame(progress, 250, 0)
      .map((line) => renderLine(line, false))
      .join('\n');
    expect(text).toContain('22 %');
    expect(text).toContain('1,234/5,678 files');
    expect(text).toContain('1.0 MB/s');
    expect(text).toContain('0:36 left');
    expect(text).toContain('10000 busy');
    expect(text).toContain('✗ 4711 killed');
  });

  test('color is only there when asked for, and clipping counts columns, not codes', () => {
    const line = [
      { text: 'abc', color: 'red' },
      { text: 'def', color: 'plain' },
    ] as const;
    expect(renderLine(line, false)).toBe('abcdef');
    expect(renderLine(line, true, 4)).toBe('\u001B[31mabc\u001B[0md');
  });

  test.each([50, 80, 120])('the table fits %d columns', async (columns) => {
    const report = drawReport(await outcomeOf(tallyOf(correctResults())), columns);
    for (const line of report.slice(0, 5))
      expect(renderLine(line, false).trimEnd().length).toBeLessThanOrEqual(columns);
  });
});
