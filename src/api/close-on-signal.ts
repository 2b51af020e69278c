/**
 * Closes pools when a signal asks the program to end, and then lets it end as the signal would have ended it.
 * One listener for each signal serves all pools of the process.
 */
import { constants } from 'node:os';
import process from 'node:process';
import { PoolClosedError } from '../errors.ts';
import type { CloseSignal, ResolvedCloseOnSignalOptions } from './call-options.ts';

/** What it needs of a pool. */
export interface SignalledPool {
  readonly state: string;
  close(options: { drain: boolean; timeoutMs: number }): Promise<void>;
  terminate(): Promise<void>;
  on(name: 'stateChanged', listener: (event: { readonly state: string }) => void): () => void;
}

/** What a shell calls the end by a signal. */
const signalExitCode = 128;

/** Pools that a signal has asked to close: the next one kills. */
const asked = new WeakSet<SignalledPool>();

const watches = new Map<CloseSignal, SignalWatch>();

/** Returns what undoes it. */
export function closeOnSignal(
  pool: SignalledPool,
  signals: readonly CloseSignal[],
  options: ResolvedCloseOnSignalOptions,
): () => void {
  if (pool.state === 'closed') return () => undefined;
  const forget = signals.map((signal) => {
    const watch = watches.get(signal) ?? new SignalWatch(signal);
    watches.set(signal, watch);
    return watch.add(pool, options);
  });
  const undo = (): void => {
    stopListening();
    for (const forgetOne of forget) forgetOne();
  };
  const stopListening = pool.on('stateChanged', ({ state }) => {
    if (state === 'closed') undo();
  });
  return undo;
}

class SignalWatch {
  readonly #signal: CloseSignal;
  readonly #pools = new Map<SignalledPool, ResolvedCloseOnSignalOptions>();
  readonly #listener = (): void => this.#take();

  constructor(signal: CloseSignal) {
    this.#signal = signal;
  }

  /** The latest wish for a pool counts; returns what takes it back. */
  add(pool: SignalledPool, options: ResolvedCloseOnSignalOptions): () => void {
    // Ahead of others, who may leave when they are called and would then not be seen.
    if (this.#pools.size === 0) process.prependListener(this.#signal, this.#listener);
    this.#pools.set(pool, options);
    return () => {
      if (this.#pools.get(pool) !== options) return;
      this.#pools.delete(pool);
      if (this.#pools.size === 0) process.off(this.#signal, this.#listener);
    };
  }

  #take(): void {
    const isEnd = this.#isEnd();
    if (isEnd) endEarlyBy(this.#signal);
    const closed = [...this.#pools].map(([pool, { drain, timeoutMs }]) => {
      if (asked.has(pool)) return pool.terminate();
      asked.add(pool);
      return pool.close({ drain, timeoutMs });
    });
    void Promise.all(closed).then(() => {
      if (isEnd) endBy(this.#signal);
    });
  }

  /** Whoever else listens to the signal has plans of their own for the end of the program. */
  #isEnd(): boolean {
    const wishes = new Set([...this.#pools.values()].map(({ exit }) => exit));
    if (wishes.has(false)) return false;
    return wishes.has(true) || process.listenerCount(this.#signal) === 1;
  }
}

/** Whoever waits for this process sees the signal it sent. */
function endBy(signal: CloseSignal): void {
  process.removeAllListeners(signal);
  try {
    process.kill(process.pid, signal);
  } catch {
    // Windows cannot send every signal that it can receive.
  }
  // The first process of a container is not ended by signals that it does not handle.
  const number: unknown = Reflect.get(constants.signals, signal);
  process.exit(signalExitCode + (typeof number === 'number' ? number : 0));
}

/** What is killed at the limit may be awaited by nobody who catches, and the stack of that is no news. */
function endEarlyBy(signal: CloseSignal): void {
  process.on('uncaughtExceptionMonitor', (error) => {
    if (error instanceof PoolClosedError && process.listenerCount('uncaughtException') === 0) endBy(signal);
  });
}
