/**
 * What the two ends of a channel say to each other: one JSON array per frame, its first item the kind.
 * A value (arguments, a result, an error) is always the last item, at the index `valueAt` names.
 */
import type { TaskId, WorkerId } from './ids.ts';

/** Raised when a message changes shape; both ends must agree. */
export const PROTOCOL_VERSION = 3;

/** How a child runs the function: once, once per item of one argument list, or as a generator. */
export type CallMode = 'call' | 'each' | 'stream';

/**
 * A function by its address, which both sides can import: a module URL (or `node:` name) and the name of an
 * export. With the URL `closureUrl` the function itself is sent, and the name is only what people call it.
 */
export interface FunctionReference {
  readonly url: string;
  readonly name: string;
}

/** The URL of functions that have no address. */
export const closureUrl = 'closure:';

/**
 * What the roots of a captured graph are: the function, its arguments, or the function and then its
 * arguments.
 */
export type CapturedRoots = 'function' | 'arguments' | 'call';

/** In place of a task's id: no task that runs. */
export const noTask = 0;

/** The task id of what is captured for `initialize`. */
export const initializeTaskId = 0;

export interface InitMessage {
  readonly pool: string;
  readonly worker: WorkerId;
  readonly epoch: string;
  readonly concurrency: number;
  /** How many pools are above this child: 1 in a child of the main program. */
  readonly depth: number;
  /** Whether it tells what its tasks write, instead of writing it. */
  readonly capture: boolean;
  readonly initialize: FunctionReference | null;
  /** Whether it says how much memory it holds after its tasks. */
  readonly reportsMemory: boolean;
}

/** A limit as JSON can write it. */
export type WireNumber = number | 'Infinity' | '-Infinity';

/** The options bound to a task that a running task submits; what is not there is as the pool has it. */
export interface NestedOptions {
  readonly timeoutMs?: WireNumber;
  readonly queueTimeoutMs?: WireNumber;
  /** Milliseconds since 1970. */
  readonly deadline?: WireNumber;
  readonly retries?: {
    readonly times: number;
    readonly on: 'crash' | 'error' | null;
    readonly backoffMs: number;
  };
  readonly priority?: WireNumber;
  readonly key?: string;
  readonly name?: string;
}

/** A task that a running task submits. Its values stand beside it, and the parent never makes them. */
export interface NestedCall {
  /** The pool it is for. */
  readonly pool: string;
  /** What users know it by, in that pool. */
  readonly id: string;
  readonly reference: FunctionReference;
  readonly mode: CallMode;
  readonly options: NestedOptions;
  /** What was captured for it, and how many signals are in that. */
  readonly roots: CapturedRoots | null;
  readonly signals: number;
  /** How many of the message's pieces of bytes belong to the arguments; the rest is in what was captured. */
  readonly argumentBytes: number;
}

/** About tasks that running tasks submitted: child to parent. `nestedId` is the child's number for it. */
export type NestedUpMessage =
  | [
      'nested',
      'submit',
      nestedId: number,
      owner: TaskId,
      attempt: number,
      NestedCall,
      args: unknown,
      argsMeta: unknown,
      graph: unknown,
      units: readonly unknown[],
    ]
  | ['nested', 'cancel', nestedId: number, reason: string]
  | ['nested', 'credit', nestedId: number, credit: number]
  /** A signal among what was captured for it has aborted. */
  | ['nested', 'signal', nestedId: number, index: number, reason: string];

/** And parent to child. Values are where the child that made them had put them: they are passed on. */
export type NestedDownMessage =
  | ['nested', 'began', nestedId: number, attempt: number]
  | ['nested', 'returned' | 'threw', nestedId: number, boundary: string, value?: unknown]
  | ['nested', 'yielded' | 'progress', nestedId: number, value: unknown];

export interface HelloMessage {
  readonly protocol: number;
  readonly pid: number;
}

/** Parent to child. */
export type DownMessage =
  | ['init', InitMessage, args: unknown[]]
  | ['function', functionId: number, url: string, name: string]
  /** All of them: those still needed will be sent again. */
  | ['forgetFunctions']
  /** The text of a function, once; captured graphs name it by its id. */
  | ['code', unit: unknown]
  /** Texts that will be sent again before they are named again. */
  | ['forgetCode', unitIds: readonly string[]]
  /** A class and its serializer: results may hold instances of it. */
  | ['register', name: string, classId: string, graph: unknown]
  /**
   * What the next `run` of the task (or `init`) needs beside, or instead of, an address and plain arguments.
   */
  | ['captured', TaskId, CapturedRoots, graph: unknown]
  /** A signal among what was captured for a task has aborted. */
  | ['signal', TaskId, index: number, reason: unknown]
  | ['run', TaskId, attempt: number, functionId: number, CallMode, name: string | null, args: unknown[]]
  | ['cancel', TaskId, attempt: number, reason: string]
  /** What users know the task by, for one that another task submitted. */
  | ['identity', TaskId, id: string]
  /** Give it back if it has not started. */
  | ['recall', TaskId, attempt: number]
  | ['credit', TaskId, attempt: number, credit: number]
  /** Does your main loop turn? */
  | ['ping']
  /** Pools in it may run so many workers more, in all. */
  | ['leased', count: number]
  /** Others want so many leases. */
  | ['shortage', count: number]
  | ['stop'];

/** Child to parent. `micros` is how long the function ran. */
export type UpMessage =
  | ['hello', HelloMessage]
  | ['ready']
  | ['initializeFailed', error: unknown]
  | ['started', TaskId, attempt: number]
  /** Without a value it returned `undefined`, as most tasks do that are called for their effects. */
  | ['returned', TaskId, attempt: number, micros: number, value?: unknown]
  | ['threw', TaskId, attempt: number, micros: number, error: unknown]
  | ['dropped', TaskId, attempt: number]
  /** It waits for tasks of its own, and holds no slot until it has resumed. */
  | ['waits', TaskId, attempt: number]
  | ['resumed', TaskId, attempt: number]
  | ['yielded', TaskId, attempt: number, value: unknown]
  | ['progress', TaskId, attempt: number, value: unknown]
  /** How much memory it holds, now and then after a task. */
  | ['memory', rssBytes: number]
  | ['uncaught', error: unknown]
  /** Answers a ping. */
  | ['pong']
  /** How it is, about once a second while it has tasks. */
  | ['pulse', lagMs: number, rssBytes: number, cpuMicros: number]
  /** Pools in it could do with so many workers more than the first of each. */
  | ['lease', count: number]
  /** They need so many less, which they had. */
  | ['unlease', count: number]
  /** What was written to stdout (1) or stderr (2), and by which task: `noTask` stands for none. */
  | ['output', TaskId, attempt: number, stream: 1 | 2, text: string];

/** What mode `each` returns: the results up to the first failure. */
export interface EachResult {
  /** `undefined` stands here as `null`. */
  readonly values: readonly unknown[];
  /** Where: from, to, from, to. */
  readonly blanks?: readonly number[];
  readonly failed: boolean;
  /** What the items took, if none failed. */
  readonly micros?: number;
  readonly error?: unknown;
}

/** The index of the value in each message that has one. */
export const valueAt = {
  init: 2,
  run: 6,
  signal: 3,
  initializeFailed: 1,
  returned: 4,
  threw: 4,
  yielded: 3,
  progress: 3,
  uncaught: 1,
} as const;

/** How many values a generator may be ahead of its reader. The reader grants more as it takes them. */
export const STREAM_CREDIT = 16;
