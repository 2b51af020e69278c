/** Gives each command of a worker's machine its meaning: one case per command. */
import type { WorkerEnd } from '../../machines/reasons.ts';
import { InvariantError } from '../errors.ts';
import type { Command } from '../runtime/compile.ts';
import { reasonText, workerLost, type WorkerLoss, workerStart } from './failures.ts';
import { Hearing } from './hearing.ts';
import type { TaskEntry } from './ledger.ts';
import { labelOf, type PoolParts } from './pool-parts.ts';
import { withSite } from './remote-stack.ts';
import { isRetryable } from './retryable.ts';
import type { WorkerLink } from './worker-link.ts';

const startErrorsMax = 32;

interface Losses {
  readonly end: WorkerEnd;
  readonly running: readonly number[];
  readonly handed: readonly number[];
}

type Change = 'freeSlot' | 'parkSlot' | 'retakeSlot';

export class WorkerCommands {
  readonly #parts: PoolParts;
  readonly #hearing: Hearing;

  constructor(parts: PoolParts) {
    this.#parts = parts;
    this.#hearing = new Hearing(parts);
  }

  perform(workerId: number, command: Command): void {
    const { links } = this.#parts;
    const link = links.get(workerId);
    if (link === undefined)
      throw new InvariantError(`Worker ${workerId} asked for "${command.type}" after it left.`);
    switch (command.type) {
      case 'writeRun':
        this.#writeRun(link, command.params as { taskId: number; attempt: number });
        break;
      case 'freeSlot':
      case 'parkSlot':
      case 'retakeSlot':
        this.#changeSlot(workerId, command.type, command.params as { taskId: number });
        break;
      case 'offerSlots':
        this.#offerSlots(link);
        break;
      case 'withdrawSlots':
        this.#withdrawSlots(workerId);
        break;
      case 'spawnChild':
        this.#spawn(link);
        break;
      case 'writeInit':
        link.writeInit();
        break;
      case 'writeCancel':
      case 'writeRecall':
        this.#askBack(link, command.type, command.params as { taskId: number });
        break;
      case 'writePing':
      case 'reportUnresponsive':
      case 'reportResponsive':
        this.#hearing.perform(link, command.type);
        break;
      case 'writeStop':
        link.writeStop();
        break;
      case 'signalChild':
        link.signal((command.params as { signal: 'SIGTERM' | 'SIGKILL' }).signal);
        break;
      case 'reportProtocolError':
        link.noteProtocolError((command.params as { event: string }).event);
        break;
      case 'startTasks':
        this.#startTasks((command.params as { taskIds: readonly number[] }).taskIds);
        break;
      case 'readRest':
        link.readRest();
        break;
      case 'loseTasks':
        this.#loseTasks(link, command.params as Losses);
        break;
      case 'forgetWorker':
        this.#forget(link, command.params as { end: WorkerEnd; served: boolean });
        break;
      default:
        throw new InvariantError(`The worker machine asked for "${command.type}", which nobody performs.`);
    }
  }

  #spawn(link: WorkerLink): void {
    link.spawn();
    this.#parts.counts.workersStarted += 1;
    this.#parts.observers.emit('workerStarted', () => ({ workerId: link.workerId, pid: link.pid }));
  }

  #forget(link: WorkerLink, end: { end: WorkerEnd; served: boolean }): void {
    const { system, links } = this.#parts;
    links.delete(link.workerId);
    link.dispose();
    system.remove('worker', link.workerId);
    this.#parts.leases.forget(link);
    this.#reportExit(link, end);
  }

  #offerSlots({ workerId, pid }: WorkerLink): void {
    this.#parts.dispatcher.offer(workerId, this.#parts.settings.recycle.tasks);
    // What it was started for may find it full: others may have come, or been nearer to the front.
    this.#parts.onLookAgain();
    this.#parts.observers.emit('workerReady', () => ({ workerId, pid }));
  }

  #withdrawSlots(workerId: number): void {
    this.#parts.dispatcher.withdraw(workerId);
    this.#parts.onLookAgain();
  }

  #changeSlot(workerId: number, how: Change, { taskId }: { taskId: number }): void {
    const { dispatcher } = this.#parts;
    if (how === 'freeSlot') dispatcher.free(workerId, taskId);
    else if (how === 'parkSlot') dispatcher.park(workerId, taskId);
    else dispatcher.resume(workerId, taskId);
  }

  #askBack(link: WorkerLink, how: 'writeCancel' | 'writeRecall', { taskId }: { taskId: number }): void {
    const entry = this.#parts.ledger.find(taskId);
    if (entry === undefined) return;
    if (how === 'writeRecall') link.writeRecall(entry);
    else link.writeCancel(entry, reasonText(entry.cancelReason));
  }

  #startTasks(taskIds: readonly number[]): void {
    for (const taskId of taskIds) this.#parts.system.tell('task', taskId, { type: 'task.started' });
  }

  #writeRun(link: WorkerLink, { taskId, attempt }: { taskId: number; attempt: number }): void {
    const entry = this.#parts.ledger.find(taskId);
    if (entry === undefined) throw new InvariantError(`Task ${taskId} was assigned after it was over.`);
    entry.attempt = attempt;
    entry.workerId = link.workerId;
    const refusal = link.writeRun(entry, attempt);
    if (refusal !== null) this.#failUnsent(entry, link.workerId, refusal);
  }

  /** A task that could not be handed over ends as if the child had started it and it had thrown at once. */
  #failUnsent(entry: TaskEntry, workerId: number, refusal: Error): void {
    const { system } = this.#parts;
    entry.received = refusal;
    system.tell('worker', workerId, { type: 'task.started', taskId: entry.taskId });
    system.tell('worker', workerId, { type: 'task.threw', taskId: entry.taskId, retryable: false });
  }

  #lossOf(link: WorkerLink, end: WorkerEnd): WorkerLoss {
    return { end, link, uptimeMs: this.#parts.clock.now() - link.startedAtMs };
  }

  #loseTasks(link: WorkerLink, { end, running, handed }: Losses): void {
    const { system, ledger } = this.#parts;
    const loss = this.#lossOf(link, end);
    link.output?.end();
    for (const taskId of running) {
      const entry = ledger.find(taskId);
      if (entry === undefined) continue;
      const label = labelOf(this.#parts, entry);
      link.lostTasks.push(label.taskId);
      // An error that surfaced outside the task keeps the task's own call site.
      entry.received = withSite(workerLost(label, loss), entry.request?.site);
      const retryable = entry.request !== null && isRetryable(entry, 'crash', entry.received);
      system.tell('task', taskId, { type: 'worker.lost', retryable });
    }
    // Each goes back to the front of its queue: last first keeps their order.
    for (const taskId of handed.toReversed()) {
      system.tell('task', taskId, { type: 'worker.lost', retryable: false });
    }
  }

  #reportExit(link: WorkerLink, { end, served }: { end: WorkerEnd; served: boolean }): void {
    const { observers, startErrors, settings } = this.#parts;
    const exit = {
      workerId: link.workerId,
      pid: link.pid,
      end,
      exitCode: link.exitCode,
      signal: link.exitSignal,
      lostTasks: link.lostTasks,
    };
    if (end === 'recycled') this.#parts.counts.workersRecycled += 1;
    else if (end !== 'stopped') {
      this.#parts.counts.workersLost += 1;
      this.#parts.places.vacate(link.workerId, link.place);
      if (!served && end !== 'killed') {
        startErrors.push(workerStart(this.#lossOf(link, end), settings.startTimeoutMs));
        if (startErrors.length > startErrorsMax) startErrors.shift();
      }
      observers.emit('workerLost', () => exit);
    }
    observers.emit('workerExited', () => exit);
  }
}
