/** What a running task can know and say about itself, wherever in its call tree it asks. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** The task that is running here. */
export interface CurrentTask {
  readonly id: string;
  readonly name: string;
  /** 1 for the first run. */
  readonly attempt: number;
  /** How many pools are above: 1 in a worker of the main program. */
  readonly depth: number;
  /** Aborts when the task is cancelled or timed out. After `killGraceMs` the process is killed. */
  readonly signal: AbortSignal;
  /** Sends a value to the caller's `onProgress` and `task.progress`. Throws `NotSerializableError`. */
  progress(value: unknown): void;
}

// Shared by every copy of troupe that a worker may load.
const key = Symbol.for('troupe.currentTask');

function storage(): AsyncLocalStorage<CurrentTask> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ours alone, by its symbol
  const holder = globalThis as { [key]?: AsyncLocalStorage<CurrentTask> };
  return (holder[key] ??= new AsyncLocalStorage());
}

const tasks = storage();

/**
 * The task this code runs in, or `undefined` outside a worker's task.
 *
 * @example
 *   const task = currentTask();
 *   task?.progress(0.5);
 *   await fetch(url, { signal: task?.signal });
 */
export function currentTask(): CurrentTask | undefined {
  return tasks.getStore();
}

/** Runs a function as part of a task. */
export function runAsTask<Result>(task: CurrentTask, run: () => Result): Result {
  return tasks.run(task, run);
}
