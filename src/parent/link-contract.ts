/** What a worker's link is made with, and whom it tells. */
import type { WorkerId } from '../../machines/ids.ts';
import type { InitMessage } from '../../machines/protocol.ts';
import type { WorkerEvent } from '../../machines/worker/machine.ts';
import type { EncodedCall } from '../codec/call.ts';
import type { ErrorConstructorLike } from '../codec/remote-error.ts';
import type { ProtocolError } from '../errors.ts';
import type { LeaseRequest } from '../transport/lease-port.ts';
import type { ChildSpec } from './child-process.ts';
import type { HostPorts } from './host-ports.ts';
import type { TaskEntry } from './ledger.ts';
import type { NestedRequest } from './nested-message.ts';
import type { WorkerLink } from './worker-link.ts';
import type { OutputStream } from './worker-output.ts';

/** What a pool does with what its workers report. */
export interface LinkHost {
  tell(workerId: WorkerId, event: WorkerEvent): void;
  /** A message about a task, if the worker has that task in that attempt. */
  findTask(workerId: WorkerId, taskId: number, attempt: number): TaskEntry | undefined;
  onProgress(entry: TaskEntry, value: unknown): void;
  onYield(entry: TaskEntry, value: unknown): void;
  /** How long the function ran. */
  onMicros(entry: TaskEntry, micros: number): void;
  /** The class of that name where the worker's running tasks were written. */
  findErrorClass(workerId: WorkerId, name: string): ErrorConstructorLike | undefined;
  /** Whether the task may be tried again after this error. */
  isRetryable(entry: TaskEntry, error: unknown): boolean;
  /** The tasks that the worker has announced and that have no outcome. */
  runningIn(workerId: WorkerId): readonly number[];
  /** A line of its output, and the task that wrote it if that is known. */
  onOutput(link: WorkerLink, stream: OutputStream, line: string, taskId: number | undefined): void;
  /** A child speaks of tasks that its tasks submit. Returns what is wrong with it. */
  onNested(link: WorkerLink, request: NestedRequest): ProtocolError | null;
  /** A child speaks of workers for the pools in it. Returns what is wrong with it. */
  onLease(link: WorkerLink, request: LeaseRequest): ProtocolError | null;
}

export interface LinkOptions {
  readonly workerId: WorkerId;
  readonly spec: ChildSpec;
  readonly init: Omit<InitMessage, 'worker' | 'epoch' | 'initialize'>;
  readonly initialize: EncodedCall | null;
  readonly startedAtMs: number;
  readonly ports: HostPorts;
}
