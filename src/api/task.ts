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
    const task = new Task<Result>((resolve, reject) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the function's type says what comes
      entry = start(resolve as (value: unknown) => void, reject);
    });
    task.#engine = engine;
    task.#entry = entry;
    if (entry !== null) engine.attach?.(entry, task);
    return task;
  }

  /** Settles as the task does. A running task that waits for another gives its slot to others meanwhile. */
  // oxlint-disable-next-line unicorn/no-thenable -- it is a promise, and hears who waits
  override then<Value = Result, Caught = never>(
    onFulfilled?: ((value: Result) => Value | PromiseLike<Value>) | null,
    onRejected?: ((reason: unknown) => Caught | PromiseLike<Caught>) | null,
  ): Promise<Value | Caught> {
    if ((this.#entry?.request ?? null) !== null) this.#engine?.noteWait(this);
    return super.then(onFulfilled, onRejected);
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
   */
  cancel(reason?: unknown): void {
    const { engine, entry } = this.#parts();
    engine.cancel(entry, reason);
  }

  /**
   * What the task gives to `currentTask().progress()` from the first look at this property on. One reader.
   */
  get progress(): AsyncIterable<unknown> {
    const { engine, entry } = this.#parts();
    const onWait = (step: Promise<unknown>): void => engine.noteWait(step);
    const buffer = new AsyncBuffer<unknown>({ onWait }, progressMax);
    entry.progress = buffer;
    const end = (): void => buffer.end();
    follow(this, end, end);
    return buffer;
  }

  #parts(): { engine: Engine; entry: TaskEntry } {
    const engine = this.#engine;
    const entry = this.#entry;
    if (engine === null || entry === null) throw new TypeError('Only a pool makes tasks.');
    return { engine, entry };
  }
}
