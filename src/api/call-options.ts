/** The options of `map`, `resize` and `close`: their meaning, defaults and checks. */
import { InvalidOptionError } from '../errors.ts';
import {
  checkOptions,
  either,
  flag,
  milliseconds,
  oneOf,
  shortInspect,
  wholeNumber,
  type Checks,
} from './option-checks.ts';

/** Options of `pool.map`. */
export interface MapOptions {
  /** Items that travel and run together as one task; `'auto'` chooses. Default 1. Whole, 1 or more. */
  readonly chunkSize?: number | 'auto' | undefined;
  /** The most tasks in flight. Default enough to keep the workers busy. Whole, 1 or more, or `Infinity`. */
  readonly concurrency?: number | undefined;
  /** `true`: results in the order of the items; `false`: as they are ready. Default `true`. */
  readonly ordered?: boolean | undefined;
}

/** Options of `pool.resize`; a limit that is not given stays as it is. */
export interface ResizeOptions {
  /** As in `PoolOptions`. Whole, 0 to `maxWorkers`. */
  readonly minWorkers?: number | undefined;
  /** As in `PoolOptions`. Whole, 1 or more. */
  readonly maxWorkers?: number | undefined;
}

/** Options of `pool.close`. */
export interface CloseOptions {
  /** `true`: waiting tasks still run; `false`: they reject with `PoolClosedError`. Default `true`. */
  readonly drain?: boolean | undefined;
  /** After this many milliseconds whatever is left is killed. Default `Infinity`. 0 or more. */
  readonly timeoutMs?: number | undefined;
}

/** A signal that asks a program to end. `SIGBREAK` is of Windows, and never comes elsewhere. */
export type CloseSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGBREAK' | 'SIGQUIT' | 'SIGUSR2';

/** Options of `pool.closeOnSignal`. */
export interface CloseOnSignalOptions {
  /** As in `CloseOptions`. Default `true`. */
  readonly drain?: boolean | undefined;
  /**
   * After this many milliseconds whatever is left is killed. Default 8,000: whoever sends the signal often
   * kills after 10 seconds. 0 or more, or `Infinity`.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Whether the program then ends by the signal. Default: if nobody else listens to the signal, when it
   * comes.
   */
  readonly exit?: boolean | undefined;
}

/** `CloseOnSignalOptions` with every default applied; no `exit` is "if nobody else listens". */
export interface ResolvedCloseOnSignalOptions {
  readonly drain: boolean;
  readonly timeoutMs: number;
  readonly exit: boolean | undefined;
}

/** How many workers a pool keeps and allows. */
export interface WorkerLimits {
  readonly minWorkers: number;
  readonly maxWorkers: number;
}

/** `CloseOptions` with every default applied. */
export interface ResolvedCloseOptions {
  readonly drain: boolean;
  readonly timeoutMs: number;
}

/** `MapOptions` with every default applied; no concurrency is "enough to keep the workers busy". */
export interface ResolvedMapOptions {
  readonly chunkSize: number | 'auto';
  readonly concurrency: number | undefined;
  readonly ordered: boolean;
}

const unlimited = { infinite: true };

/** The checks of both limits. */
export const limitChecks: Checks = {
  minWorkers: wholeNumber({ min: 0 }),
  maxWorkers: wholeNumber({ min: 1 }),
};

const mapChecks: Checks = {
  chunkSize: either(oneOf('auto'), wholeNumber({ min: 1 })),
  concurrency: wholeNumber({ ...unlimited, min: 1 }),
  ordered: flag,
};

const closeChecks: Checks = { drain: flag, timeoutMs: milliseconds({ ...unlimited, from: 'zero' }) };

/** Checks the options of `pool.map` and applies the defaults. */
export function checkMapOptions(options: MapOptions = {}, where = 'pool.map()'): ResolvedMapOptions {
  checkOptions(options, mapChecks, { where, path: '' });
  const { chunkSize = 1, concurrency, ordered = true } = options;
  return { chunkSize, concurrency, ordered };
}

/** Checks the options of `pool.resize`; what is not given stays as it is in `current`. */
export function checkResizeOptions(
  options: ResizeOptions,
  current: WorkerLimits,
  where = 'pool.resize()',
): WorkerLimits {
  checkOptions(options, limitChecks, { where, path: '' });
  const limits = {
    minWorkers: options.minWorkers ?? current.minWorkers,
    maxWorkers: options.maxWorkers ?? current.maxWorkers,
  };
  checkOrder(limits, where);
  return limits;
}

/** Checks the argument of `pool.warm`. */
export function checkWarmCount(count: unknown, { maxWorkers }: WorkerLimits): number {
  if (count === undefined) return maxWorkers;
  const isCount = typeof count === 'number' && Number.isSafeInteger(count) && count >= 1;
  if (isCount && count <= maxWorkers) return count;
  throw new InvalidOptionError(
    'count',
    `pool.warm(): got ${shortInspect(count)}, but it must be a whole number from 1 to \`maxWorkers\`, ` +
      `which is ${maxWorkers}.${isCount ? ' Raise it with pool.resize().' : ''}`,
  );
}

/** Checks the argument of `pool.ready`: room for a single byte is some. */
export function checkByteCount(bytes: unknown = 1): number {
  if (typeof bytes === 'number' && bytes >= 0) return bytes;
  throw new InvalidOptionError(
    'bytes',
    `pool.ready(): got ${shortInspect(bytes)}, but it must be a number of bytes, 0 or more.`,
  );
}

/** Checks the options of `pool.close` and applies the defaults. */
export function checkCloseOptions(options: CloseOptions = {}, where = 'pool.close()'): ResolvedCloseOptions {
  checkOptions(options, closeChecks, { where, path: '' });
  return { drain: options.drain ?? true, timeoutMs: options.timeoutMs ?? Infinity };
}

const closeSignals: readonly CloseSignal[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGBREAK',
  'SIGQUIT',
  'SIGUSR2',
];

const closeOnSignalTimeoutMs = 8_000;

/** Checks the options of `pool.closeOnSignal` and applies the defaults. */
export function checkCloseOnSignalOptions(options: CloseOnSignalOptions): ResolvedCloseOnSignalOptions {
  checkOptions(options, { ...closeChecks, exit: flag }, { where: 'pool.closeOnSignal()', path: '' });
  const { drain = true, timeoutMs = closeOnSignalTimeoutMs, exit } = options;
  return { drain, timeoutMs, exit };
}

/** Checks the signals given to `pool.closeOnSignal`: one, or several in an array. */
export function checkCloseSignals(given: CloseSignal | readonly CloseSignal[]): readonly CloseSignal[] {
  const { accepts, allowed } = oneOf(...closeSignals);
  const signals: readonly CloseSignal[] = Array.isArray(given) ? given : [given];
  const wrong = signals.findIndex((signal) => !accepts(signal));
  if (wrong === -1 && signals.length > 0) return signals;
  const path = Array.isArray(given) && wrong >= 0 ? `signal[${wrong}]` : 'signal';
  const value = shortInspect(wrong >= 0 ? signals[wrong] : given);
  const hint = uncatchable.has(String(signals[wrong])) ? ' No program can listen to that one.' : '';
  throw new InvalidOptionError(
    path,
    `pool.closeOnSignal(): \`${path}\` is ${value}, but it must be ${allowed}, or an array of them.${hint}`,
  );
}

const uncatchable: ReadonlySet<string> = new Set(['SIGKILL', 'SIGSTOP']);

/** Throws if the limits contradict each other. */
export function checkOrder({ minWorkers, maxWorkers }: WorkerLimits, where: string): void {
  if (minWorkers <= maxWorkers) return;
  throw new InvalidOptionError(
    'minWorkers',
    `${where}: the option \`minWorkers\` is ${minWorkers}, above \`maxWorkers\`, which is ${maxWorkers}.`,
  );
}
