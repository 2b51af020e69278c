/** Knows which task code runs in, wherever in its call tree it is. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** The task that is running here: what users see of it, and what pools in it need. */
export interface RunningTask {
  readonly id: string;
  readonly name: string;
  readonly attempt: number;
  readonly depth: number;
  readonly signal: AbortSignal;
  readonly pool: object;
  progress(value: unknown): void;
  /** By what the parent knows it; `null` when it is over. */
  readonly owner: { readonly taskId: number; readonly attempt: number } | null;
  /** It waits until the function is called; `null` if it is over. */
  beginWait(): (() => void) | null;
}

// Shared by every copy of troupe that a worker may load.
const key = Symbol.for('troupe.currentTask');

function storage(): AsyncLocalStorage<RunningTask> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ours alone, by its symbol
  const holder = globalThis as { [key]?: AsyncLocalStorage<RunningTask> };
  return (holder[key] ??= new AsyncLocalStorage());
}

const tasks = storage();

/** The task this code runs in, or `undefined` outside a worker's task. */
export function runningTask(): RunningTask | undefined {
  return tasks.getStore();
}

/** Runs a function as part of a task. */
export function runAsTask<Result>(task: RunningTask, run: () => Result): Result {
  return tasks.run(task, run);
}
