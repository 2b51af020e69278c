/** The option `resourceLimits`: how much memory and stack JavaScript has in a child, as flags of V8. */
import process from 'node:process';
import { InvalidOptionError } from '../errors.ts';
import { flagsAmong, wordsOf } from './node-flags.ts';
import { realSystem } from './cpu/system-files.ts';
import { type Check, nested, type OptionPlace } from './option-checks.ts';

/**
 * Limits of V8 in each child, with the names and units of `worker_threads`. A child that needs more memory
 * dies, and its tasks reject with `WorkerLostError` whose `likelyCause` is `'out-of-memory'`. Memory outside
 * V8's heap, such as that of Buffers, is not limited by them.
 */
export interface ResourceLimits {
  /** The heap for what lives long, in MiB. Whole, 1 or more. Default V8's own, a part of the memory. */
  readonly maxOldGenerationSizeMb?: number | undefined;
  /** The heap for what was made lately, in MiB; V8 rounds it up. Whole, 1 or more. Default V8's own. */
  readonly maxYoungGenerationSizeMb?: number | undefined;
  /**
   * The stack, in MiB, fractions allowed; too deep a recursion is a `RangeError`. From 0.25 to 1 less than
   * the system gives a process (`ulimit -s`), because beyond that there is no error but a crash.
   * Default V8's own, slightly less than 1.
   */
  readonly stackSizeMb?: number | undefined;
}

const largestHeapMb = 2 ** 24;
const smallestStackMb = 0.25;
/** What stands below JavaScript on the stack, and what native code needs above it. */
const stackReserveMb = 1;

const conflicting = {
  maxOldGenerationSizeMb: new Set([
    '--max-old-space-size',
    '--max-old-space-size-percentage',
    '--max-heap-size',
  ]),
  maxYoungGenerationSizeMb: new Set(['--max-semi-space-size', '--max-heap-size']),
  stackSizeMb: new Set(['--stack-size']),
} as const;

/** V8 lets this one win over the size that stands on the command line. */
const winning = new Set(['--max-old-space-size-percentage']);

/** The flags for child processes. */
export function resourceLimitFlags(limits: ResourceLimits): string[] {
  const { maxOldGenerationSizeMb: old, maxYoungGenerationSizeMb: young, stackSizeMb: stack } = limits;
  return [
    ...(old === undefined ? [] : [`--max-old-space-size=${old}`]),
    // The young generation is three semi-spaces. `worker_threads` divides in the same way.
    ...(young === undefined ? [] : [`--max-semi-space-size=${Math.ceil(young / 3)}`]),
    ...(stack === undefined ? [] : [`--stack-size=${Math.floor(stack * 1024)}`]),
  ];
}

/** Refuses a limit that is given a second time, as a flag. */
export function checkLimitConflicts(
  limits: ResourceLimits,
  execArgv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  where: string,
): void {
  const names = ['maxOldGenerationSizeMb', 'maxYoungGenerationSizeMb', 'stackSizeMb'] as const;
  for (const name of names) {
    if (limits[name] === undefined) continue;
    const [flag] = flagsAmong(execArgv, conflicting[name]);
    if (flag !== undefined) throw conflict('execArgv', 'the option `execArgv`', flag, name, where);
  }
  const [flag] = flagsAmong(wordsOf(env['NODE_OPTIONS']), winning);
  if (flag === undefined || limits.maxOldGenerationSizeMb === undefined) return;
  const holder = 'the variable NODE_OPTIONS of the children';
  throw conflict('resourceLimits', holder, flag, 'maxOldGenerationSizeMb', where);
}

function conflict(
  path: string,
  holder: string,
  flag: string,
  name: string,
  where: string,
): InvalidOptionError {
  return new InvalidOptionError(
    path,
    `${where}: ${holder} has ${flag}, and \`resourceLimits.${name}\` is given too. Leave one out.`,
  );
}

const heapSize: Check = {
  allowed: `a whole number of MiB, 1 to ${largestHeapMb}`,
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= largestHeapMb,
};

const stackSize: Check = {
  allowed: `a number of MiB, ${smallestStackMb} or more`,
  accepts: (value) => typeof value === 'number' && value >= smallestStackMb,
  lookInside: (value, place) => checkStackFits(Number(value), place, largestStackMb()),
};

/** Throws for a stack that the system would not let a process have. */
export function checkStackFits(stackSizeMb: number, { where, path }: OptionPlace, largestMb: number): void {
  if (stackSizeMb <= largestMb) return;
  const howToRaise =
    process.platform === 'win32'
      ? 'There the stack of a process cannot be made larger.'
      : 'Raise the limit on the stack (`ulimit -s`) before the program starts, or recurse less deeply.';
  throw new InvalidOptionError(
    path,
    `${where}: the option \`${path}\` is ${stackSizeMb}, but a process may have ${largestMb} MiB for ` +
      `JavaScript here; beyond that it would crash instead of throwing a RangeError. ${howToRaise}`,
  );
}

/** What the system gives a process, less a reserve. Only Linux says it in a file. */
export function largestStackMb(
  platform: NodeJS.Platform = process.platform,
  limits: string | undefined = realSystem.readText('/proc/self/limits'),
): number {
  // On Windows the first stack of a process has 1 MiB; V8's default is made to fit into it.
  if (platform === 'win32') return 984 / 1024;
  const soft = /^Max stack size\s+(\S+)/mu.exec(limits ?? '')?.[1];
  if (soft === 'unlimited') return 1024 - stackReserveMb;
  const bytes = Number(soft ?? Number.NaN);
  // Eight is what Linux and macOS give when nobody has changed it.
  const stackMb = Number.isSafeInteger(bytes) ? bytes / 2 ** 20 : 8;
  return Math.max(984 / 1024, Math.floor((stackMb - stackReserveMb) * 100) / 100);
}

export const resourceLimitsCheck: Check = nested({
  maxOldGenerationSizeMb: heapSize,
  maxYoungGenerationSizeMb: heapSize,
  stackSizeMb: stackSize,
});
