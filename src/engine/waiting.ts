/** Lets a running task give up its slot while it waits for other tasks. Outside of tasks it does nothing. */
import { runningTask } from '../child/current-task.ts';

/** The task this code runs in waits until the promise settles, if it runs in one. Returns the promise. */
export function waitFor<Value>(promise: Promise<Value>): Promise<Value> {
  const end = beginWait();
  if (end !== null) void Promise.prototype.then.call(promise, end, end);
  return promise;
}

/** The task this code runs in waits until the function is called; `null` if it runs in none. */
function beginWait(): (() => void) | null {
  return runningTask()?.beginWait?.() ?? null;
}
