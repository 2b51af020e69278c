/**
 * The data plane of the parent: for each task its bytes, its promise and its options, by id.
 * Machines never see any of this.
 */
import type { CallMode, FunctionReference } from '../../machines/protocol.ts';
import { IdTable } from '../../machines/id-table.ts';
import type { TaskId, WorkerId } from '../../machines/ids.ts';
import { argumentBytes, type EncodedCall } from '../codec/call.ts';

export type TaskState = 'queued' | 'running' | 'fulfilled' | 'rejected' | 'cancelled';

/** The limits and wishes that go with a task, ready to use. */
export interface TaskSettings {
  readonly timeoutMs: number;
  readonly queueTimeoutMs: number;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  readonly retries: {
    readonly times: number;
    readonly on: 'crash' | 'error' | ((error: unknown) => boolean) | undefined;
    readonly backoffMs: number;
  };
  readonly priority: number;
  readonly key: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((value: unknown) => void) | undefined;
  readonly name: string | undefined;
}

/** A chunk of `map` in which an item failed. The results before it still count. */
export class ChunkFailure {
  readonly values: readonly unknown[];
  readonly error: unknown;

  constructor(values: readonly unknown[], error: unknown) {
    this.values = values;
    this.error = error;
  }
}

/** Whoever receives what a task yields. */
export interface YieldSink {
  push(value: unknown): void;
  /** A value came that cannot be made again here; after it nothing more is wanted. */
  fail(error: unknown): void;
}

/** Whoever receives its progress, and hears when there is no more. */
export interface ProgressSink extends YieldSink {
  end(): void;
}

/** What is special about a task that a running task submitted. */
export interface NestedRelay {
  /** What users know it by, instead of its number. */
  readonly id: string;
  /** How many tasks are above it. */
  readonly level: number;
  /** It runs, for the how-many-eth time. */
  onBegan(attempt: number): void;
}

/** What is asked for when a task is submitted. */
export interface TaskRequest extends EncodedCall {
  readonly mode: CallMode;
  readonly settings: TaskSettings;
  readonly sink: YieldSink | null;
  /** Where it was submitted; its stack ends the stack of a remote error. */
  readonly site: { readonly stack?: string | undefined };
  /** Of a task that a running task submitted: its values are passed on, not made. */
  readonly relay?: NestedRelay;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export interface TaskEntry {
  readonly taskId: TaskId;
  /** The number of its function in this pool. */
  readonly functionId: number;
  /** Tasks of one kind take about as long: the same function, called in the same way. */
  readonly kind: number;
  /** What messages call it. */
  readonly name: string;
  /** What its arguments weigh. */
  readonly bytes: number;
  /** What users know it by within its pool, if that is not its number. */
  readonly givenId: string | null;
  /** 0 for a task from outside; one more for each task above it. */
  readonly level: number;
  /** `null` once it is settled: nothing a task held outlives its promise. */
  request: TaskRequest | null;
  state: TaskState;
  attempt: number;
  workerId: WorkerId;
  submittedAtMs: number;
  /** What the last attempt came to, until the task machine decides what becomes of it. */
  received: unknown;
  cancelReason: unknown;
  /** Takes the listener off the caller's signal. */
  stopListening: (() => void) | null;
  /** Values to give to `task.progress`. */
  progress: ProgressSink | null;
}

/** All tasks that are not over, in the order of submission. */
export class Ledger {
  readonly #entries = new IdTable<TaskEntry>();
  /** A reference is one object for all calls of its function. */
  readonly #functionIds = new WeakMap<FunctionReference, number>();
  #lastFunctionId = 0;
  #last = 0;

  get size(): number {
    return this.#entries.size;
  }

  open(request: TaskRequest, nowMs: number): TaskEntry {
    this.#last += 1;
    const functionId = this.#functionId(request.reference);
    const entry: TaskEntry = {
      taskId: this.#last,
      functionId,
      kind: request.mode === 'call' ? functionId : -functionId,
      name: request.settings.name ?? request.reference.name,
      bytes: argumentBytes(request),
      givenId: request.relay?.id ?? null,
      level: request.relay?.level ?? 0,
      request,
      state: 'queued',
      attempt: 0,
      workerId: 0,
      submittedAtMs: nowMs,
      received: undefined,
      cancelReason: undefined,
      stopListening: null,
      progress: null,
    };
    this.#entries.set(entry.taskId, entry);
    return entry;
  }

  find(taskId: TaskId): TaskEntry | undefined {
    return this.#entries.get(taskId);
  }

  /** Settles once and lets go of everything the task held. */
  settle(entry: TaskEntry, state: 'fulfilled' | 'rejected' | 'cancelled', value: unknown): void {
    const { request } = entry;
    if (request === null) return;
    entry.state = state;
    entry.request = null;
    entry.received = undefined;
    entry.cancelReason = undefined;
    entry.stopListening?.();
    entry.stopListening = null;
    entry.progress?.end();
    entry.progress = null;
    if (state === 'fulfilled') request.resolve(value);
    else request.reject(value);
  }

  close(taskId: TaskId): void {
    this.#entries.delete(taskId);
  }

  ids(): TaskId[] {
    return Array.from(this.#entries.entries(), ([taskId]) => taskId);
  }

  #functionId(reference: FunctionReference): number {
    const known = this.#functionIds.get(reference);
    if (known !== undefined) return known;
    this.#lastFunctionId += 1;
    this.#functionIds.set(reference, this.#lastFunctionId);
    return this.#lastFunctionId;
  }
}
