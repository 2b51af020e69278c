/** What the model knows beside the machines: processes and their pipes, fates of tasks, the dispatcher. */
import type { TaskId, WorkerId } from '../../../machines/ids.ts';
import type { Calls, Faults } from './scope.ts';

/** What a parent writes to a child, without its values. */
export type Down =
  | { readonly type: 'init' | 'stop' }
  | { readonly type: 'ping' }
  | { readonly type: 'run'; readonly taskId: TaskId; readonly attempt: number }
  | { readonly type: 'cancel' | 'recall'; readonly taskId: TaskId }
  /** A task has settled that one of the child's tasks submitted. */
  | { readonly type: 'answer'; readonly nestedId: TaskId };

/** What a child writes to its parent, without its values. */
export type Up =
  | { readonly type: 'hello' | 'ready' | 'initializeFailed' | 'pong' | 'memory' }
  | { readonly type: TaskReport; readonly taskId: TaskId; readonly attempt: number }
  /** A task submits another. */
  | {
      readonly type: 'nested';
      readonly taskId: TaskId;
      readonly attempt: number;
      readonly nestedId: TaskId;
    };

export type TaskReport = 'started' | 'returned' | 'threw' | 'dropped' | 'waits' | 'resumed';

/** A task inside a child. */
export interface Run {
  readonly taskId: TaskId;
  readonly attempt: number;
  /** Its function has begun. */
  readonly isRunning: boolean;
  readonly isAborted: boolean;
  readonly outcome: 'none' | 'returned' | 'threw';
  /** What the child has read about it, and must have done at once. */
  readonly asked: 'nothing' | 'abort' | 'drop';
  /** What it submitted, as long as it has not read that it settled. */
  readonly asks: readonly TaskId[];
  /** Its function waits for all of that. */
  readonly isWaiting: boolean;
}

/** A child process and its pipe. */
export interface Process {
  readonly life: 'up' | 'dead' | 'failed';
  readonly down: readonly Down[];
  readonly up: readonly Up[];
  /** How many of `up` the kernel has taken: those survive the child. */
  readonly flushed: number;
  readonly runs: readonly Run[];
  /** Tasks whose announcement is on its way to the kernel. */
  readonly flushing: readonly TaskId[];
  readonly isInitializing: boolean;
  readonly isLooking: boolean;
  /** It was asked to leave, and leaves when its output is flushed. */
  readonly isLeaving: boolean;
  readonly isHung: boolean;
  readonly isFrozen: boolean;
  readonly signal: 'none' | 'SIGTERM' | 'SIGKILL';
  /** The channel is broken though the process lives. */
  readonly isBroken: boolean;
  /** Something else holds the pipe open. */
  readonly isStuck: boolean;
  /** The parent reads garbage, and then nothing. */
  readonly isCorrupt: boolean;
  /** It may have written what its machine did not ask for. */
  readonly babbled: boolean;
  /** Somebody was told what it wrote out of turn. */
  readonly isReported: boolean;
  /** The parent reads what is left, and then lets go of the channel. */
  readonly isReadOut: boolean;
  /** Its silence was told, and no answer since. */
  readonly silenceTold: boolean;
  /** How many tasks it has begun, where that is limited. */
  readonly begun: number;
  readonly exitTold: boolean;
  readonly closeTold: boolean;
}

export const newProcess: Process = {
  life: 'up',
  down: [],
  up: [],
  flushed: 0,
  runs: [],
  flushing: [],
  isInitializing: false,
  isLooking: false,
  isLeaving: false,
  isHung: false,
  isFrozen: false,
  signal: 'none',
  isBroken: false,
  isStuck: false,
  isCorrupt: false,
  babbled: false,
  isReported: false,
  isReadOut: false,
  silenceTold: false,
  begun: 0,
  exitTold: false,
  closeTold: false,
};

/** A task as the ledger and the truth know it. */
export interface Fate {
  /**
   * `sent`: a task submitted it, and the parent has not read so. `settled`: for its caller. `over`: nobody
   * has it any more.
   */
  readonly phase: 'sent' | 'open' | 'settled' | 'over';
  readonly attempt: number;
  readonly workerId: WorkerId;
  /** The last attempt in which its function began. */
  readonly begun: number;
  /** What its function came to in the present attempt. */
  readonly truth: 'none' | 'returned' | 'threw' | 'unsendable';
  /** Observers were told that it runs, in this attempt. */
  readonly startTold: number;
  readonly retriesTold: number;
  /** Its worker was told to let it go. */
  readonly cancelTold: boolean;
  readonly cancelAsked: boolean;
  /** One of its timers fired. */
  readonly timedOut: boolean;
  /** A forged frame named it: what its child says of it proves nothing any more. */
  readonly isForged?: true;
  /** The task that submitted it, or 0; how many are above it; and the worker that one ran in. */
  readonly owner: TaskId;
  readonly level: number;
  readonly home: WorkerId;
  /** The task that submitted it was cut off. */
  readonly mustEnd?: true;
}

export const newFate: Fate = {
  phase: 'open',
  attempt: 0,
  workerId: 0,
  begun: 0,
  truth: 'none',
  startTold: 0,
  retriesTold: 0,
  cancelTold: false,
  cancelAsked: false,
  timedOut: false,
  owner: 0,
  level: 0,
  home: 0,
};

/** What is over is forgotten, or moments would differ for ever by what nobody knows any more. */
export const overFate: Fate = { ...newFate, phase: 'over' };

/** A worker's place at the dispatcher. */
export interface Server {
  readonly held: readonly TaskId[];
  /** How many more tasks it may be handed; `null`: any number. */
  readonly left: number | null;
  /** Tasks of it that wait for others, and hold no slot. */
  readonly parked: readonly TaskId[];
}

/** The dispatcher, and what the pool was last told of it. */
export interface Desk {
  readonly queue: readonly TaskId[];
  readonly lookAgain: boolean;
  readonly seenDemand: number;
}

/** What callers may still do. */
export type CallsLeft = Partial<Calls> & { readonly submit: number };

/** What may still go wrong. */
export type FaultsLeft = Partial<Faults>;

/** What has been asked for and announced. */
export interface Outside {
  readonly closing: 'no' | 'drain' | 'now' | 'terminate';
  readonly announced: 'running' | 'draining' | 'closed' | 'broken';
  /** Failed starts within the window and in a row, counted by hand. */
  readonly failures: number;
  readonly failuresInRow: number;
  /** Starts failed too often, and nobody served when the last did. */
  readonly mustBreak: boolean;
  /** Somebody waits for room in the queue and has not been called. */
  readonly isWaiting: boolean;
  /** Nobody is given this pool any more. */
  readonly isReleased: boolean;
  /** How many workers somebody waits for and has not been told of. */
  readonly warm: number;
  /** The size that was asked for last, as `sizes` counts them; -1: the first. */
  readonly size: number;
  /** Leases that the pool was granted and has not returned, those it waits for, and those others want. */
  readonly leases: number;
  readonly asked: number;
  readonly owed: number;
}

export const newOutside: Outside = {
  closing: 'no',
  announced: 'running',
  failures: 0,
  failuresInRow: 0,
  mustBreak: false,
  isWaiting: false,
  isReleased: false,
  warm: 0,
  size: -1,
  leases: 0,
  asked: 0,
  owed: 0,
};
