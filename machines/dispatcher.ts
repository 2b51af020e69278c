/**
 * Which waiting task goes to which worker: arithmetic over plain data, without a clock and without effects.
 * What running tasks submitted goes first, the deeper the sooner; then higher priority, and first come first
 * served within one. Tasks of one key stay with one worker while it serves.
 */
import { Durations } from './durations.ts';
import { IdTable } from './id-table.ts';
import type { TaskId, WorkerId } from './ids.ts';
import { goesBefore, type Head, PriorityQueue, type WaitingTask } from './priority-queue.ts';
import { isFree, type Server, type Stock, sumOf } from './server.ts';

export type { WaitingTask } from './priority-queue.ts';

export interface Match {
  readonly taskId: TaskId;
  readonly workerId: WorkerId;
}

/** A worker is never handed more than this many tasks ahead of their start, however short they are. */
export const windowMax = 64;

/** What is handed over ahead should start within about this time. */
const horizonMicros = 2_000;

/** What is handed over ahead should also be at most about 16 MB: bytes count as time, at this rate. */
const bytesPerMicro = 8_000;

/**
 * A worker in which so many tasks wait, for each that it may run at a time, starts only what tasks wait for.
 * Or each that waits would let another one in, until the whole queue had started and nothing had ended.
 */
const parkedMax = 8;

export class Dispatcher {
  readonly #concurrency: number;
  readonly #general = new PriorityQueue();
  /** Where each waiting task is: in the general queue, or in one worker's own. */
  readonly #waiting = new IdTable<PriorityQueue>();
  readonly #servers = new Map<WorkerId, Server>();
  readonly #idle = new Set<Server>();
  /** Busy workers with a free slot. */
  readonly #free = new Set<Server>();
  /** Workers without one that are due to be handed more, ahead of its start. */
  readonly #open = new Set<Server>();
  /** How many workers hold how much. */
  readonly #stocks: Record<Stock, number> = { none: 0, some: 0, sated: 0, enough: 0, ahead: 0 };
  readonly #workerOfKey = new Map<string, WorkerId>();
  readonly #durations = new Durations(horizonMicros);
  #keyed = 0;
  /** Waiting tasks that only one worker may take: more workers would not help them. */
  #bound = 0;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Waiting tasks that any worker may take. */
  get demand(): number {
    return this.#waiting.size - this.#bound;
  }

  get idle(): number {
    return this.#idle.size;
  }

  /** Whether one worker could start a task now while another holds some that it has not started. */
  get isUneven(): boolean {
    return this.#stocks.ahead > 0 && this.#stocks.none + this.#stocks.some > 0;
  }

  /** Learns how long a task of a kind took. */
  noteDuration(kind: number, micros: number): void {
    this.#durations.note(kind, micros);
  }

  enqueue(task: WaitingTask, front: boolean): void {
    if (task.key !== null) this.#keyed += 1;
    this.#place(task, front);
  }

  dequeue(taskId: TaskId): void {
    const queue = this.#waiting.get(taskId);
    if (queue === undefined) return;
    this.#waiting.delete(taskId);
    if (queue !== this.#general) this.#bound -= 1;
  }

  /** The worker takes tasks, so many in all. */
  offer(workerId: WorkerId, tasksMax = Infinity): void {
    const server: Server = {
      workerId,
      held: new Map(),
      parked: new Map(),
      debtMicros: 0,
      stock: 'none',
      left: tasksMax,
      isOpen: false,
      isFilling: true,
      own: new PriorityQueue(),
    };
    this.#stocks.none += 1;
    this.#idle.add(server);
    this.#servers.set(workerId, server);
  }

  /** The worker takes no more tasks. Those that waited for it alone go to whoever is free. */
  withdraw(workerId: WorkerId): void {
    const server = this.#servers.get(workerId);
    if (server === undefined) return;
    this.#servers.delete(workerId);
    this.#stocks[server.stock] -= 1;
    this.#idle.delete(server);
    this.#free.delete(server);
    this.#open.delete(server);
    if (this.#keyed === 0) return;
    for (const [key, owner] of this.#workerOfKey) if (owner === workerId) this.#workerOfKey.delete(key);
    const orphans: WaitingTask[] = [];
    for (let first = this.#headOf(server.own); first !== undefined; first = this.#headOf(server.own)) {
      first.lane.take();
      this.dequeue(first.task.taskId);
      orphans.push(first.task);
    }
    for (const task of orphans.toReversed()) this.#place(task, true);
  }

  /** The worker no longer holds the task. */
  free(workerId: WorkerId, taskId: TaskId): void {
    const server = this.#servers.get(workerId);
    if (server === undefined) return;
    if (server.parked.delete(taskId)) this.#sort(server);
    else this.#release(server, taskId);
  }

  /** The task waits for others: another may have its slot. */
  park(workerId: WorkerId, taskId: TaskId): void {
    const server = this.#servers.get(workerId);
    const micros = server?.held.get(taskId);
    if (server === undefined || micros === undefined) return;
    server.parked.set(taskId, micros);
    this.#release(server, taskId);
  }

  /** The task goes on, and the worker may now hold more than it should. */
  resume(workerId: WorkerId, taskId: TaskId): void {
    const server = this.#servers.get(workerId);
    const micros = server?.parked.get(taskId);
    if (server === undefined || micros === undefined) return;
    server.parked.delete(taskId);
    server.held.set(taskId, micros);
    server.debtMicros += micros;
    this.#sort(server);
  }

  /** The next task to hand over and the worker to hand it to, or `undefined` if none fits. */
  next(): Match | undefined {
    if (this.#waiting.size === 0) return undefined;
    return this.#firstFit(this.#idle) ?? this.#firstFit(this.#free) ?? this.#firstFit(this.#open);
  }

  /** Whom to let go first: the idle, then those with the least to finish. */
  leastBusy(count: number): WorkerId[] {
    return [...this.#servers.values()]
      .toSorted((one, other) => one.held.size + one.parked.size - other.held.size - other.parked.size)
      .slice(0, count)
      .map((server) => server.workerId);
  }

  #release(server: Server, taskId: TaskId): void {
    const micros = server.held.get(taskId);
    if (micros === undefined) return;
    server.held.delete(taskId);
    // Infinity less Infinity is no number, and sums of fractions drift.
    const left = server.debtMicros - micros;
    server.debtMicros = Number.isFinite(left) && server.held.size > 0 ? left : sumOf(server.held);
    this.#sort(server);
  }

  #firstFit(servers: ReadonlySet<Server>): Match | undefined {
    for (const server of servers) {
      const task = this.#takeFor(server);
      if (task === undefined) continue;
      const micros = this.#expectedMicros(task);
      server.held.set(task.taskId, micros);
      server.debtMicros += micros;
      server.left -= 1;
      this.#sort(server);
      if (server.left === 0) this.#shut(server);
      return { taskId: task.taskId, workerId: server.workerId };
    }
    return undefined;
  }

  /** Nothing is known of a kind before its first task has ended, so none is handed over ahead or behind. */
  #expectedMicros({ kind, bytes = 0 }: WaitingTask): number {
    return this.#durations.expected(kind) + bytes / bytesPerMicro;
  }

  #isSated({ parked }: Server): boolean {
    return parked.size >= parkedMax * this.#concurrency;
  }

  #fits(server: Server, task: WaitingTask): boolean {
    if ((task.level ?? 0) === 0 && this.#isSated(server)) return false;
    if (server.held.size < this.#concurrency) return true;
    return server.debtMicros + this.#expectedMicros(task) <= horizonMicros;
  }

  #takeFor(server: Server): WaitingTask | undefined {
    const own = this.#keyed === 0 ? undefined : this.#headOf(server.own);
    const general = this.#headFor(server);
    const isOwnFirst = own !== undefined && (general === undefined || goesBefore(own.task, general.task));
    const chosen = isOwnFirst ? own : general;
    if (chosen === undefined || !this.#fits(server, chosen.task)) return undefined;
    const { task, lane } = chosen;
    lane.take();
    this.dequeue(task.taskId);
    if (task.key !== null) this.#workerOfKey.set(task.key, server.workerId);
    return task;
  }

  /** The head of the general queue that this worker may take; what belongs to another is passed on to it. */
  #headFor(server: Server): Head | undefined {
    for (;;) {
      const head = this.#headOf(this.#general);
      if (head === undefined || head.task.key === null) return head;
      const owner = this.#workerOfKey.get(head.task.key);
      if (owner === undefined || owner === server.workerId) return head;
      head.lane.take();
      this.dequeue(head.task.taskId);
      this.#place(head.task, false);
    }
  }

  #headOf(queue: PriorityQueue): Head | undefined {
    return queue.peek((task) => this.#waiting.get(task.taskId) === queue);
  }

  #place(task: WaitingTask, front: boolean): void {
    const owner = task.key === null ? undefined : this.#workerOfKey.get(task.key);
    const queue = (owner === undefined ? undefined : this.#servers.get(owner)?.own) ?? this.#general;
    queue.add(task, front);
    this.#waiting.set(task.taskId, queue);
    if (queue !== this.#general) this.#bound += 1;
  }

  #shut(server: Server): void {
    this.#idle.delete(server);
    this.#free.delete(server);
    this.#open.delete(server);
  }

  #sort(server: Server): void {
    if (server.left === 0) return;
    const count = server.held.size;
    const mayHoldMore = count < this.#concurrency + windowMax && server.debtMicros < horizonMicros;
    // Refilled when half of its time, or of its places, has been used up.
    if (!mayHoldMore) server.isFilling = false;
    else if (server.debtMicros <= horizonMicros / 2 && count <= this.#concurrency + windowMax / 2)
      server.isFilling = true;
    this.#noteStock(server, this.#stockOf(server));
    const isOpen = count >= this.#concurrency && server.isFilling && mayHoldMore;
    if (isOpen === server.isOpen) return;
    server.isOpen = isOpen;
    if (isOpen) this.#open.add(server);
    else this.#open.delete(server);
  }

  #stockOf(server: Server): Stock {
    const count = server.held.size;
    if (count === 0 && server.parked.size === 0) return 'none';
    if (count < this.#concurrency) return this.#isSated(server) ? 'sated' : 'some';
    return count === this.#concurrency ? 'enough' : 'ahead';
  }

  #noteStock(server: Server, stock: Stock): void {
    if (stock === server.stock) return;
    this.#stocks[server.stock] -= 1;
    this.#stocks[stock] += 1;
    if (server.stock === 'none') this.#idle.delete(server);
    else if (isFree(server.stock)) this.#free.delete(server);
    if (stock === 'none') this.#idle.add(server);
    else if (isFree(stock)) this.#free.add(server);
    server.stock = stock;
  }
}
