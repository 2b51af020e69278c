/** The part of the demo that is in the pool: submits every file and keeps the books amid the kills. */
import os from 'node:os';
import process from 'node:process';
import { createPool, cpuCount } from '../index.ts';
import { Chaos } from './demo-chaos.ts';
import type { SourceFiles } from './demo-files.ts';
import type { DemoOptions } from './demo-options.ts';
import type { PoolRun } from './demo-outcome.ts';
import { randomFrom, shuffled } from './demo-random.ts';
import { DemoScreen } from './demo-screen.ts';
import { Tally } from './demo-tally.ts';
import { analyzeFile } from './demo-work.ts';

/** Far more than the largest file needs under one kill a second. */
const crashRetries = 100;
const killShownMs = 700;

/** How many workers the demo uses. */
export function workersFor(options: DemoOptions): number {
  return options.workers ?? cpuCount();
}

/** Runs all files through a pool; aborting `signal` terminates it. */
export async function runInPool(
  options: DemoOptions,
  files: SourceFiles,
  signal: AbortSignal,
): Promise<PoolRun> {
  const workers = workersFor(options);
  const pool = createPool({ name: 'demo', maxWorkers: workers });
  const random = randomFrom(options.seed);
  const chaos = new Chaos({ intervalMs: options.chaosIntervalMs, random, workers: () => pool.workers });
  const tally = new Tally(files.taken);
  let retries = 0;
  let lostWorkers = 0;
  pool.on('taskRetried', () => (retries += 1));
  pool.on('workerLost', () => (lostWorkers += 1));
  const machine = { cpus: cpuCount(), loadAtStart: os.loadavg()[0] ?? 0 };
  const startedAt = performance.now();
  const screen = new DemoScreen(process.stderr, () => ({
    phase: 'working',
    filesDone: tally.filesDone,
    filesTotal: files.taken.length,
    bytesDone: tally.bytesDone,
    bytesTotal: files.takenBytes,
    elapsedMs: performance.now() - startedAt,
    workers: pool.workers,
    kills: chaos.kills,
    retries,
    justKilled: chaos.killedWithin(killShownMs),
  }));
  const terminate = (): void => void pool.terminate();
  signal.addEventListener('abort', terminate);
  try {
    const submitter = pool.with({ retries: { times: crashRetries, on: 'crash' }, name: 'analyzeFile' });
    if (options.chaos) chaos.start();
    // Shuffled, so that speed and time left are steady: neighbours in a folder are of a kind.
    const tasks = shuffled(files.taken, random).map(async ({ path }) => {
      try {
        tally.enter(await submitter.submit(analyzeFile, path));
      } catch (error) {
        tally.enterFailure(path, error);
      }
    });
    await Promise.all(tasks);
    const wallMs = performance.now() - startedAt;
    chaos.stop();
    await pool.close();
    return { tally, workers, wallMs, kills: chaos.kills, lostWorkers, retries, machine };
  } finally {
    chaos.stop();
    screen.close();
    signal.removeEventListener('abort', terminate);
  }
}
