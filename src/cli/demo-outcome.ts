/** What a demo found out, as plain data: the table and the JSON are two views of it. */
import type { Baseline, Difference } from './demo-baseline.ts';
import type { DemoOptions } from './demo-options.ts';
import type { SourceFiles } from './demo-files.ts';
import type { Failure, Tally, Totals } from './demo-tally.ts';

/** How the pool did its work. */
export interface PoolRun {
  readonly tally: Tally;
  readonly workers: number;
  readonly wallMs: number;
  /** Workers this demo sent SIGKILL to. */
  readonly kills: number;
  /** Workers the pool reported as lost, for whatever reason. */
  readonly lostWorkers: number;
  readonly retries: number;
  readonly machine: Machine;
}

/** What else the speed depends on. */
interface Machine {
  readonly cpus: number;
  /** How many processes wanted a CPU in the minute before; 0 where the system does not tell. */
  readonly loadAtStart: number;
}

export interface DemoOutcome {
  readonly folder: string;
  readonly seed: number;
  readonly chaos: { readonly enabled: boolean; readonly intervalMs: number };
  readonly files: Omit<SourceFiles, 'taken'> & { readonly taken: number };
  readonly languages: readonly Totals[];
  readonly total: Totals;
  readonly machine: Machine;
  readonly pool: { readonly workers: number; readonly wallMs: number; readonly bytesPerSecond: number };
  /** One process alone: measured on a sample and scaled to all bytes, unless the sample is `complete`. */
  readonly alone: Omit<Baseline, 'differences'>;
  readonly speedup: number;
  readonly killed: number;
  readonly lostWorkers: number;
  readonly retried: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly failures: readonly Failure[];
  readonly abandoned: readonly Failure[];
  readonly checked: number;
  readonly differences: readonly Difference[];
  /** Every file was answered for once, and the checked ones as a single process answers. */
  readonly ok: boolean;
}

/** Puts the parts of a demo together. */
export function demoOutcome(
  { folder, seed, chaos, chaosIntervalMs }: DemoOptions,
  files: SourceFiles,
  run: PoolRun,
  baseline: Baseline,
): DemoOutcome {
  const { tally, workers, wallMs, kills, lostWorkers, retries, machine } = run;
  const { differences, ...alone } = baseline;
  const { lost, duplicates, failures, abandoned } = tally;
  const total = tally.total();
  return {
    folder,
    seed,
    chaos: { enabled: chaos, intervalMs: chaosIntervalMs },
    files: { ...files, taken: files.taken.length },
    languages: tally.byLanguage(),
    total,
    machine,
    pool: { workers, wallMs, bytesPerSecond: total.bytes / (wallMs / 1_000) },
    alone,
    speedup: alone.estimatedMs / wallMs,
    killed: kills,
    lostWorkers,
    retried: retries,
    lost,
    duplicates,
    failures,
    abandoned,
    checked: alone.files,
    differences,
    ok: lost === 0 && duplicates === 0 && differences.length === 0,
  };
}
