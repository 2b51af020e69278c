/**
 * One pool in the parent: the machines, the dispatcher and the ledger wired together. What comes in from
 * callers and children becomes an event; what the machines want is done by
 * `pool-commands`, `worker-commands` and `task-commands`.
 */
import { Dispatcher } from '../../machines/dispatcher.ts';
import { isFull, type PoolContext, type PoolEvent } from '../../machines/pool/machine.ts';
import type { InitMessage } from '../../machines/protocol.ts';
import type { EncodedCall } from '../codec/call.ts';
import { InvariantError } from '../errors.ts';
import { Observers, type PoolState } from '../observe/events.ts';
import type { Command, MachineEvent } from '../runtime/compile.ts';
import { System, type SystemHost } from '../runtime/system.ts';
import type { ChildSpec } from './child-process.ts';
import { compiledMachines } from './compiled-machines.ts';
import { FreezeWatch } from './freeze-watch.ts';
import { type HostPorts, realHost } from './host-ports.ts';
import { PoolLinkHost } from './link-host.ts';
import { KeepAlive } from './keep-alive.ts';
import { registerPool } from './known-pools.ts';
import { Ledger, type TaskEntry, type TaskRequest, type TaskSettings } from './ledger.ts';
import { NestedTasks } from './nested-tasks.ts';
import { onAbort } from './on-abort.ts';
import { PoolCommands } from './pool-commands.ts';
import { type PoolMail, type PoolParts, type PoolSettings, labelOf } from './pool-parts.ts';
import { describeWorker, type PoolStats, statsOf, tasksIn, type WorkerInfo } from './pool-report.ts';
import { RecallWatch } from './recall-watch.ts';
import { TaskCommands } from './task-commands.ts';
import { WaitingCallers } from './waiting-callers.ts';
import { WorkerCommands } from './worker-commands.ts';
import { WorkerLink } from './worker-link.ts';

export interface PoolSystemOptions extends PoolSettings {
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly restarts: { readonly max: number; readonly withinMs: number };
  /** What its tasks get that ask for nothing. */
  readonly task?: TaskSettings;
  readonly spec: ChildSpec;
  readonly init: Omit<InitMessage, 'worker' | 'epoch' | 'initialize'>;
  readonly initialize: EncodedCall | null;
}

export class PoolSystem implements SystemHost {
  readonly observers: Observers = new Observers();
  readonly #options: PoolSystemOptions;
  readonly #system: System<PoolMail>;
  readonly #parts: PoolParts;
  readonly #poolCommands: PoolCommands;
  readonly #workerCommands: WorkerCommands;
  readonly #taskCommands: TaskCommands;
  readonly #linkHost: PoolLinkHost;
  readonly #keepAlive: KeepAlive;
  readonly #freezeWatch: FreezeWatch;
  readonly #recallWatch: RecallWatch;
  #state: PoolState = 'running';
  #lastWorkerId = 0;
  #submitted = 0;
  #lookAgain = true;
  #seenDemand = 0;
  readonly #roomWaiters = new WaitingCallers();
  readonly #closeWaiters = new WaitingCallers();

  constructor(options: PoolSystemOptions, ports: HostPorts = realHost, chooser?: Dispatcher) {
    const { clock } = ports;
    this.#options = options;
    this.#keepAlive = new KeepAlive(ports);
    this.#system = new System<PoolMail>(compiledMachines(), this, clock);
    this.#parts = this.#assemble(ports, chooser ?? new Dispatcher(options.concurrency));
    this.#poolCommands = new PoolCommands(this.#parts);
    this.#workerCommands = new WorkerCommands(this.#parts);
    this.#taskCommands = new TaskCommands(this.#parts);
    this.#linkHost = new PoolLinkHost(this.#parts);
    this.#freezeWatch = new FreezeWatch(ports, this.#parts.links, (workerId) =>
      this.#linkHost.tell(workerId, { type: 'child.froze' }),
    );
    const { dispatcher, links } = this.#parts;
    this.#recallWatch = new RecallWatch(clock, dispatcher, links, (link) => this.#recall(link));
    this.#system.create('pool', 0, {
      minWorkers: options.minWorkers,
      maxWorkers: options.maxWorkers,
      concurrency: options.concurrency,
      maxQueue: Number.isFinite(options.maxQueue) ? options.maxQueue : null,
      restartsMax: options.restarts.max,
      restartsWithinMs: options.restarts.withinMs,
    });
    registerPool(options.poolId, { system: this, defaults: options.task });
    this.#system.run();
  }

  get state(): PoolState {
    return this.#state;
  }

  get workers(): WorkerInfo[] {
    return [...this.#parts.links.values()].map((link) => describeWorker(this.#parts, link));
  }

  stats(): PoolStats {
    return statsOf(this.#parts, this.#state, this.#submitted);
  }

  now(): number {
    return this.#parts.clock.now();
  }

  expectWork(): void {
    this.#toPool({ type: 'work.expected' });
  }

  submit(request: TaskRequest): TaskEntry {
    const type = request.relay === undefined ? 'task.submitted' : 'nested.submitted';
    const entry = this.#parts.ledger.open(request, this.#parts.clock.now());
    this.#submitted += 1;
    this.#listenToSignal(entry, request);
    if (request.settings.signal?.aborted === true) {
      entry.cancelReason = request.settings.signal.reason;
      this.#taskCommands.refuseCancelled(entry);
      return entry;
    }
    this.#toPool({ type, taskId: entry.taskId });
    return entry;
  }

  /** Gives an id to what never became a task, and rejects it. */
  refuse(request: TaskRequest, error: unknown): TaskEntry {
    const entry = this.#parts.ledger.open(request, this.#parts.clock.now());
    this.#parts.ledger.settle(entry, 'rejected', error);
    this.#parts.ledger.close(entry.taskId);
    return entry;
  }

  /** The task's public id. */
  idOf(entry: TaskEntry): string {
    return labelOf(this.#parts, entry).taskId;
  }

  cancel(entry: TaskEntry, reason: unknown): void {
    if (entry.request === null) return;
    entry.cancelReason = reason;
    this.#system.tell('task', entry.taskId, { type: 'cancel.asked' });
    this.#system.run();
  }

  grantCredit(entry: TaskEntry, credit: number): void {
    this.#parts.links.get(entry.workerId)?.writeCredit(entry, credit);
  }

  noteWait(): void {
    // Who waits here holds nothing of this pool.
  }

  resize(minWorkers: number, maxWorkers: number): void {
    this.#toPool({ type: 'resize.asked', minWorkers, maxWorkers });
  }

  /** Whether a task would not be refused for a full queue. */
  get hasRoom(): boolean {
    return this.#state !== 'running' || !isFull(this.#context);
  }

  /** Resolves when the pool would admit a task, or will never again. */
  ready(): Promise<void> {
    return this.hasRoom ? Promise.resolve() : this.#roomWaiters.wait();
  }

  close(drain: boolean, timeoutMs: number): Promise<void> {
    const closed = this.#whenClosed();
    this.#toPool({ type: 'close.asked', drain });
    if (Number.isFinite(timeoutMs)) this.#toPool({ type: 'close.limited', timeoutMs });
    return closed;
  }

  terminate(): Promise<void> {
    const closed = this.#whenClosed();
    this.#toPool({ type: 'terminate.asked' });
    return closed;
  }

  // What the system asks of its host.

  perform(kind: string, id: number, command: Command): void {
    if (kind === 'task') this.#taskCommands.perform(id, command);
    else if (kind === 'worker') this.#workerCommands.perform(id, command);
    else this.#poolCommands.perform(command);
  }

  /** Hands over what can be, then tells the pool what is left. */
  onIdle(): boolean {
    const { dispatcher } = this.#parts;
    let isMailSent = false;
    for (let match = dispatcher.next(); match !== undefined; match = dispatcher.next()) {
      this.#system.tell('task', match.taskId, { type: 'task.assigned', workerId: match.workerId });
      isMailSent = true;
    }
    if (isMailSent) return true;
    this.#recallWatch.check();
    const { demand, idle } = dispatcher;
    const isNews = this.#lookAgain || demand > this.#seenDemand;
    this.#seenDemand = demand;
    if (!isNews || (!this.#lookAgain && !this.#canGrow())) return false;
    this.#lookAgain = false;
    this.#system.tell('pool', 0, { type: 'demand.seen', waiting: demand, idle });
    return true;
  }

  onLate(kind: string, id: number, event: MachineEvent): void {
    // Facts about a worker or task that is over are late by nature; a task handed to nobody would be lost.
    if (event.type !== 'task.assigned') return;
    throw new InvariantError(`"${event.type}" was sent to ${kind} ${id}, which is over.`);
  }

  onUnexpected(kind: string, id: number, state: string, event: MachineEvent): void {
    throw new InvariantError(`The ${kind} machine ${id} got "${event.type}" in state "${state}".`);
  }

  #assemble(ports: HostPorts, dispatcher: Dispatcher): PoolParts {
    const parts: PoolParts = {
      settings: this.#options,
      system: this.#system,
      dispatcher,
      ledger: new Ledger(),
      links: new Map(),
      observers: this.observers,
      ports,
      clock: ports.clock,
      startErrors: [],
      counts: { fulfilled: 0, rejected: 0, cancelled: 0, lost: 0, retried: 0, workersLost: 0 },
      nested: new NestedTasks(() => parts),
      createLink: () => this.#createLink(),
      onState: (state) => this.#setState(state),
      onRoom: () => this.#wakeRoomWaiter(),
      onLookAgain: () => {
        this.#lookAgain = true;
      },
      onUnsettled: (count) => this.#keepAlive.add(count),
    };
    return parts;
  }

  /** What the pool machine counts. */
  get #context(): PoolContext {
    const context: unknown = this.#system.contextOf('pool', 0);
    return context as PoolContext;
  }

  #toPool(event: PoolEvent): void {
    this.#system.tell('pool', 0, event);
    this.#system.run();
  }

  /** The last first: each comes back to the front of the queue, and so they keep their order. */
  #recall(link: WorkerLink): void {
    for (const taskId of tasksIn(this.#parts, link.workerId, 'handed').toReversed())
      this.#system.tell('task', taskId, { type: 'recall.asked' });
    this.#system.run();
  }

  #createLink(): WorkerLink {
    this.#lastWorkerId += 1;
    this.#freezeWatch.start();
    const { spec, init, initialize } = this.#options;
    const workerId = this.#lastWorkerId;
    const { ports, clock } = this.#parts;
    const startedAtMs = clock.now();
    return new WorkerLink({ workerId, spec, init, initialize, startedAtMs, ports }, this.#linkHost);
  }

  #listenToSignal(entry: TaskEntry, { settings: { signal } }: TaskRequest): void {
    if (signal === undefined || signal.aborted) return;
    entry.stopListening = onAbort(signal, () => this.cancel(entry, signal.reason));
  }

  #setState(state: PoolState): void {
    this.#state = state;
    this.observers.emit('stateChanged', () => ({ state }));
    if (state !== 'running') this.#wakeRoomWaiter();
    if (state === 'closed') this.#keepAlive.add(-this.#closeWaiters.wakeAll());
  }

  #whenClosed(): Promise<void> {
    if (this.#state === 'closed') return Promise.resolve();
    this.#keepAlive.add(1);
    return this.#closeWaiters.wait();
  }

  /** Whether the pool machine could answer more demand with a worker at all. */
  #canGrow(): boolean {
    return this.#context.live < this.#context.maxWorkers;
  }

  /** One at a time: whoever waited submits in its turn, and the next hears of the room that is left. */
  #wakeRoomWaiter(): void {
    this.#roomWaiters.wakeOne();
    if (this.#roomWaiters.count === 0) return;
    this.#parts.ports.soon(() => {
      if (this.hasRoom) this.#wakeRoomWaiter();
    });
  }
}
