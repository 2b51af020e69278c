/** The command line of `troupe demo`: its help, its options, and which folder it means. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { packageRoot } from './package-root.ts';
import { UsageError } from './usage-error.ts';

/** What the demo was asked to do. */
export interface DemoOptions {
  readonly folder: string;
  /** `undefined`: one per CPU. */
  readonly workers: number | undefined;
  readonly chaos: boolean;
  readonly chaosIntervalMs: number;
  readonly megabytesMax: number;
  readonly seed: number;
  readonly json: boolean;
}

/** What `troupe demo --help` says. */
export const demoHelp = `troupe demo: work on real files while workers are killed, and lose nothing

Usage: troupe demo [folder] [options]

Every source file below the folder (default: node_modules) is parsed if it is JavaScript, compressed with
brotli and hashed, in a pool of child processes. Meanwhile a worker is picked at random, again and again, and
killed with SIGKILL. At the end the results are counted, and a sample is compared with a single process's.

Options
  --no-chaos               kill nobody
  --chaos-interval-ms MS   the mean time between two kills (default 1000)
  --workers N              how many workers (default: one per CPU)
  --max-mb MB              of a larger folder, take every nth file to stay near this (default 48)
  --seed N                 choose the same victims and samples again (default: random, and shown)
  --json                   write the result to stdout as JSON; progress goes to stderr
  -h, --help               show this

Exit codes: 0 every file was answered for once, 1 a file was lost, answered twice or answered differently,
2 the command line was not understood.
`;

const definitions = {
  chaos: { type: 'boolean', default: true },
  'chaos-interval-ms': { type: 'string', default: '1000' },
  workers: { type: 'string' },
  'max-mb': { type: 'string', default: '48' },
  seed: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** Reads what follows `troupe demo`; throws `UsageError`. */
export function readDemoOptions(commandLine: readonly string[]): DemoOptions {
  const { values, positionals } = parse(commandLine);
  if (positionals.length > 1) throw new UsageError(`demo takes one folder, not ${positionals.length}.`);
  const { workers, seed } = values;
  return {
    folder: chooseFolder(positionals[0]),
    workers: workers === undefined ? undefined : wholeNumber('--workers', workers, 1),
    chaos: values.chaos,
    chaosIntervalMs: wholeNumber('--chaos-interval-ms', values['chaos-interval-ms'], 1),
    megabytesMax: wholeNumber('--max-mb', values['max-mb'], 1),
    seed: seed === undefined ? Math.trunc(Math.random() * 1_000_000) : wholeNumber('--seed', seed, 0),
    json: values.json,
  };
}

function parse(commandLine: readonly string[]) {
  try {
    const args = [...commandLine];
    return parseArgs({ args, options: definitions, allowPositionals: true, allowNegative: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(option: string, given: string, min: number): number {
  const value = Number(given);
  if (given.trim() !== '' && Number.isSafeInteger(value) && value >= min) return value;
  throw new UsageError(`${option} is '${given}', but it must be a whole number of ${min} or more.`);
}

function chooseFolder(given: string | undefined): string {
  if (given !== undefined) {
    const folder = path.resolve(given);
    if (!existsSync(folder)) throw new UsageError(`There is no folder ${folder}.`);
    if (!statSync(folder).isDirectory()) throw new UsageError(`${folder} is not a folder.`);
    return folder;
  }
  const candidates = [path.join(packageRoot(), 'node_modules'), path.resolve('node_modules')];
  const folder = candidates.find((candidate) => existsSync(candidate));
  if (folder !== undefined) return folder;
  throw new UsageError(
    `There is no node_modules folder in ${process.cwd()}. Name a folder: troupe demo src.`,
  );
}
