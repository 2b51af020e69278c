/** Gives each command of the pool's machine its meaning: one case per command. */
import { windowMax } from '../../machines/dispatcher.ts';
import type { RefusalReason } from '../../machines/pool/machine.ts';
import type { AbandonReason } from '../../machines/reasons.ts';
import type { TaskEvent, TaskInput } from '../../machines/task/machine.ts';
import type { WorkerEvent, WorkerInput } from '../../machines/worker/machine.ts';
import { InvariantError } from '../errors.ts';
import type { PoolState } from '../observe/events.ts';
import type { Command } from '../runtime/compile.ts';
import { refused } from './failures.ts';
import { labelOf, limitOf, poolContext, type PoolParts } from './pool-parts.ts';

/** What all workers are told. */
const orders = {
  askIdleWorkers: 'idleness.asked',
  releaseWorkers: 'release.asked',
  stopWorkers: 'leave.asked',
  destroyWorkers: 'destroy.asked',
} as const;

export class PoolCommands {
  readonly #parts: PoolParts;

  constructor(parts: PoolParts) {
    this.#parts = parts;
  }

  perform(command: Command): void {
    const { system, links } = this.#parts;
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
        for (let left = (command.params as { count: number }).count; left > 0; left -= 1)
          this.#createWorker();
        break;
      case 'retireWorkers':
        this.#retire(command.params as { count: number; first: readonly number[] });
        break;
      case 'askIdleWorkers':
      case 'releaseWorkers':
      case 'stopWorkers':
      case 'destroyWorkers':
        this.#tellWorkers(links.keys(), { type: orders[command.type] });
        break;
      case 'askLeases':
      case 'returnLeases':
      case 'releaseLeased':
        this.#changeLeases(command.type, (command.params as { count: number }).count);
        break;
      case 'abandonQueue':
        this.#tellTasks({ type: 'queue.abandoned' });
        break;
      case 'abandonTasks': {
        const { why } = command.params as { why: AbandonReason };
        this.#tellTasks({ type: 'pool.abandoned', why });
        break;
      }
      case 'announceState':
        this.#parts.onState((command.params as { state: PoolState }).state);
        break;
      case 'announceRoom':
        this.#parts.onRoom();
        break;
      case 'announceWarm':
        this.#parts.onWarm((command.params as { upTo: number }).upTo);
        break;
      case 'refuseWarm':
        this.#parts.onNeverWarm((command.params as { why: RefusalReason }).why);
        break;
      case 'forgetTimers':
        system.cancelTimers('pool', 0);
        break;
      case 'lookAgain':
        this.#parts.onLookAgain();
        break;
      default:
        throw new InvariantError(`The pool machine asked for "${command.type}", which nobody performs.`);
    }
  }

  #tellWorkers(workerIds: Iterable<number>, event: WorkerEvent): void {
    for (const workerId of workerIds) this.#parts.system.tell('worker', workerId, event);
  }

  #changeLeases(how: 'askLeases' | 'returnLeases' | 'releaseLeased', count: number): void {
    const { leases } = this.#parts;
    if (how === 'askLeases') leases.ask(count);
    else if (how === 'returnLeases') leases.giveBack(count);
    else this.#tellWorkers(this.#toRetire(count, []), { type: 'release.asked' });
  }

  #retire({ count, first }: { count: number; first: readonly number[] }): void {
    this.#tellWorkers(this.#toRetire(count, first), { type: 'stop.asked' });
  }

  #tellTasks(event: TaskEvent): void {
    for (const taskId of this.#parts.ledger.ids()) this.#parts.system.tell('task', taskId, event);
  }

  #createTask(taskId: number): void {
    const { system, ledger, settings } = this.#parts;
    const entry = ledger.find(taskId);
    if (entry?.request === undefined || entry.request === null) return;
    const wishes = entry.request.settings;
    const input: TaskInput = {
      taskId,
      retries: wishes.retries.times,
      timeoutMs: limitOf(wishes.timeoutMs),
      queueTimeoutMs: limitOf(wishes.queueTimeoutMs),
      deadlineMs: this.#msUntil(wishes.deadline),
      backoffMs: wishes.retries.backoffMs,
      graceMs: settings.killGraceMs,
    };
    this.#parts.onUnsettled(1);
    system.create('task', taskId, input);
  }

  #msUntil(deadline: number): number | null {
    return Number.isFinite(deadline) ? Math.max(0, deadline - this.#parts.ports.epochMs()) : null;
  }

  #refuse(taskId: number, why: RefusalReason): void {
    const { ledger, settings, startErrors } = this.#parts;
    const entry = ledger.find(taskId);
    if (entry === undefined) return;
    this.#parts.counts.rejected += 1;
    const { heldBytes } = poolContext(this.#parts.system);
    const weight = { heldBytes, bytes: entry.bytes };
    const error = refused(why, labelOf(this.#parts, entry), { ...settings, ...weight, startErrors });
    ledger.settle(entry, 'rejected', error);
    ledger.close(taskId);
  }

  #createWorker(): void {
    const { system, links, settings } = this.#parts;
    const link = this.#parts.createLink();
    link.place = this.#parts.places.take();
    links.set(link.workerId, link);
    const input: WorkerInput = {
      workerId: link.workerId,
      concurrency: settings.concurrency,
      window: windowMax,
      startTimeoutMs: settings.startTimeoutMs,
      idleTimeoutMs: poolContext(system).idleTimeoutMs,
      graceMs: settings.killGraceMs,
      unresponsiveAfterMs: limitOf(settings.unresponsiveAfterMs),
      killsSilent: settings.unresponsive === 'kill',
      tasksMax: limitOf(settings.recycle.tasks),
      rssMaxBytes: limitOf(settings.recycle.rssBytes),
      rssGrowthMaxBytes: limitOf(settings.recycle.rssGrowthBytes),
      ageMaxMs: limitOf(settings.recycle.ageMs),
    };
    system.create('worker', link.workerId, input);
  }

  /** After those that go first, those that do not serve yet, then the least busy. */
  #toRetire(count: number, first: readonly number[]): number[] {
    const { links, dispatcher } = this.#parts;
    const serving = dispatcher.leastBusy(links.size);
    const starting = [...links.keys()].filter((workerId) => this.#isStarting(workerId));
    return [...new Set([...first, ...starting, ...serving])].slice(0, count);
  }

  #isStarting(workerId: number): boolean {
    const state = this.#parts.system.stateOf('worker', workerId);
    return state?.startsWith('alive.available.booting') ?? false;
  }
}
