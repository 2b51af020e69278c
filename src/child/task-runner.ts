/** Runs one task's function in the way it was asked for, and reports how it ended. */
import { type CallMode, type FunctionReference, STREAM_CREDIT } from '../../machines/protocol.ts';
import { explainReferenceError } from '../codec/closure/rebuild/reference-error.ts';
import type { PoolNode } from '../codec/closure/wire.ts';
import { NotSerializableError } from '../errors.ts';
import { callEach } from './call-each.ts';
import type { LoadedCall } from './call-loader.ts';
import { type RunningTask, runAsTask } from './current-task.ts';
import { isPromiseLike } from './promise-like.ts';

/** What a task needs of the child it runs in. */
export interface RunnerHost {
  /** In milliseconds. */
  now(): number;
  /** Finds the task's function, and its arguments. */
  load(run: TaskRun): LoadedCall | Promise<LoadedCall>;
  onReturned(run: TaskRun, value: unknown): void;
  onThrew(run: TaskRun, error: unknown): void;
  onYielded(run: TaskRun, value: unknown): void;
  onProgress(run: TaskRun, value: unknown): void;
  /** Resolves when the event loop has looked at the channel, at once if it did so lately. */
  look(): Promise<void> | undefined;
  /** It waits for other tasks. */
  onWaits(run: TaskRun): void;
  onResumed(run: TaskRun): void;
  /** The pool of a node, as a task has it. */
  pool(node: PoolNode): object;
}

export interface RunRequest {
  readonly taskId: number;
  readonly attempt: number;
  readonly reference: FunctionReference;
  readonly mode: CallMode;
  readonly name: string | null;
  readonly args: readonly unknown[];
  /** What users know it by. */
  readonly id: string;
  readonly depth: number;
}

type TaskFunction = (...args: unknown[]) => unknown;

export class TaskRun implements RunningTask {
  readonly request: RunRequest;
  startedAtMs = 0;
  readonly #host: RunnerHost;
  #abort: AbortController | null = null;
  #cancelReason: string | null = null;
  #isOver = false;
  #unresolved: readonly string[] = [];
  #credit = STREAM_CREDIT;
  #onCredit: (() => void) | null = null;
  #waits = 0;

  constructor(request: RunRequest, host: RunnerHost) {
    this.request = request;
    this.#host = host;
  }

  get id(): string {
    return this.request.id;
  }

  get name(): string {
    return this.request.name ?? this.request.reference.name;
  }

  get attempt(): number {
    return this.request.attempt;
  }

  get depth(): number {
    return this.request.depth;
  }

  get signal(): AbortSignal {
    if (this.#abort === null) {
      this.#abort = new AbortController();
      if (this.#cancelReason !== null) this.#abort.abort(abortReason(this.#cancelReason));
    }
    return this.#abort.signal;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get pool(): object {
    return this.#host.pool({ k: 'pool' });
  }

  get owner(): { readonly taskId: number; readonly attempt: number } | null {
    return this.#isOver ? null : this.request;
  }

  /** May be called while it waits already: it goes on when all it waits for has come. */
  beginWait(): (() => void) | null {
    if (this.#isOver) return null;
    this.#waits += 1;
    if (this.#waits === 1) this.#host.onWaits(this);
    return () => {
      this.#waits -= 1;
      if (this.#waits === 0 && !this.#isOver) this.#host.onResumed(this);
    };
  }

  progress(value: unknown): void {
    if (!this.#isOver) this.#host.onProgress(this, value);
  }

  /** Runs the function. Synchronous ones have ended when this returns. */
  start(): void {
    this.startedAtMs = this.#host.now();
    if (this.#cancelReason !== null) {
      this.#fail(abortReason(this.#cancelReason));
      return;
    }
    try {
      const loaded = this.#host.load(this);
      if (loaded instanceof Promise) void this.#callLoaded(loaded);
      else this.#call(loaded);
    } catch (error) {
      this.#fail(error);
    }
  }

  abort(reason: string): void {
    if (this.#cancelReason !== null) return;
    this.#cancelReason = reason;
    this.#abort?.abort(abortReason(reason));
    this.#onCredit?.();
  }

  addCredit(credit: number): void {
    this.#credit += credit;
    this.#onCredit?.();
  }

  async #callLoaded(loading: Promise<LoadedCall>): Promise<void> {
    try {
      const loaded = await loading;
      // Cancelled while its module was imported: the function would wait for an abort that has been.
      if (this.#cancelReason !== null) throw abortReason(this.#cancelReason);
      this.#call(loaded);
    } catch (error) {
      this.#fail(error);
    }
  }

  #call({ fn, args, unresolved }: LoadedCall): void {
    const { mode } = this.request;
    this.#unresolved = unresolved;
    try {
      const result = runAsTask(this, () => {
        const made = mode === 'call' ? fn(...args) : this.#callAs(mode, fn, args);
        // A task of its own that it returns is one that it waits for.
        return isPromiseLike(made) ? Promise.resolve(made) : made;
      });
      if (isPromiseLike(result)) this.#follow(result);
      else this.#succeed(result);
    } catch (error) {
      this.#fail(error);
    }
  }

  #callAs(mode: 'each' | 'stream', fn: TaskFunction, args: readonly unknown[]): unknown {
    if (mode === 'stream') return this.#callStream(fn, args);
    return callEach(fn, args, {
      now: () => this.#host.now(),
      throwIfCancelled: () => {
        if (this.#cancelReason !== null) throw abortReason(this.#cancelReason);
      },
    });
  }

  #follow(result: PromiseLike<unknown>): void {
    result.then(
      (value) => this.#succeed(value),
      (error: unknown) => this.#fail(error),
    );
  }

  #succeed(value: unknown): void {
    if (this.#isOver) return;
    if (this.request.mode === 'call' && isGenerator(value)) {
      this.#fail(
        new NotSerializableError(
          'result',
          `${this.name}() returned a generator, which cannot be sent as a value. Call it with pool.stream().`,
        ),
      );
      return;
    }
    this.#isOver = true;
    this.#host.onReturned(this, value);
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#host.onThrew(this, explainReferenceError(error, this.#unresolved));
  }

  async #callStream(fn: TaskFunction, args: readonly unknown[]): Promise<unknown> {
    const made = await fn(...args);
    const source = iteratorOf(made, this.name);
    for (;;) {
      while (this.#credit === 0 && this.#cancelReason === null) await this.#nextCredit();
      // The caller stopped listening: `finally` blocks of the generator run, and then the task is over.
      if (this.#cancelReason !== null) {
        await source.return?.();
        throw abortReason(this.#cancelReason);
      }
      const step = await source.next();
      if (step.done === true) return step.value;
      this.#credit -= 1;
      try {
        this.#host.onYielded(this, step.value);
      } catch (error) {
        await source.return?.();
        throw error;
      }
      // A generator that computes would keep its values, and hear of no cancellation, until it waits.
      await this.#host.look();
    }
  }

  #nextCredit(): Promise<void> {
    return new Promise((resolve) => {
      this.#onCredit = () => {
        this.#onCredit = null;
        resolve();
      };
    });
  }
}

const abortReason = (reason: string): DOMException =>
  new DOMException(
    reason === '' ? 'The task was cancelled.' : `The task was cancelled: ${reason}`,
    'AbortError',
  );

function isGenerator(value: unknown): boolean {
  const tag = Object.prototype.toString.call(value);
  return tag === '[object Generator]' || tag === '[object AsyncGenerator]';
}

type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>;

function iteratorOf(made: unknown, name: string): AnyIterator {
  if (typeof made === 'object' && made !== null) {
    const make: unknown = Reflect.get(made, Symbol.asyncIterator) ?? Reflect.get(made, Symbol.iterator);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what an iterable returns
    if (typeof make === 'function') return Reflect.apply(make, made, []) as AnyIterator;
  }
  throw new TypeError(
    `${name}() did not return anything to iterate, and was called with pool.stream(). ` +
      'Make it a generator (function*), or call it with pool.submit().',
  );
}
