/** A call of `run()`, from the queue to its end: what it was given, and its promise. */
import { InvalidOptionError } from '../errors.ts';
import { AbortError } from './tinypool-errors.ts';

/** How a call talks with its handler: `process.on('message')` and `process.send()` there. */
export interface TinypoolChannel {
  /** Is given what passes a message on to the worker. */
  onMessage?: (callback: (message: unknown) => void) => void;
  /** Called with each message of the worker. */
  postMessage?: (message: unknown) => void;
  /** Called when no message can come any more. */
  onClose?: () => void;
}

/** An `AbortSignal`, or an emitter of `abort`. */
export type AnySignal =
  | AbortSignal
  | {
      once(name: 'abort', listener: () => void): unknown;
      off(name: 'abort', listener: () => void): unknown;
    };

/** Options of `run()`. */
export interface RunOptions {
  /** Taken, without effect: what goes to another process is copied, and stays usable here. */
  readonly transferList?: readonly unknown[] | undefined;
  readonly channel?: TinypoolChannel | undefined;
  /** Default the pool's. */
  readonly filename?: string | null | undefined;
  /** Ends the call: it rejects at once with an `AbortError`, and a worker that goes on is killed. */
  readonly signal?: AnySignal | null | undefined;
  /** The export that is called. Default the pool's. */
  readonly name?: string | null | undefined;
  /** Taken, without effect. */
  readonly runtime?: 'worker_threads' | 'child_process' | undefined;
}

export interface CallParts {
  readonly task: unknown;
  readonly url: string;
  readonly name: string;
  readonly channel: TinypoolChannel | undefined;
  readonly signal: AnySignal | null | undefined;
}

export class TinypoolCall {
  readonly parts: CallParts;
  /** Aborts with the signal that was given; `null` without one. */
  readonly signal: AbortSignal | null;
  readonly promise: Promise<unknown>;
  readonly #settled: () => void;
  #resolve: (value: unknown) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  /** `onAbort` is called if the signal aborts before the call settles. */
  constructor(parts: CallParts, onAbort: (call: TinypoolCall) => void) {
    this.parts = parts;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const watched = watch(parts.signal, () => onAbort(this));
    this.signal = watched?.signal ?? null;
    this.#settled = watched?.end ?? ((): void => undefined);
  }

  resolve(value: unknown): void {
    this.#settled();
    this.#resolve(value);
  }

  reject(error: unknown): void {
    this.#settled();
    this.#reject(error);
  }

  /** Ends a call that no worker has taken. */
  abort(): void {
    this.reject(new AbortError(this.signal?.reason));
  }
}

function watch(
  given: AnySignal | null | undefined,
  onAbort: () => void,
): { readonly signal: AbortSignal; readonly end: () => void } | null {
  if (given === null || given === undefined) return null;
  if ('addEventListener' in given) {
    given.addEventListener('abort', onAbort, { once: true });
    return { signal: given, end: () => given.removeEventListener('abort', onAbort) };
  }
  if (typeof given !== 'object' || typeof given.once !== 'function')
    throw new InvalidOptionError(
      'signal',
      'run(): `signal` must be an AbortSignal, or an emitter of `abort`.',
    );
  const controller = new AbortController();
  const listener = (): void => {
    controller.abort();
    onAbort();
  };
  given.once('abort', listener);
  return { signal: controller.signal, end: () => void given.off('abort', listener) };
}
