/** What a pool does with what its workers report: events for the machines, values for the callers. */
import type { WorkerId } from '../../machines/ids.ts';
import type { WorkerEvent } from '../../machines/worker/machine.ts';
import { capturedErrorClass } from '../codec/call.ts';
import type { ProtocolError } from '../errors.ts';
import { errorClassNear } from '../codec/function-reference.ts';
import type { ErrorConstructorLike } from '../codec/remote-error.ts';
import { UndecodedValue } from '../codec/result.ts';
import type { LeaseRequest } from '../transport/lease-port.ts';
import { callSafely } from '../observe/events.ts';
import type { TaskEntry } from './ledger.ts';
import type { NestedRequest } from './nested-message.ts';
import { type PoolParts, publicIdOf } from './pool-parts.ts';
import { tasksIn } from './pool-report.ts';
import { isRetryable } from './retryable.ts';
import type { LinkHost } from './link-contract.ts';
import type { WorkerLink } from './worker-link.ts';

export class PoolLinkHost implements LinkHost {
  readonly #parts: PoolParts;

  constructor(parts: PoolParts) {
    this.#parts = parts;
  }

  tell(workerId: WorkerId, event: WorkerEvent): void {
    const { system } = this.#parts;
    system.tell('worker', workerId, event);
    system.run();
  }

  /** Replies are matched by task, attempt and worker: a stale one finds nothing. */
  findTask(workerId: WorkerId, taskId: number, attempt: number): TaskEntry | undefined {
    const entry = this.#parts.ledger.find(taskId);
    return entry !== undefined && entry.workerId === workerId && entry.attempt === attempt
      ? entry
      : undefined;
  }

  onProgress(entry: TaskEntry, value: unknown): void {
    if (value instanceof UndecodedValue)
      return callSafely(() => {
        throw value.error;
      });
    entry.progress?.push(value);
    const onProgress = entry.request?.settings.onProgress;
    if (onProgress !== undefined) callSafely(() => onProgress(value));
  }

  onYield(entry: TaskEntry, value: unknown): void {
    const sink = entry.request?.sink;
    if (value instanceof UndecodedValue) sink?.fail(value.error);
    else sink?.push(value);
  }

  onMicros(entry: TaskEntry, micros: number): void {
    this.#parts.dispatcher.noteDuration(entry.kind, micros);
  }

  findErrorClass(workerId: WorkerId, name: string): ErrorConstructorLike | undefined {
    for (const taskId of tasksIn(this.#parts, workerId, 'running')) {
      const request = this.#parts.ledger.find(taskId)?.request ?? null;
      const found =
        request === null
          ? undefined
          : (capturedErrorClass(request.captured, name) ?? errorClassNear(request.reference, name));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  isRetryable(entry: TaskEntry, error: unknown): boolean {
    return isRetryable(entry, 'error', error);
  }

  runningIn(workerId: WorkerId): readonly number[] {
    return tasksIn(this.#parts, workerId, 'running');
  }

  onNested(link: WorkerLink, request: NestedRequest): ProtocolError | null {
    return this.#parts.nested.take(link, request);
  }

  onLease(link: WorkerLink, request: LeaseRequest): ProtocolError | null {
    return this.#parts.leases.take(link, request);
  }

  onOutput(
    { workerId, pid }: WorkerLink,
    stream: 'stdout' | 'stderr',
    line: string,
    writer: number | undefined,
  ): void {
    this.#parts.observers.emit('workerOutput', () => {
      const taskId = writer === undefined ? undefined : publicIdOf(this.#parts, writer);
      return { workerId, pid, stream, line, taskId };
    });
  }
}
