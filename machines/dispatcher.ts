/**
 * Which waiting task goes to which worker: arithmetic over plain data, without a clock and without effects.
 * Higher priority first, first come first served within one; tasks of one key stay with one worker while it
 * serves.
 */
import type { TaskId, WorkerId } from './ids.ts';

export interface WaitingTask {
  readonly taskId: TaskId;
  readonly priority: number;
  readonly key: string | null;
}

export interface Match {
  readonly taskId: TaskId;
  readonly workerId: WorkerId;
}

/** One priority's tasks in order. A task taken back leaves a hole, so that taking back costs nothing. */
class Lane {
  readonly priority: number;
  #items: (WaitingTask | undefined)[] = [];
  #head = 0;
  #returned: WaitingTask[] = [];

  constructor(priority: number) {
    this.priority = priority;
  }

  append(task: WaitingTask): void {
    this.#items.push(task);
  }

  putBack(task: WaitingTask): void {
    this.#returned.push(task);
  }

  peek(isWaiting: (task: WaitingTask) => boolean): WaitingTask | undefined {
    for (;;) {
      const returned = this.#returned.at(-1);
      if (returned !== undefined) {
        if (isWaiting(returned)) return returned;
        this.#returned.pop();
        continue;
      }
      if (this.#head >= this.#items.length) return undefined;
      const task = this.#items[this.#head];
      if (task !== undefined && isWaiting(task)) return task;
      this.#dropHead();
    }
  }

  /** Removes what `peek` returned. */
  take(): void {
    if (this.#returned.length > 0) this.#returned.pop();
    else this.#dropHead();
  }

  #dropHead(): void {
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head > 1_024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }
}

/** Tasks by priority. Membership is decided outside, so a task can leave without being searched for. */
class PriorityQueue {
  /** Highest priority first. Most pools use one. */
  readonly #lanes: Lane[] = [];

  add(task: WaitingTask, front: boolean): void {
    const lane = this.#laneFor(task.priority);
    if (front) lane.putBack(task);
    else lane.append(task);
  }

  peek(isWaiting: (task: WaitingTask) => boolean): { task: WaitingTask; lane: Lane } | undefined {
    for (const lane of this.#lanes) {
      const task = lane.peek(isWaiting);
      if (task !== undefined) return { task, lane };
    }
    return undefined;
  }

  #laneFor(priority: number): Lane {
    const at = this.#lanes.findIndex((lane) => lane.priority <= priority);
    const found = this.#lanes[at];
    if (found?.priority === priority) return found;
    const lane = new Lane(priority);
    this.#lanes.splice(at === -1 ? this.#lanes.length : at, 0, lane);
    return lane;
  }
}

interface Server {
  readonly workerId: WorkerId;
  load: number;
  /** It is being filled up: one lot of tasks goes out in one write, not one by one as slots come back. */
  isFilling: boolean;
  /** Tasks whose key belongs to this worker. */
  readonly own: PriorityQueue;
}

export class Dispatcher {
  readonly #concurrency: number;
  /** How many tasks a worker may hold beyond those it runs. */
  #window = 0;
  readonly #general = new PriorityQueue();
  /** Where each waiting task is: in the general queue, or in one worker's own. */
  readonly #waiting = new Map<TaskId, PriorityQueue>();
  readonly #servers = new Map<WorkerId, Server>();
  readonly #idle = new Set<Server>();
  /** Busy workers that are due to be handed more. */
  readonly #open = new Set<Server>();
  readonly #workerOfKey = new Map<string, WorkerId>();
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

  /**
   * How many tasks are handed over ahead of their start. A smaller window takes effect as workers return
   * slots.
   */
  setWindow(window: number): void {
    if (window === this.#window) return;
    this.#window = window;
    for (const server of this.#servers.values()) this.#sort(server);
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

  offer(workerId: WorkerId): void {
    const server: Server = { workerId, load: 0, isFilling: true, own: new PriorityQueue() };
    this.#servers.set(workerId, server);
    this.#sort(server);
  }

  /** The worker takes no more tasks. Those that waited for it alone go to whoever is free. */
  withdraw(workerId: WorkerId): void {
    const server = this.#servers.get(workerId);
    if (server === undefined) return;
    this.#servers.delete(workerId);
    this.#idle.delete(server);
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

  free(workerId: WorkerId): void {
    const server = this.#servers.get(workerId);
    if (server === undefined) return;
    server.load -= 1;
    this.#sort(server);
  }

  /** The next task to hand over and the worker to hand it to, or `undefined` if none fits. */
  next(): Match | undefined {
    if (this.#waiting.size === 0) return undefined;
    return this.#firstFit(this.#idle) ?? this.#firstFit(this.#open);
  }

  /** Whom to let go first: the idle, then those with the least to finish. */
  leastBusy(count: number): WorkerId[] {
    return [...this.#servers.values()]
      .toSorted((one, other) => one.load - other.load)
      .slice(0, count)
      .map((server) => server.workerId);
  }

  #firstFit(servers: ReadonlySet<Server>): Match | undefined {
    for (const server of servers) {
      const taskId = this.#takeFor(server);
      if (taskId === undefined) continue;
      server.load += 1;
      this.#sort(server);
      return { taskId, workerId: server.workerId };
    }
    return undefined;
  }

  #takeFor(server: Server): TaskId | undefined {
    const own = this.#keyed === 0 ? undefined : this.#headOf(server.own);
    const general = this.#headFor(server);
    const isOwnFirst =
      own !== undefined && (general === undefined || own.task.priority >= general.task.priority);
    const chosen = isOwnFirst ? own : general;
    if (chosen === undefined) return undefined;
    chosen.lane.take();
    const { taskId, key } = chosen.task;
    this.dequeue(taskId);
    if (key !== null) this.#workerOfKey.set(key, server.workerId);
    return taskId;
  }

  /** The head of the general queue that this worker may take; what belongs to another is passed on to it. */
  #headFor(server: Server): { task: WaitingTask; lane: Lane } | undefined {
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

  #headOf(queue: PriorityQueue): { task: WaitingTask; lane: Lane } | undefined {
    return queue.peek((task) => this.#waiting.get(task.taskId) === queue);
  }

  #place(task: WaitingTask, front: boolean): void {
    const owner = task.key === null ? undefined : this.#workerOfKey.get(task.key);
    const queue = (owner === undefined ? undefined : this.#servers.get(owner)?.own) ?? this.#general;
    queue.add(task, front);
    this.#waiting.set(task.taskId, queue);
    if (queue !== this.#general) this.#bound += 1;
  }

  #sort(server: Server): void {
    const isIdle = server.load === 0;
    const capacity = this.#concurrency + this.#window;
    // Refilled when half of the window has been used up.
    if (server.load >= capacity) server.isFilling = false;
    else if (server.load <= this.#concurrency + this.#window / 2) server.isFilling = true;
    const isOpen = !isIdle && (server.isFilling || server.load < this.#concurrency) && server.load < capacity;
    if (isIdle) this.#idle.add(server);
    else this.#idle.delete(server);
    if (isOpen) this.#open.add(server);
    else this.#open.delete(server);
  }
}
