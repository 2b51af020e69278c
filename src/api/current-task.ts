/** What a running task can know and say about itself, wherever in its call tree it asks. */
import { runningTask } from '../child/current-task.ts';
import type { NestedPool } from './nested-pool.ts';

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
  /**
   * The pool it runs in. A task may submit to it and wait: while it waits another task has its slot, so that
   * even `maxWorkers: 1` is enough for any depth.
   */
  readonly pool: NestedPool;
  /** Sends a value to the caller's `onProgress` and `task.progress`. Throws `NotSerializableError`. */
  progress(value: unknown): void;
}

/**
 * The task this code runs in, or `undefined` outside a worker's task.
 *
 * @example
 *   const task = currentTask();
 *   task?.progress(0.5);
 *   await fetch(url, { signal: task?.signal });
 */
export function currentTask(): CurrentTask | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a child makes its pool of what is here
  return runningTask() as CurrentTask | undefined;
}
