/**
 * One pool in the parent: the machines, the dispatcher and the ledger wired together. What comes in from
 * callers and children becomes an event; what the machines want is done by
 * `pool-commands`, `worker-commands` and `task-commands`.
 */
import { availableParallelism } from 'node:os';
import { Dispatcher } from '../../machines/dispatcher.ts';
import type { PoolEvent, RefusalReason } from '../../machines/pool/machine.ts';
import { canGrow, hasRoomFor } from '../../machines/pool/size.ts';
import { InvariantError } from '../errors.ts';
import { Observers, type PoolState } from '../observe/events.ts';
import type { Command, MachineEvent } from '../runtime/compile.ts';
import { System, type SystemHost } from '../runtime/system.ts';
import { compiledMachines } from './compiled-machines.ts';
import { notWarm } from './failures.ts';
import { FreezeWatch } from './freeze-watch.ts';
import { type HostPorts, realHost } from './host-ports.ts';
import { PoolLinkHost } from './link-host.ts';
import { KeepAlive } from './keep-alive.ts';
import { registerPool } from './known-pools.ts';
import { Ledger, type TaskEntry, type TaskRequest } from './ledger.ts';
import { NestedTasks } from './nested-tasks.ts';
import { onAbort } from './on-abort.ts';
import { Places } from './places.ts';
import { PoolCallers } from './pool-callers.ts';
import { PoolCommands } from './pool-commands.ts';
import { PoolLeases } from './pool-leases.ts';
import { poolInput, type PoolSystemOptions } from './pool-input.ts';
import { labelOf, newCounts, type PoolMail, type PoolParts, poolContext } from './pool-parts.ts';
import { describeWorker, type PoolStats, statsOf, tasksIn, type WorkerInfo } from './pool-report.ts';
import { RecallWatch } from './recall-watch.ts';
import { TaskCommands } from './task-commands.ts';
import { WorkerCommands } from './worker-commands.ts';
import { WorkerLink } from './worker-link.ts';

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
  readonly #callers: PoolCallers;

  constructor(options: PoolSystemOptions, ports: HostPorts = realHost, chooser?: Dispatcher) {
    const { clock } = ports;
    this.#options = options;
    this.#keepAlive = new KeepAlive(ports);
    this.#callers = new PoolCallers(this, ports, this.#keepAlive);
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
    this.#system.create('pool', 0, poolInput(options, this.#parts.leases.first));
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
    this.#toPool({ type, taskId: entry.taskId, bytes: entry.bytes });
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

  /** Who waits here holds nothing of this pool. */
  get hearsWaits(): boolean {
    return false;
  }

  noteWait(): void {
    // It does not hear it.
  }

  resize(minWorkers: number, maxWorkers: number): void {
    this.#toPool({ type: 'resize.asked', minWorkers, maxWorkers });
  }

  release(): void {
    this.#toPool({ type: 'release.asked' });
  }

  get isOpen(): boolean {
    return this.#system.stateOf('pool', 0)?.startsWith('open.running') === true;
  }

  /** Whether a task with so many bytes of arguments would not be refused for a full queue. */
  hasRoomFor(bytes: number): boolean {
    return this.#state !== 'running' || hasRoomFor(poolContext(this.#system), bytes);
  }

  /** Resolves when the pool would admit such a task, or will never again. */
  ready(bytes: number): Promise<void> {
    return this.#callers.whenRoom(bytes);
  }

  /** Starts workers until so many serve, and resolves then. */
  warm(count: number): Promise<void> {
    const warmed = this.#callers.whenWarm(count);
    this.#toPool({ type: 'warm.asked', count });
    return warmed;
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
    this.#parts.leases.weigh();
    const { demand, idle } = dispatcher;
    const isNews = this.#lookAgain || demand > this.#seenDemand;
    this.#seenDemand = demand;
    if (!isNews || (!this.#lookAgain && !canGrow(poolContext(this.#system)))) return false;
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
      counts: newCounts(),
      places: new Places(),
      nested: new NestedTasks(() => parts),
      leases: new PoolLeases(ports.leaseOffice(this.#options.cpus ?? availableParallelism), () => parts),
      createLink: () => this.#createLink(),
      onState: (state) => this.#setState(state),
      onRoom: () => this.#callers.wakeForRoom(),
      onWarm: (upTo) => this.#callers.wakeForWorkers(upTo),
      onNeverWarm: (why) => this.#refuseWarm(why),
      onLookAgain: () => {
        this.#lookAgain = true;
      },
      onUnsettled: (count) => this.#keepAlive.add(count),
    };
    return parts;
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
    this.#parts.leases.noteWorkers();
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
    if (state === 'running') return;
    this.#callers.wakeForRoom();
    this.#refuseWarm(state === 'draining' ? 'closing' : state);
    if (state !== 'draining') this.#parts.leases.leave();
    if (state === 'closed') this.#callers.wakeForEnd();
  }

  #refuseWarm(why: RefusalReason): void {
    const { settings, startErrors } = this.#parts;
    this.#callers.refuseWorkers((count) => notWarm(why, count, settings.name, startErrors));
  }

  #whenClosed(): Promise<void> {
    return this.#state === 'closed' ? Promise.resolve() : this.#callers.whenClosed();
  }
}
