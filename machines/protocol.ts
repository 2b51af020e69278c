/**
 * What the two ends of a channel say to each other: one JSON array per frame, its first item the kind.
 * A value (arguments, a result, an error) is always the last item, at the index `valueAt` names.
 */
import type { TaskId, WorkerId } from './ids.ts';

/** Raised when a message changes shape; both ends must agree. */
export const PROTOCOL_VERSION = 1;

/** How a child runs the function: once, once per item of one argument list, or as a generator. */
export type CallMode = 'call' | 'each' | 'stream';

/** A function both sides can import: a module URL (or `node:` name) and the name of an export. */
export interface FunctionReference {
  readonly url: string;
  readonly name: string;
}

export interface InitMessage {
  readonly pool: string;
  readonly worker: WorkerId;
  readonly epoch: string;
  readonly concurrency: number;
  /** How many pools are above this child: 1 in a child of the main program. */
  readonly depth: number;
  readonly initialize: FunctionReference | null;
}

export interface HelloMessage {
  readonly protocol: number;
  readonly pid: number;
}

/** Parent to child. */
export type DownMessage =
  | ['init', InitMessage, args: unknown[]]
  | ['function', functionId: number, url: string, name: string]
  | ['run', TaskId, attempt: number, functionId: number, CallMode, name: string | null, args: unknown[]]
  | ['cancel', TaskId, attempt: number, reason: string]
  /** Give it back if it has not started. */
  | ['recall', TaskId, attempt: number]
  | ['credit', TaskId, attempt: number, credit: number]
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
  | ['yielded', TaskId, attempt: number, value: unknown]
  | ['progress', TaskId, attempt: number, value: unknown]
  | ['uncaught', error: unknown];

/** What mode `each` returns: the results up to the first failure. */
export interface EachResult {
  readonly values: readonly unknown[];
  readonly failed: boolean;
  readonly error?: unknown;
}

/** The index of the value in each message that has one. */
export const valueAt = {
  init: 2,
  run: 6,
  initializeFailed: 1,
  returned: 4,
  threw: 4,
  yielded: 3,
  progress: 3,
  uncaught: 1,
} as const;

/** How many values a generator may be ahead of its reader. The reader grants more as it takes them. */
export const STREAM_CREDIT = 16;
