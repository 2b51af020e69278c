/** Gives each command of the pool's, workers' and tasks' machines its meaning. One case per command, no decisions. */
import type { Dispatcher } from '../../machines/dispatcher.ts';
import type { RefusalReason } from '../../machines/pool/machine.ts';
import type { AbandonReason, TaskOutcome } from '../../machines/reasons.ts';
import type { Events } from '../../machines/topology.ts';
import type { TaskInput } from '../../machines/task/machine.ts';
import type { WorkerInput } from '../../machines/worker/machine.ts';
import { InvariantError } from '../errors.ts';
import type { Observers, PoolState } from '../observe/events.ts';
import type { Command } from '../runtime/compile.ts';
import type { System } from '../runtime/system.ts';
import type { Clock } from '../runtime/timers.ts';
import {
  cancelled,
  poolBroken,
  poolClosed,
  refused,
  type TaskLabel,
  timedOut,
  workerLost,
  type WorkerLoss,
  workerStart,
} from './failures.ts';
import type { Ledger, TaskEntry } from './ledger.ts';
import { windowMax } from './pace.ts';
import { withSite } from './remote-stack.ts';
import type { WorkerLink } from './worker-link.ts';

/** What the machines need to know of a pool's options. */
export interface PoolSettings {
  readonly poolId: string;
  readonly name: string;
  readonly concurrency: number;
  readonly maxQueue: number;
  readonly startTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly killGraceMs: number;
}

/** Who gets which events in the parent. */
export type PoolMail = Pick<Events, 'pool' | 'worker' | 'task'>;

/** What a pool is made of. */
export interface PoolParts {
  readonly settings: PoolSettings;
  readonly system: System<PoolMail>;
  readonly dispatcher: Dispatcher;
  readonly ledger: Ledger;
  readonly links: Map<number, WorkerLink>;
  readonly observers: Observers;
  readonly clock: Clock;
  /** Why workers could not start, newest last; a bounded list. */
  readonly startErrors: Error[];
  createLink(): WorkerLink;
  onState(state: PoolState): void;
  onRoom(): void;
  /** Have the pool machine look at the demand again, even if it has not changed. */
  onLookAgain(): void;
  onUnsettled(count: number): void;
}

const startErrorsMax = 32;

/** A limit as the machines write it: `null` is none. */
const limit = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);

export class Interpreter {
  readonly #parts: PoolParts;
  /** Counters for `pool.stats()`. */
  readonly counts = { fulfilled: 0, rejected: 0, cancelled: 0, lost: 0, retried: 0, workersLost: 0 };

  constructor(parts: PoolParts) {
    this.#parts = parts;
  }

  perform(kind: string, id: number, command: Command): void {
    if (kind === 'task') this.#performForTask(id, command);
    else if (kind === 'worker') this.#performForWorker(id, command);
    else this.#performForPool(command);
  }

  label(entry: TaskEntry): TaskLabel {
    return { taskId: `${this.#parts.settings.poolId}/${entry.taskId}`, name: entry.name, attempt: entry.attempt };
  }

  /** A task whose signal had aborted before it was submitted never enters the pool. */
  refuseCancelled(entry: TaskEntry): void {
    const { ledger } = this.#parts;
    this.counts.cancelled += 1;
    ledger.settle(entry, 'cancelled', this.#errorFor(entry, this.label(entry), 'cancelled'));
    ledger.close(entry.taskId);
  }

  #performForPool(command: Command): void {
    const { system, links, ledger } = this.#parts;
    switch (command.type) {
      case 'createTask':
        this.#createTask((command.params as { taskId: number }).taskId);
        break;
      case 'refuseTask': {
        const { taskId, why } = command.params as { taskId: number; why: RefusalReason };
        this.#refuse(taskId, why);
        break;
      }
      case 'spawnWorkers':
        for (let left = (command.params as { count: number }).count; left > 0; left -= 1) this.#createWorker();
        break;
      case 'retireWorkers': {
        const { count } = command.params as { count: number };
        for (const workerId of this.#toRetire(count)) system.tell('worker', workerId, { type: 'stop.asked' });
        break;
      }
      case 'stopWorkers':
        for (const workerId of links.keys()) system.tell('worker', workerId, { type: 'stop.asked' });
        break;
      case 'destroyWorkers':
        for (const workerId of links.keys()) system.tell('worker', workerId, { type: 'destroy.asked' });
        break;
      case 'abandonQueue':
        for (const taskId of ledger.ids()) system.tell('task', taskId, { type: 'queue.abandoned' });
        break;
      case 'abandonTasks': {
        const { why } = command.params as { why: AbandonReason };
        for (const taskId of ledger.ids()) system.tell('task', taskId, { type: 'pool.abandoned', why });
        break;
      }
      case 'announceState':
        this.#parts.onState((command.params as { state: PoolState }).state);
        break;
      case 'announceRoom':
        this.#parts.onRoom();
        break;
      case 'lookAgain':
        this.#parts.onLookAgain();
        break;
      default:
        throw new InvariantError(`The pool machine asked for "${command.type}", which nobody performs.`);
    }
  }

  #performForWorker(workerId: number, command: Command): void {
    const { system, links, ledger, dispatcher } = this.#parts;
    const link = links.get(workerId);
    if (link === undefined) throw new InvariantError(`Worker ${workerId} asked for "${command.type}" after it left.`);
    switch (command.type) {
      case 'writeRun': {
        const { taskId, attempt } = command.params as { taskId: number; attempt: number };
        const entry = ledger.find(taskId);
        if (entry === undefined) throw new InvariantError(`Task ${taskId} was assigned after it was over.`);
        entry.attempt = attempt;
        entry.workerId = workerId;
        const refusal = link.writeRun(entry, attempt);
        if (refusal !== null) this.#failUnsent(entry, workerId, refusal);
        break;
      }
      case 'freeSlot':
        dispatcher.free(workerId);
        break;
      case 'offerSlots':
        dispatcher.offer(workerId);
        this.#parts.observers.emit('workerReady', () => ({ workerId, pid: link.pid }));
        break;
      case 'withdrawSlots':
        dispatcher.withdraw(workerId);
        this.#parts.onLookAgain();
        break;
      case 'spawnChild':
        link.spawn();
        this.#parts.observers.emit('workerStarted', () => ({ workerId, pid: link.pid }));
        break;
      case 'writeInit':
        link.writeInit();
        break;
      case 'writeCancel': {
        const entry = ledger.find((command.params as { taskId: number }).taskId);
        if (entry !== undefined) link.writeCancel(entry, reasonText(entry.cancelReason));
        break;
      }
      case 'writeStop':
        link.writeStop();
        break;
      case 'signalChild':
        link.signal((command.params as { signal: 'SIGTERM' | 'SIGKILL' }).signal);
        break;
      case 'reportProtocolError':
        link.noteProtocolError((command.params as { event: string }).event);
        break;
      case 'loseTasks':
        this.#loseTasks(link, command.params as { running: readonly number[]; handed: readonly number[] });
        break;
      case 'forgetWorker':
        links.delete(workerId);
        link.dispose();
        system.remove('worker', workerId);
        break;
      default:
        throw new InvariantError(`The worker machine asked for "${command.type}", which nobody performs.`);
    }
  }

  #performForTask(taskId: number, command: Command): void {
    const { system, ledger, dispatcher, observers } = this.#parts;
    const entry = ledger.find(taskId);
    if (entry === undefined) throw new InvariantError(`Task ${taskId} asked for "${command.type}" after it was over.`);
    switch (command.type) {
      case 'enqueue': {
        entry.state = 'queued';
        entry.workerId = 0;
        const { priority = 0, key } = entry.request?.settings ?? {};
        dispatcher.enqueue({ taskId, priority, key: key ?? null }, (command.params as { front: boolean }).front);
        break;
      }
      case 'dequeue':
        dispatcher.dequeue(taskId);
        break;
      case 'announceStart':
        entry.state = 'running';
        observers.emit('taskStarted', () => ({ ...this.label(entry), workerId: entry.workerId }));
        break;
      case 'announceRetry':
        this.counts.retried += 1;
        observers.emit('taskRetried', () => ({ ...this.label(entry), error: entry.received }));
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

  #createTask(taskId: number): void {
    const { system, ledger, settings } = this.#parts;
    const entry = ledger.find(taskId);
    if (entry?.request === undefined || entry.request === null) return;
    const wishes = entry.request.settings;
    const input: TaskInput = {
      taskId,
      retries: wishes.retries.times,
      timeoutMs: limit(wishes.timeoutMs),
      queueTimeoutMs: limit(wishes.queueTimeoutMs),
      deadlineMs: limit(Math.max(0, wishes.deadline - Date.now())),
      backoffMs: wishes.retries.backoffMs,
      graceMs: settings.killGraceMs,
    };
    this.#parts.onUnsettled(1);
    system.create('task', taskId, input);
  }

  #refuse(taskId: number, why: RefusalReason): void {
    const { ledger, settings, startErrors } = this.#parts;
    const entry = ledger.find(taskId);
    if (entry === undefined) return;
    ledger.settle(entry, 'rejected', refused(why, this.label(entry), { ...settings, startErrors }));
    ledger.close(taskId);
  }

  #createWorker(): void {
    const { system, links, settings } = this.#parts;
    const link = this.#parts.createLink();
    links.set(link.workerId, link);
    const input: WorkerInput = {
      workerId: link.workerId,
      concurrency: settings.concurrency,
      window: windowMax,
      startTimeoutMs: settings.startTimeoutMs,
      idleTimeoutMs: limit(settings.idleTimeoutMs),
      graceMs: settings.killGraceMs,
    };
    system.create('worker', link.workerId, input);
  }

  /** A task that could not be handed over ends as if the child had started it and it had thrown at once. */
  #failUnsent(entry: TaskEntry, workerId: number, refusal: Error): void {
    const { system } = this.#parts;
    entry.received = refusal;
    system.tell('worker', workerId, { type: 'task.started', taskId: entry.taskId });
    system.tell('worker', workerId, { type: 'task.threw', taskId: entry.taskId, retryable: false });
  }

  /** Those that do not serve yet go first, then the least busy. */
  #toRetire(count: number): number[] {
    const { links, dispatcher } = this.#parts;
    const serving = dispatcher.leastBusy(links.size);
    const starting = [...links.keys()].filter((workerId) => this.#isStarting(workerId));
    return [...starting, ...serving].slice(0, count);
  }

  #isStarting(workerId: number): boolean {
    const state = this.#parts.system.stateOf('worker', workerId);
    return state?.startsWith('alive.available.booting') ?? false;
  }

  #loseTasks(link: WorkerLink, tasks: { running: readonly number[]; handed: readonly number[] }): void {
    const { system, ledger, clock } = this.#parts;
    const context = system.contextOf('worker', link.workerId);
    const end = (context?.['end'] ?? 'died') as WorkerLoss['end'];
    const loss: WorkerLoss = { end, link, uptimeMs: clock.now() - link.startedAtMs };
    const lostTasks: string[] = [];
    for (const taskId of tasks.running) {
      const entry = ledger.find(taskId);
      if (entry === undefined) continue;
      const label = this.label(entry);
      lostTasks.push(label.taskId);
      // An error that surfaced outside the task keeps the task's own call site.
      entry.received = withSite(workerLost(label, loss), entry.request?.site);
      const retryable = entry.request !== null && isRetryable(entry, 'crash', entry.received);
      system.tell('task', taskId, { type: 'worker.lost', retryable });
    }
    // Each goes back to the front of its queue: last first keeps their order.
    for (const taskId of tasks.handed.toReversed()) {
      system.tell('task', taskId, { type: 'worker.lost', retryable: false });
    }
    this.#reportExit(loss, context?.['served'] === true, lostTasks);
  }

  #reportExit(loss: WorkerLoss, served: boolean, lostTasks: readonly string[]): void {
    const { observers, startErrors, settings } = this.#parts;
    const { link, end } = loss;
    const exit = {
      workerId: link.workerId,
      pid: link.pid,
      end,
      exitCode: link.exitCode,
      signal: link.exitSignal,
      lostTasks,
    };
    if (end !== 'stopped') {
      this.counts.workersLost += 1;
      if (!served && end !== 'killed') {
        startErrors.push(workerStart(loss, settings.startTimeoutMs));
        if (startErrors.length > startErrorsMax) startErrors.shift();
      }
      observers.emit('workerLost', () => exit);
    }
    observers.emit('workerExited', () => exit);
  }

  #settle(entry: TaskEntry, outcome: TaskOutcome): void {
    const { ledger, observers, system } = this.#parts;
    const label = this.label(entry);
    const isCancelled = outcome === 'cancelled';
    if (outcome === 'fulfilled') {
      this.counts.fulfilled += 1;
      ledger.settle(entry, 'fulfilled', entry.received);
    } else {
      if (isCancelled) this.counts.cancelled += 1;
      else if (outcome === 'lost') this.counts.lost += 1;
      else this.counts.rejected += 1;
      ledger.settle(entry, isCancelled ? 'cancelled' : 'rejected', this.#errorFor(entry, label, outcome));
    }
    observers.emit('taskSettled', () => ({ ...label, outcome }));
    this.#parts.onUnsettled(-1);
    system.tell('pool', 0, { type: 'task.settled' });
  }

  #errorFor(entry: TaskEntry, label: TaskLabel, outcome: Exclude<TaskOutcome, 'fulfilled'>): unknown {
    const { settings, startErrors } = this.#parts;
    const wishes = entry.request?.settings;
    const site = entry.request?.site;
    const wasRunning = entry.state === 'running';
    switch (outcome) {
      case 'rejected':
        return withSite(entry.received, site, `worker ${entry.workerId}, task ${label.taskId} (${label.name})`);
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
        return withSite(poolBroken(settings.name, startErrors, `Task ${label.taskId} (${label.name}) cannot run`), site);
    }
  }
}

const reasonText = (reason: unknown): string =>
  reason instanceof Error ? reason.message : reason === undefined ? '' : String(reason);

/** Whether the caller's wishes allow another attempt after this failure. */
export function isRetryable(entry: TaskEntry, failure: 'crash' | 'error', error: unknown): boolean {
  const retries = entry.request?.settings.retries;
  if (retries === undefined || retries.times === 0) return false;
  if (typeof retries.on === 'function') return retries.on(error);
  return retries.on === undefined || retries.on === failure;
}
