/** The port between what users hold and where tasks run: child processes of this one today. */
import type { Observers, PoolState } from '../observe/events.ts';
import type { TaskEntry, TaskRequest } from '../parent/ledger.ts';
import type { PoolStats, WorkerInfo } from '../parent/pool-report.ts';

export { type HostPorts, realHost } from '../parent/host-ports.ts';
export { ChunkFailure } from '../parent/ledger.ts';
export type { TaskEntry, TaskRequest, TaskSettings, TaskState, YieldSink } from '../parent/ledger.ts';
export type { PoolStats, WorkerInfo } from '../parent/pool-report.ts';

export interface Engine {
  /** Milliseconds that never go back, by the clock its tasks run by. */
  now(): number;
  readonly state: PoolState;
  readonly workers: readonly WorkerInfo[];
  readonly observers: Observers;
  stats(): PoolStats;
  /** A task is about to be submitted; what can be started meanwhile may start. */
  expectWork(): void;
  submit(request: TaskRequest): TaskEntry;
  /** A task that fails before it is one: it gets an id and rejects. */
  refuse(request: TaskRequest, error: unknown): TaskEntry;
  idOf(entry: TaskEntry): string;
  cancel(entry: TaskEntry, reason: unknown): void;
  /** Lets a stream send that many values more. */
  grantCredit(entry: TaskEntry, credit: number): void;
  /** The promise of a task that was submitted. */
  attach?(entry: TaskEntry, promise: Promise<unknown>): void;
  /** Whether it wants to hear who waits for its tasks. */
  readonly hearsWaits: boolean;
  /** A caller waits for that. A task that waits for another of its pool gives up its slot meanwhile. */
  noteWait(promise: Promise<unknown>): void;
  resize(minWorkers: number, maxWorkers: number): void;
  /** Whether it takes tasks: it is not closing, closed or broken. */
  readonly isOpen: boolean;
  /** Keeps no worker that is idle any more; what is submitted still runs. */
  release(): void;
  /** Whether `submit` of so many bytes would not be refused for a full queue now. */
  hasRoomFor(bytes: number): boolean;
  ready(bytes: number): Promise<void>;
  /** Resolves when so many workers serve; rejects if they never will. */
  warm(count: number): Promise<void>;
  close(drain: boolean, timeoutMs: number): Promise<void>;
  terminate(): Promise<void>;
}
