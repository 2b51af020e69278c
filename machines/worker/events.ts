/** What a worker's machine knows, and what it can be told. */
import type { TaskId, WorkerId } from '../ids.ts';
import type { WorkerEnd } from '../reasons.ts';

export interface WorkerInput {
  readonly workerId: WorkerId;
  /** How many tasks it may run at a time. */
  readonly concurrency: number;
  /** How many more it may hold that have not started. */
  readonly window: number;
  readonly startTimeoutMs: number;
  readonly idleTimeoutMs: number | null;
  readonly graceMs: number;
  /** Without an answer for this long, its main loop does not turn. `null`: it is not asked. */
  readonly unresponsiveAfterMs: number | null;
  /** Whether one that is silent is killed. */
  readonly killsSilent: boolean;
  /** How many tasks it may be handed in its life. It is worn when nine tenths of them have been started. */
  readonly tasksMax: number | null;
  /** It is worn when it holds more memory than this. */
  readonly rssMaxBytes: number | null;
  /** It is worn when it holds so much more than after its first task. */
  readonly rssGrowthMaxBytes: number | null;
  /** It is worn when it has served for so long. */
  readonly ageMaxMs: number | null;
}

export interface WorkerContext extends WorkerInput {
  /** Tasks handed over that the child has not started, in order. */
  readonly handed: readonly TaskId[];
  /** Tasks the child says it is running. Only these are blamed when it dies. */
  readonly running: readonly TaskId[];
  /** Those of them that wait for other tasks: they hold no slot. */
  readonly parked: readonly TaskId[];
  /** What the child may drop if it has not started it: cancelled or recalled. */
  readonly askedBack: readonly TaskId[];
  /** It has said that it has been idle for long. */
  readonly isIdleLong: boolean;
  /** It was reported to be silent, and has not answered since. */
  readonly isSilent: boolean;
  /** How many more tasks it may be handed. One that is taken back counts. */
  readonly tasksLeft: number | null;
  /** What it held after its first task. */
  readonly rssBaseBytes: number | null;
  /** `worn`: it waits for its replacement. `replaced`: it leaves for it, or for having had its last task. */
  readonly wear: 'none' | 'worn' | 'replaced';
  readonly exited: boolean;
  readonly closed: boolean;
  readonly end: WorkerEnd;
  /** Whether it ever served: a worker that dies before counts towards breaking the pool. */
  readonly served: boolean;
}

export type WorkerEvent =
  // from the operating system
  | { readonly type: 'child.spawnFailed' }
  | { readonly type: 'child.exited' }
  | { readonly type: 'channel.closed' }
  | { readonly type: 'channel.corrupted' }
  /** Everything that can be read has been, and it is not closed. */
  | { readonly type: 'channel.emptied' }
  | { readonly type: 'child.froze' }
  /** This process itself did nothing for a while: what it has not heard in that time proves nothing. */
  | { readonly type: 'parent.paused' }
  // from the child, over the channel
  | { readonly type: 'child.greeted' }
  | { readonly type: 'child.initialized' }
  | { readonly type: 'child.initializeFailed' }
  /** Its main loop turns. */
  | { readonly type: 'child.answered' }
  | { readonly type: 'memory.measured'; readonly rssBytes: number }
  | { readonly type: 'task.started'; readonly taskId: TaskId }
  | { readonly type: 'task.returned'; readonly taskId: TaskId }
  | { readonly type: 'task.threw'; readonly taskId: TaskId; readonly retryable: boolean }
  | { readonly type: 'task.dropped'; readonly taskId: TaskId }
  /** It waits for tasks that it submitted. */
  | { readonly type: 'task.waits'; readonly taskId: TaskId }
  | { readonly type: 'task.resumed'; readonly taskId: TaskId }
  // from tasks and the pool
  | { readonly type: 'task.assigned'; readonly taskId: TaskId; readonly attempt: number }
  | { readonly type: 'task.cancelled'; readonly taskId: TaskId }
  /** Give it back if it has not started. */
  | { readonly type: 'task.recalled'; readonly taskId: TaskId }
  /** The pool may need fewer workers than before: whoever has been idle for long says so again. */
  | { readonly type: 'idleness.asked' }
  /** Leave as soon as you are idle, from now on. */
  | { readonly type: 'release.asked' }
  /** The pool has too many idle workers. */
  | { readonly type: 'retire.asked' }
  /** You are worn, and another takes your place: finish what you have, then leave. */
  | { readonly type: 'recycle.asked' }
  /** Finish what you have, then leave. */
  | { readonly type: 'stop.asked' }
  /** Nothing of what you have is wanted any more. */
  | { readonly type: 'leave.asked' }
  /** That task does not end: SIGTERM, then SIGKILL. */
  | { readonly type: 'kill.asked'; readonly taskId: TaskId }
  /** SIGKILL now. */
  | { readonly type: 'destroy.asked' };
