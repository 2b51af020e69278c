/** Gives each command of a task's machine its meaning: one case per command. */
import type { TaskOutcome } from '../../machines/reasons.ts';
import { InvariantError } from '../errors.ts';
import type { Command } from '../runtime/compile.ts';
import { cancelled, poolBroken, poolClosed, timedOut } from './failures.ts';
import type { TaskEntry } from './ledger.ts';
import { labelOf, type PoolParts } from './pool-parts.ts';
import { boundaryOf, withSite } from './remote-stack.ts';

function byteLengthOf({ request }: TaskEntry): number {
  return (request?.args.byteLength ?? 0) + (request?.captured?.graph.byteLength ?? 0);
}

export class TaskCommands {
  readonly #parts: PoolParts;

  constructor(parts: PoolParts) {
    this.#parts = parts;
  }

  perform(taskId: number, command: Command): void {
    const { system, ledger, dispatcher, observers } = this.#parts;
    const entry = ledger.find(taskId);
    if (entry === undefined)
      throw new InvariantError(`Task ${taskId} asked for "${command.type}" after it was over.`);
    switch (command.type) {
      case 'enqueue': {
        entry.state = 'queued';
        entry.workerId = 0;
        const { priority = 0, key } = entry.request?.settings ?? {};
        dispatcher.enqueue(
          {
            taskId,
            priority,
            level: entry.level,
            key: key ?? null,
            kind: entry.kind,
            bytes: byteLengthOf(entry),
          },
          (command.params as { front: boolean }).front,
        );
        break;
      }
      case 'dequeue':
        dispatcher.dequeue(taskId);
        break;
      case 'announceStart':
        entry.state = 'running';
        entry.request?.relay?.onBegan(entry.attempt);
        observers.emit('taskStarted', () => ({ ...labelOf(this.#parts, entry), workerId: entry.workerId }));
        break;
      case 'announceRetry':
        this.#parts.counts.retried += 1;
        entry.state = 'queued';
        observers.emit('taskRetried', () => ({ ...labelOf(this.#parts, entry), error: entry.received }));
        break;
      case 'admitNested':
        this.#parts.nested.admit((command.params as { nestedId: number }).nestedId);
        break;
      case 'refuseNested':
        this.#parts.nested.refuse((command.params as { nestedId: number }).nestedId);
        break;
      case 'cancelNested':
        this.#parts.nested.cancelOf(taskId);
        break;
      case 'settle':
        this.#settle(entry, (command.params as { outcome: TaskOutcome }).outcome);
        break;
      case 'forgetTask':
        ledger.close(taskId);
        system.remove('task', taskId);
        break;
      default:
        throw new InvariantError(`The task machine asked for "${command.type}", which nobody performs.`);
    }
  }

  /** A task whose signal had aborted before it was submitted never enters the pool. */
  refuseCancelled(entry: TaskEntry): void {
    const { ledger } = this.#parts;
    this.#parts.counts.cancelled += 1;
    ledger.settle(entry, 'cancelled', this.#errorFor(entry, 'cancelled'));
    ledger.close(entry.taskId);
  }

  #settle(entry: TaskEntry, outcome: TaskOutcome): void {
    const { ledger, observers, system } = this.#parts;
    const isCancelled = outcome === 'cancelled';
    if (outcome === 'fulfilled') {
      this.#parts.counts.fulfilled += 1;
      ledger.settle(entry, 'fulfilled', entry.received);
    } else {
      if (isCancelled) this.#parts.counts.cancelled += 1;
      else if (outcome === 'lost') this.#parts.counts.lost += 1;
      else this.#parts.counts.rejected += 1;
      ledger.settle(entry, isCancelled ? 'cancelled' : 'rejected', this.#errorFor(entry, outcome));
    }
    observers.emit('taskSettled', () => ({ ...labelOf(this.#parts, entry), outcome }));
    this.#parts.onUnsettled(-1);
    system.tell('pool', 0, { type: 'task.settled', bytes: entry.bytes });
  }

  #errorFor(entry: TaskEntry, outcome: Exclude<TaskOutcome, 'fulfilled'>): unknown {
    const label = labelOf(this.#parts, entry);
    const { settings, startErrors } = this.#parts;
    const wishes = entry.request?.settings;
    const site = entry.request?.site;
    const wasRunning = entry.state === 'running';
    switch (outcome) {
      case 'rejected':
        return withSite(entry.received, site, boundaryOf(entry));
      case 'lost':
        return entry.received;
      case 'cancelled':
        return withSite(cancelled(label, entry.cancelReason, wasRunning), site);
      case 'timedOut':
        return withSite(timedOut(label, 'execution', wishes?.timeoutMs ?? 0), site);
      case 'queueTimedOut':
        return withSite(timedOut(label, 'queue', wishes?.queueTimeoutMs ?? 0), site);
      case 'deadlineMissed': {
        const waited = Math.round(this.#parts.clock.now() - entry.submittedAtMs);
        return withSite(timedOut(label, 'deadline', waited), site);
      }
      case 'closed':
        return withSite(poolClosed(label, settings.name, wasRunning), site);
      case 'broken':
        return withSite(
          poolBroken(settings.name, startErrors, `Task ${label.taskId} (${label.name}) cannot run`),
          site,
        );
    }
  }
}
