/**
 * What one process alone would need, and whether it finds the same: the demo's work on a sample of the
 * files, in this process, with nothing beside it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { SourceFile } from './demo-files.ts';
import type { Random } from './demo-random.ts';
import { analyzeFile, type FileResult } from './demo-work.ts';

/** How many files are done alone, at most. */
export const sampleSize = 60;
const warmUpMs = 1_000;

export interface Difference {
  readonly path: string;
  readonly pool: FileResult;
  readonly alone: FileResult;
}

export interface Baseline {
  /** Different files that were done alone. */
  readonly files: number;
  readonly bytes: number;
  /** The sample is all there is. */
  readonly complete: boolean;
  /** How long one process would take for all files. */
  readonly estimatedMs: number;
  /** Half the width of the 95 % interval of `estimatedMs`, as a part of it. */
  readonly relativeError: number;
  readonly differences: readonly Difference[];
}

export interface BaselineInput {
  readonly files: readonly SourceFile[];
  readonly random: Random;
  /** What the pool found out; files without a result are not sampled. */
  readonly poolResult: (path: string) => FileResult | undefined;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** Does a sample alone, times it, and compares each result with the pool's. */
export async function measureAlone(input: BaselineInput): Promise<Baseline> {
  const files = input.files.filter((file) => input.poolResult(file.path) !== undefined && file.bytes > 0);
  const complete = files.length <= sampleSize;
  const sample = complete ? files : sampleBySize(files, input.random);
  await warmUp(sample, input.signal);
  const rates: number[] = [];
  const differences = new Map<string, Difference>();
  let sampleMs = 0;
  for (const file of sample) {
    if (input.signal.aborted) break;
    const startedAt = performance.now();
    const alone = analyzeFile(file.path);
    const elapsedMs = performance.now() - startedAt;
    sampleMs += elapsedMs;
    rates.push(elapsedMs / file.bytes);
    const pool = input.poolResult(file.path);
    if (pool !== undefined && !isDeepStrictEqual(pool, alone))
      differences.set(file.path, { path: file.path, pool, alone });
    input.onProgress(rates.length, sample.length);
    await nextTurn();
  }
  const distinct = [...new Set(sample)];
  const { mean, halfWidth } = meanWithInterval(rates);
  return {
    files: distinct.length,
    bytes: totalBytes(distinct),
    complete,
    estimatedMs: complete ? sampleMs : mean * totalBytes(files),
    relativeError: complete || mean === 0 ? 0 : halfWidth / mean,
    differences: [...differences.values()],
  };
}

/**
 * Files drawn in proportion to their size, some perhaps twice. The mean time per byte of such a sample, times
 * all bytes, is an unbiased estimate of the whole; a plain draw gets tiny files, and misses where time goes.
 */
function sampleBySize(files: readonly SourceFile[], random: Random): SourceFile[] {
  const total = totalBytes(files);
  const marks = Array.from({ length: sampleSize }, () => random() * total).toSorted(
    (one, other) => one - other,
  );
  const sample: SourceFile[] = [];
  let end = 0;
  for (const file of files) {
    end += file.bytes;
    while (sample.length < marks.length && (marks[sample.length] ?? 0) < end) sample.push(file);
  }
  return sample;
}

/** The pool's workers ran long enough to be compiled well; so must this process before it is timed. */
async function warmUp(sample: readonly SourceFile[], signal: AbortSignal): Promise<void> {
  const until = performance.now() + warmUpMs;
  for (const file of sample) {
    if (signal.aborted || performance.now() > until) return;
    analyzeFile(file.path);
    await nextTurn();
  }
}

function meanWithInterval(values: readonly number[]): { mean: number; halfWidth: number } {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, count);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, count - 1));
  return { mean, halfWidth: (1.96 * deviation) / Math.sqrt(Math.max(1, count)) };
}

function totalBytes(files: readonly SourceFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}
