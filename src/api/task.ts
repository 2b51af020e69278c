/** What `submit` returns: a real promise that also knows its task. */
import type { Engine, TaskEntry, TaskState } from '../engine/engine.ts';
import { AsyncBuffer } from './async-buffer.ts';

/** `task.progress` keeps this many values that nobody has read; older ones are dropped. */
const progressMax = 1_000;

/** Like `then`, for those who do not wait: nobody's slot depends on it. */
export function follow<Result>(
  task: Task<Result>,
  onFulfilled: (value: Result) => void,
  onRejected: (reason: unknown) => void,
): void {
  void Promise.prototype.then.call(task, onFulfilled, onRejected);
}

/** Tells the engine that somebody waits for a task, unless that is over. */
let noteWait: (task: Task<unknown>) => void;

/**
 * The result of a function that runs in a worker. It settles exactly once. `then`, `catch` and `finally`
 * return plain promises.
 *
 * @example
 *   const task = pool.submit(resize, bytes, 640);
 *   setTimeout(() => task.cancel('too slow'), 1_000);
 *   const thumbnail = await task;
 */
export class Task<Result> extends Promise<Result> {
  /** Promises derived from a task are plain ones. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  #engine: Engine | null = null;
  #entry: TaskEntry | null = null;

  /** Ties a task to its engine. */
  static open<Result>(
    engine: Engine,
    start: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => TaskEntry,
  ): Task<Result> {
    let entry: TaskEntry | null = null;
    const Kind = engine.hearsWaits ? HeardTask : Task;
    const task = new Kind<Result>((resolve, reject) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the function's type says what comes
      entry = start(resolve as (value: unknown) => void, reject);
    });
    task.#engine = engine;
    task.#entry = entry;
    if (entry !== null) engine.attach?.(entry, task);
    return task;
  }

  /** The pool's id and the task's number in it. */
  get id(): string {
    const { engine, entry } = this.#parts();
    return engine.idOf(entry);
  }

  /** `'queued'`, `'running'`, `'fulfilled'`, `'rejected'` or `'cancelled'`. */
  get state(): TaskState {
    return this.#parts().entry.state;
  }

  /** The number of its current or last run; 0 before the first. */
  get attempt(): number {
    return this.#parts().entry.attempt;
  }

  /**
   * Rejects the task with `TaskCancelledError` now. If it runs, its `currentTask().signal` aborts, and its
   * worker is killed if it has not ended after `killGraceMs`. Does nothing to a settled task.
   *
   * You know of this rejection, so nobody has to await it: it is no unhandled rejection. What was derived
   * from the task by `then` is an ordinary promise, and may be one.
   */
  cancel(reason?: unknown): void {
    const { engine, entry } = this.#parts();
    engine.cancel(entry, reason);
    if (entry.state === 'cancelled') this.catch(() => undefined);
  }

  /**
   * What the task gives to `currentTask().progress()` from the first look at this property on. One reader.
   */
  get progress(): AsyncIterable<unknown> {
    const { engine, entry } = this.#parts();
    const onWait = (step: Promise<unknown>): void => engine.noteWait(step);
    const buffer = new AsyncBuffer<unknown>({ onWait }, progressMax);
    // Not by `then`: whoever reads this alone has not handled the rejection.
    if (entry.request === null) buffer.end();
    else entry.progress = buffer;
    return buffer;
  }

  // `await` and `Promise.all` take a promise of their own kind as it is, and wrap any other in two more.
  static {
    Reflect.defineProperty(this.prototype, 'constructor', {
      configurable: true,
      writable: true,
      value: Promise,
    });
    noteWait = (task) => {
      if ((task.#entry?.request ?? null) !== null) task.#engine?.noteWait(task);
    };
  }

  #parts(): { engine: Engine; entry: TaskEntry } {
    const engine = this.#engine;
    const entry = this.#entry;
    if (engine === null || entry === null) throw new TypeError('Only a pool makes tasks.');
    return { engine, entry };
  }
}

/** A task in a worker, where whoever waits gives up its slot: so every wait must go by its `then`. */
class HeardTask<Result> extends Task<Result> {
  /** Its type is the promise's own: whoever waits is heard, and nothing else is different. */
  static {
    // oxlint-disable-next-line unicorn/no-thenable -- it is a promise, and hears who waits
    Reflect.defineProperty(this.prototype, 'then', {
      configurable: true,
      writable: true,
      value: function then(
        this: HeardTask<unknown>,
        ...callbacks: Parameters<Promise<unknown>['then']>
      ): unknown {
        noteWait(this);
        return Promise.prototype.then.apply(this, callbacks);
      },
    });
  }
}
