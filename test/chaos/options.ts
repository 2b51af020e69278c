/** The command line of the chaos run: its help and its options. */
import { parseArgs } from 'node:util';

export interface ChaosOptions {
  readonly durationMs: number;
  readonly seed: number;
  readonly json: boolean;
  /** Where the steps of all machines are written. */
  readonly trace: string | undefined;
}

export const help = `Runs random pools on real processes while a saboteur kills, stops and continues them.

Usage: tsx test/chaos/main.ts [options]

Options
  --seconds N    how long new pools are made (default 60)
  --minutes N    the same, in minutes
  --seed N       make the same pools, plans and victims (default: random, and shown); when the signals
                 arrive is up to the system, so a run is repeated in kind, not event by event
  --json         write the ledger to stdout as JSON
  --trace FILE   write every step of the parent's machines to a file, as JSON lines
  -h, --help     show this

Every few seconds, or live on a terminal, figures go to stderr. At the end the ledger is shown: every task
settled, in a way that is explained by what was done to it, and nothing is left of all the pools.

Exit codes: 0 all is well, 1 something is not (the sentences say what, and the seed), 2 the command line was
not understood.
`;

const definitions = {
  seconds: { type: 'string' },
  minutes: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean', default: false },
  trace: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** The command line was not understood. */
export class UsageError extends Error {}

/** Reads the command line; `null` asks for help. Throws `UsageError`. */
export function readChaosOptions(commandLine: readonly string[]): ChaosOptions | null {
  const { seconds, minutes, seed, json, trace, help: asksForHelp } = parse(commandLine);
  if (asksForHelp) return null;
  if (seconds !== undefined && minutes !== undefined)
    throw new UsageError('Give --seconds or --minutes, not both.');
  const durationMs =
    minutes === undefined
      ? 1_000 * wholeNumber('--seconds', seconds ?? '60')
      : 60_000 * wholeNumber('--minutes', minutes);
  const chosenSeed = seed === undefined ? Math.floor(Math.random() * 1_000_000) : wholeNumber('--seed', seed);
  return { durationMs, seed: chosenSeed, json, trace };
}

function parse(commandLine: readonly string[]) {
  try {
    return parseArgs({ args: [...commandLine], options: definitions, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(option: string, given: string): number {
  const value = Number(given);
  if (given.trim() !== '' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`${option} is '${given}', but it must be a whole number of 0 or more.`);
}
