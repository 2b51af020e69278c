/**
 * One pool in the parent: the machines, the dispatcher and the ledger wired together. What comes in from callers and
 * children becomes an event; what the machines want goes through the interpreter.
 */
import { Dispatcher } from '../../machines/dispatcher.ts';
import { machines } from '../../machines/index.ts';
import type { PoolEvent } from '../../machines/pool/machine.ts';
import type { FunctionReference, InitMessage } from '../../machines/protocol.ts';
import type { WorkerEvent } from '../../machines/worker/machine.ts';
import type { EncodedValue } from '../codec/codec.ts';
import { InvariantError } from '../errors.ts';
import { callSafely, Observers, type PoolState } from '../observe/events.ts';
import { type Command, compile, type CompiledMachine, type MachineEvent } from '../runtime/compile.ts';
import { System, type SystemHost } from '../runtime/system.ts';
import { type Clock, systemClock } from '../runtime/timers.ts';
import type { ChildSpec } from './child-process.ts';
import { FreezeWatch } from './freeze-watch.ts';
import { Interpreter, isRetryable, type PoolMail, type PoolSettings } from './interpreter.ts';
import { KeepAlive } from './keep-alive.ts';
import { Ledger, type TaskEntry, type TaskRequest } from './ledger.ts';
import { Pace } from './pace.ts';
import { type LinkHost, WorkerLink } from './worker-link.ts';

export interface PoolSystemOptions extends PoolSettings {
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly restarts: { readonly max: number; readonly withinMs: number };
  readonly spec: ChildSpec;
  readonly init: Omit<InitMessage, 'worker' | 'epoch' | 'initialize'>;
  readonly initialize: { readonly reference: FunctionReference; readonly args: EncodedValue } | null;
}

export interface WorkerInfo {
  readonly id: number;
  readonly pid: number | undefined;
  readonly state: 'starting' | 'initializing' | 'idle' | 'busy' | 'draining' | 'stopping';
  /** Ids of the tasks it runs. */
  readonly tasks: readonly string[];
  readonly uptimeMs: number;
}

export interface PoolStats {
  readonly state: PoolState;
  readonly workers: number;
  readonly idleWorkers: number;
  /** Tasks that have not started. */
  readonly waiting: number;
  readonly running: number;
  readonly submitted: number;
  readonly fulfilled: number;
  readonly rejected: number;
  readonly cancelled: number;
  /** Tasks that failed because their worker died. */
  readonly lost: number;
  readonly retried: number;
  readonly workersLost: number;
}

/** Compiled once per process: the tables are the same for every pool. */
let compiled: Readonly<Record<'pool' | 'worker' | 'task', CompiledMachine>> | undefined;
const compiledMachines = (): Readonly<Record<'pool' | 'worker' | 'task', CompiledMachine>> =>
  (compiled ??= {
    pool: compile(machines.pool),
    worker: compile(machines.worker),
    task: compile(machines.task),
  });

export class PoolSystem implements SystemHost, LinkHost {
  readonly observers: Observers = new Observers();
  readonly #options: PoolSystemOptions;
  readonly #clock: Clock;
  readonly #system: System<PoolMail>;
  readonly #dispatcher: Dispatcher;
  readonly #ledger = new Ledger();
  readonly #links = new Map<number, WorkerLink>();
  readonly #startErrors: Error[] = [];
  readonly #interpreter: Interpreter;
  readonly #pace = new Pace();
  readonly #keepAlive = new KeepAlive();
  readonly #freezeWatch: FreezeWatch;
  #state: PoolState = 'running';
  #lastWorkerId = 0;
  #submitted = 0;
  #lookAgain = true;
  #seenDemand = 0;
  #roomWaiters: (() => void)[] = [];
  #closeWaiters: (() => void)[] = [];

  constructor(options: PoolSystemOptions, clock: Clock = systemClock) {
    this.#options = options;
    this.#clock = clock;
    this.#dispatcher = new Dispatcher(options.concurrency);
    this.#system = new System(compiledMachines(), this, clock);
    this.#freezeWatch = new FreezeWatch(clock, this.#links, (workerId) => this.tell(workerId, { type: 'child.froze' }));
    this.#interpreter = new Interpreter({
      settings: options,
      system: this.#system,
      dispatcher: this.#dispatcher,
      ledger: this.#ledger,
      links: this.#links,
      observers: this.observers,
      clock,
      startErrors: this.#startErrors,
      createLink: () => this.#createLink(),
      onState: (state) => this.#setState(state),
      onRoom: () => this.#wakeRoomWaiters(),
      onLookAgain: () => {
        this.#lookAgain = true;
      },
      onUnsettled: (count) => this.#keepAlive.add(count),
    });
    this.#system.create('pool', 0, {
      minWorkers: options.minWorkers,
      maxWorkers: options.maxWorkers,
      concurrency: options.concurrency,
      maxQueue: Number.isFinite(options.maxQueue) ? options.maxQueue : null,
      restartsMax: options.restarts.max,
      restartsWithinMs: options.restarts.withinMs,
    });
    this.#system.run();
  }

  get state(): PoolState {
    return this.#state;
  }

  get workers(): WorkerInfo[] {
    return [...this.#links.values()].map((link) => this.#describe(link));
  }

  stats(): PoolStats {
    const { counts } = this.#interpreter;
    const waiting = this.#unstarted();
    return {
      state: this.#state,
      workers: this.#links.size,
      idleWorkers: this.#dispatcher.idle,
      waiting,
      running: this.#ledger.size - waiting,
      submitted: this.#submitted,
      ...counts,
    };
  }

  submit(request: TaskRequest): TaskEntry {
    const entry = this.#ledger.open(request, this.#clock.now());
    this.#submitted += 1;
    this.#listenToSignal(entry, request);
    if (request.settings.signal?.aborted === true) {
      entry.cancelReason = request.settings.signal.reason;
      this.#interpreter.refuseCancelled(entry);
      return entry;
    }
    this.#toPool({ type: 'task.submitted', taskId: entry.taskId });
    return entry;
  }

  /** Gives an id to what never became a task, and rejects it. */
  refuse(request: TaskRequest, error: unknown): TaskEntry {
    const entry = this.#ledger.open(request, this.#clock.now());
    this.#ledger.settle(entry, 'rejected', error);
    this.#ledger.close(entry.taskId);
    return entry;
  }

  /** The task's public id. */
  idOf(entry: TaskEntry): string {
    return `${this.#options.poolId}/${entry.taskId}`;
  }

  cancel(entry: TaskEntry, reason: unknown): void {
    if (entry.request === null) return;
    entry.cancelReason = reason;
    this.#system.tell('task', entry.taskId, { type: 'cancel.asked' });
    this.#system.run();
  }

  grantCredit(entry: TaskEntry, credit: number): void {
    this.#links.get(entry.workerId)?.writeCredit(entry, credit);
  }

  resize(minWorkers: number, maxWorkers: number): void {
    this.#toPool({ type: 'resize.asked', minWorkers, maxWorkers });
  }

  /** Resolves when the pool would admit a task, or will never again. */
  ready(): Promise<void> {
    if (!this.#isFull()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#roomWaiters.push(resolve);
    });
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
    this.#interpreter.perform(kind, id, command);
  }

  /** Hands over what can be, then tells the pool what is left. */
  onIdle(): boolean {
    let isMailSent = false;
    for (let match = this.#dispatcher.next(); match !== undefined; match = this.#dispatcher.next()) {
      this.#system.tell('task', match.taskId, { type: 'task.assigned', workerId: match.workerId });
      isMailSent = true;
    }
    if (isMailSent) return true;
    const { demand } = this.#dispatcher;
    const isNews = this.#lookAgain || demand > this.#seenDemand;
    this.#seenDemand = demand;
    if (!isNews || (!this.#lookAgain && !this.#canGrow())) return false;
    this.#lookAgain = false;
    this.#system.tell('pool', 0, { type: 'demand.seen', waiting: demand, idle: this.#dispatcher.idle });
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

  // What workers ask of their host.

  tell(workerId: number, event: WorkerEvent): void {
    this.#system.tell('worker', workerId, event);
    this.#system.run();
  }

  findTask(workerId: number, taskId: number, attempt: number): TaskEntry | undefined {
    const entry = this.#ledger.find(taskId);
    return entry !== undefined && entry.workerId === workerId && entry.attempt === attempt ? entry : undefined;
  }

  onProgress(entry: TaskEntry, value: unknown): void {
    entry.progress?.push(value);
    const onProgress = entry.request?.settings.onProgress;
    if (onProgress !== undefined) callSafely(() => onProgress(value));
  }

  onYield(entry: TaskEntry, value: unknown): void {
    entry.request?.sink?.push(value);
  }

  onMicros(micros: number): void {
    this.#pace.note(micros);
    this.#dispatcher.setWindow(this.#pace.window);
  }

  isRetryable(entry: TaskEntry, error: unknown): boolean {
    return isRetryable(entry, 'error', error);
  }

  onOutput(link: WorkerLink, stream: 'stdout' | 'stderr', line: string): void {
    const { workerId, pid } = link;
    this.observers.emit('workerOutput', () => {
      const tasks = this.#describe(link).tasks;
      return { workerId, pid, stream, line, taskId: tasks.length === 1 ? tasks[0] : undefined };
    });
  }

  #toPool(event: PoolEvent): void {
    this.#system.tell('pool', 0, event);
    this.#system.run();
  }

  #createLink(): WorkerLink {
    this.#lastWorkerId += 1;
    this.#freezeWatch.start();
    const { spec, init, initialize } = this.#options;
    const workerId = this.#lastWorkerId;
    return new WorkerLink({ workerId, spec, init, initialize, startedAtMs: this.#clock.now() }, this);
  }

  #listenToSignal(entry: TaskEntry, { settings: { signal } }: TaskRequest): void {
    if (signal === undefined || signal.aborted) return;
    const onAbort = (): void => this.cancel(entry, signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    entry.stopListening = () => signal.removeEventListener('abort', onAbort);
  }

  #setState(state: PoolState): void {
    this.#state = state;
    this.observers.emit('stateChanged', () => ({ state }));
    if (state !== 'running') this.#wakeRoomWaiters();
    if (state !== 'closed') return;
    const waiters = this.#closeWaiters;
    this.#closeWaiters = [];
    this.#keepAlive.add(-waiters.length);
    for (const resolve of waiters) resolve();
  }

  #whenClosed(): Promise<void> {
    if (this.#state === 'closed') return Promise.resolve();
    this.#keepAlive.add(1);
    return new Promise((resolve) => {
      this.#closeWaiters.push(resolve);
    });
  }

  /** Whether the pool machine could answer more demand with a worker at all. */
  #canGrow(): boolean {
    const context = this.#system.contextOf('pool', 0);
    return Number(context?.['live']) < Number(context?.['maxWorkers']);
  }

  #isFull(): boolean {
    const context = this.#system.contextOf('pool', 0);
    const capacity = Number(context?.['maxWorkers']) * this.#options.concurrency;
    return this.#state === 'running' && Number(context?.['unsettled']) >= capacity + this.#options.maxQueue;
  }

  #wakeRoomWaiters(): void {
    const waiters = this.#roomWaiters;
    this.#roomWaiters = [];
    for (const resolve of waiters) resolve();
  }

  #unstarted(): number {
    let handed = 0;
    for (const workerId of this.#links.keys()) {
      const context = this.#system.contextOf('worker', workerId);
      handed += (context?.['handed'] as readonly number[]).length;
    }
    return this.#dispatcher.waiting + handed;
  }

  #describe(link: WorkerLink): WorkerInfo {
    const state = this.#system.stateOf('worker', link.workerId) ?? 'leaving.stopping';
    const running = (this.#system.contextOf('worker', link.workerId)?.['running'] ?? []) as readonly number[];
    return {
      id: link.workerId,
      pid: link.pid,
      state: publicState(state),
      tasks: running.map((taskId) => `${this.#options.poolId}/${taskId}`),
      uptimeMs: this.#clock.now() - link.startedAtMs,
    };
  }
}

const publicStates = ['starting', 'initializing', 'idle', 'busy', 'draining'] as const;

const publicState = (state: string): WorkerInfo['state'] =>
  publicStates.find((name) => state.endsWith(`.${name}`)) ?? 'stopping';
