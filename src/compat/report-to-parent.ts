/** What a child says to its parent while a call is going on there, whoever in the child says it. */
import process from 'node:process';
import { currentTask, type CurrentTask } from '../api/current-task.ts';

/** A message of the user's, or the size of a heap that has grown above its limit. */
export type Report = { readonly message: unknown } | { readonly heapBytes: number };

const running = new Set<CurrentTask>();

/** Runs a call, and lets code outside its own context (an event, a timer of the module) report for it. */
export async function reporting<Result>(run: () => Promise<Result>): Promise<Result> {
  const task = currentTask();
  if (task === undefined) return run();
  running.add(task);
  try {
    return await run();
  } finally {
    running.delete(task);
  }
}

/** Reports for the call this code belongs to, or else for the latest; false if there is none. */
export function report(value: Report): boolean {
  const own = currentTask();
  const task = own !== undefined && running.has(own) ? own : [...running].at(-1);
  task?.progress(value);
  return task !== undefined;
}

/** Reports a heap above its limit, so that the parent replaces this process after the call. */
export function reportHeap(limitBytes: number): void {
  if (limitBytes === Infinity) return;
  const { heapUsed } = process.memoryUsage();
  if (heapUsed > limitBytes) report({ heapBytes: heapUsed });
}

/** Gives a child without an IPC channel the `process.send` of one that has it. */
export function answerProcessSend(send: (message: unknown) => boolean): void {
  process.send = (message: unknown, ...rest: readonly unknown[]): boolean => {
    const isSent = send(message);
    const callback = rest.at(-1);
    if (typeof callback === 'function') process.nextTick(() => void Reflect.apply(callback, process, [null]));
    return isSent;
  };
}
