/**
 * `troupe/compat/tinypool`: the class `Tinypool`, over workers that are processes and cannot hang. What
 * differs is in docs/guides/migrate-from-tinypool.md.
 */
import { EventEmitterAsyncResource } from 'node:events';
import process from 'node:process';
import { InvalidOptionError } from '../errors.ts';
import { type RunOptions, TinypoolCall } from './tinypool-call.ts';
import { type FilledOptions, fillOptions, type Options } from './tinypool-options.ts';
import { TinypoolWorkers } from './tinypool-workers.ts';
import { workerFileUrl } from './worker-file.ts';

export type { AnySignal, RunOptions, TinypoolChannel } from './tinypool-call.ts';
export { AbortError, CancelError } from './tinypool-errors.ts';
export type { FilledOptions, Options } from './tinypool-options.ts';

/** What `process.__tinypool_state__` holds in a worker. */
interface WorkerState {
  readonly workerId: number;
  readonly workerData: unknown;
}

/** One of the pool's workers. */
export interface TinypoolWorker {
  readonly runtime: 'child_process';
  /** The id of its process; 0 while it has none. */
  readonly threadId: number;
  /** 1 to `maxThreads`, as `workerId` says in the worker. */
  readonly workerId: number;
}

/**
 * A pool that calls the handlers of a file, one argument each.
 *
 * Throws `InvalidOptionError` for a wrong or unknown option, `RangeError` if `minThreads` is above
 * `maxThreads`, and `NotSerializableError` if `workerData` cannot be sent.
 *
 * @example
 *   const pool = new Tinypool({ filename: new URL('./worker.mjs', import.meta.url).href });
 *   const sum = await pool.run({ a: 4, b: 6 });
 *   await pool.destroy();
 */
export class Tinypool extends EventEmitterAsyncResource {
  readonly #options: FilledOptions;
  readonly #workers: TinypoolWorkers;
  readonly #startedAtMs = performance.now();

  constructor(options: Options = {}) {
    const filled = fillOptions(options);
    const url = filled.filename === null ? null : fileUrl(filled.filename, 'new Tinypool()');
    super({ name: 'Tinypool' });
    this.#options = filled;
    this.#workers = new TinypoolWorkers(filled, url, {
      onDrained: () => void this.emit('drain'),
      onError: (error) => void this.emit('error', error),
    });
  }

  /**
   * Calls a handler in a worker. Never throws: what is wrong with the call rejects it.
   *
   * Rejects with what the handler throws, `NotSerializableError` if the task or the result cannot be sent,
   * `WorkerLostError` if the process died, an error named `AbortError`, `CancelError`, `QueueFullError` or
   * `PoolClosedError`.
   */
  async run<Result = unknown>(task: unknown, options: RunOptions = {}): Promise<Result> {
    const filename = options.filename ?? this.#options.filename;
    if (typeof filename !== 'string')
      throw new InvalidOptionError('filename', "run(): name a file, here or as the pool's `filename`.");
    const call = new TinypoolCall(
      {
        task,
        url: fileUrl(filename, 'run()'),
        name: options.name ?? this.#options.name,
        channel: options.channel,
        signal: options.signal,
      },
      (aborted) => this.#workers.abort(aborted),
    );
    this.#workers.submit(call);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller knows the handler
    return call.promise as Promise<Result>;
  }

  /**
   * Ends the pool: what waits or runs rejects with `PoolClosedError`, after the workers' `teardown`. Rejects
   * with what a `teardown` throws, when all processes are gone.
   */
  async destroy(): Promise<void> {
    try {
      await this.#workers.destroy();
    } finally {
      this.emitDestroy();
    }
  }

  /** Rejects what waits with a `CancelError`; what runs goes on. */
  cancelPendingTasks(): void {
    this.#workers.cancelPending();
  }

  /** Replaces all workers, busy ones when their calls have ended. Resolves when the old ones are gone. */
  recycleWorkers(_options: Pick<Options, 'runtime'> = {}): Promise<void> {
    return this.#workers.recycle();
  }

  /** The options with every default applied. */
  get options(): FilledOptions {
    return this.#options;
  }

  /** The workers that exist now. */
  get threads(): TinypoolWorker[] {
    return this.#workers.seats.map(({ pid = 0, number }) => ({
      runtime: 'child_process',
      threadId: pid,
      workerId: number,
    }));
  }

  /** Calls that wait for a worker. */
  get queueSize(): number {
    return this.#workers.waiting;
  }

  /** Calls that a worker has taken and that have settled. */
  get completed(): number {
    return this.#workers.completed;
  }

  /** Milliseconds since the pool was made. */
  get duration(): number {
    return performance.now() - this.#startedAtMs;
  }

  /** False everywhere: the workers are processes. */
  static get isWorkerThread(): boolean {
    return false;
  }

  /** In a worker, the pool's `workerData`. */
  static get workerData(): unknown {
    return workerState()?.workerData;
  }

  /** Returns the value: what goes to another process is copied, not moved. */
  static move<Value>(value: Value): Value {
    return value;
  }
}

/** @alias as in tinypool */
export default Tinypool;

/** In a worker, its number, from 1 to `maxThreads`. Outside `undefined`. */
export const workerId: number | undefined = workerState()?.workerId;

function workerState(): WorkerState | undefined {
  const state: unknown = Reflect.get(process, '__tinypool_state__');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ours, by its name
  return state as WorkerState | undefined;
}

function fileUrl(filename: string, where: string): string {
  return workerFileUrl(filename, 'filename', where);
}
