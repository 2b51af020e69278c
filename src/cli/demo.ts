/** The demo: real work on real files in a pool whose workers are killed, and proof that nothing is lost. */
import process from 'node:process';
import { measureAlone, sampleSize, type Baseline } from './demo-baseline.ts';
import { collectSourceFiles, type SourceFiles } from './demo-files.ts';
import type { DemoOptions } from './demo-options.ts';
import { demoOutcome, type PoolRun } from './demo-outcome.ts';
import { randomFrom } from './demo-random.ts';
import { drawIntroduction, drawReport } from './demo-report.ts';
import { runInPool, workersFor } from './demo-run.ts';
import { DemoScreen } from './demo-screen.ts';
import { isColored, renderLine, type Piece } from './terminal-text.ts';
import { UsageError } from './usage-error.ts';

/** Runs the demo; the answer is the exit code. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const files = await collectSourceFiles(options.folder, options.megabytesMax * 1e6);
  if (files.taken.length === 0) throw new UsageError(`There are no source files below ${options.folder}.`);
  const stop = new AbortController();
  let interruption: NodeJS.Signals | undefined;
  const interrupt = (signal: NodeJS.Signals): void => {
    interruption = signal;
    stop.abort();
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    introduce(options, files);
    const run = await runInPool(options, files, stop.signal);
    if (stop.signal.aborted) return 1;
    const baseline = await checkAlone(options, files, run, stop.signal);
    return stop.signal.aborted ? 1 : conclude(options, files, run, baseline);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    // All is put away: now the signal may have its usual effect, so that a shell sees why this process ended.
    if (interruption !== undefined) process.kill(process.pid, interruption);
  }
}

function introduce(options: DemoOptions, files: SourceFiles): void {
  const { folder, chaos, chaosIntervalMs } = options;
  const lines = drawIntroduction({
    folder,
    files,
    workers: workersFor(options),
    chaosIntervalMs: chaos ? chaosIntervalMs : undefined,
  });
  // With --json, stdout is for a program to read.
  print(options.json ? process.stderr : process.stdout, lines);
}

/** After the pool is closed, so that the one process really is alone. */
async function checkAlone(
  { seed }: DemoOptions,
  { taken }: SourceFiles,
  { tally }: PoolRun,
  signal: AbortSignal,
): Promise<Baseline> {
  let check = { done: 0, total: Math.min(sampleSize, taken.length) };
  const screen = new DemoScreen(process.stderr, () => ({ phase: 'checking', ...check }));
  try {
    return await measureAlone({
      files: taken,
      random: randomFrom(seed + 1),
      poolResult: (path) => tally.resultOf(path),
      onProgress: (done, total) => {
        check = { done, total };
        screen.refresh();
      },
      signal,
    });
  } finally {
    screen.close();
  }
}

function conclude(options: DemoOptions, files: SourceFiles, run: PoolRun, baseline: Baseline): number {
  const outcome = demoOutcome(options, files, run, baseline);
  if (options.json) process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
  else print(process.stdout, drawReport(outcome, columnsOf(process.stdout)));
  return outcome.ok ? 0 : 1;
}

/** Text that goes to a file has room. */
function columnsOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY && stream.columns > 0 ? stream.columns : 120;
}

function print(stream: NodeJS.WriteStream, lines: readonly Piece[][]): void {
  const colored = isColored(stream, process.env);
  stream.write(lines.map((pieces) => `${renderLine(pieces, colored)}\n`).join(''));
}
