/** How large a pool is explored, what its callers may do, and what may go wrong: each as often as it says. */

/** What callers may do, and how often. */
export interface Calls {
  readonly cancel: number;
  readonly resize: number;
  /** `close()`: runs what waits. */
  readonly close: number;
  /** `close({ drain: false })`. */
  readonly closeNow: number;
  /** `close({ timeoutMs })`. */
  readonly closeLimited: number;
  readonly terminate: number;
  /** Code that runs inside the settlement of a task submits another, cancels one, or closes the pool. */
  readonly callback: number;
  /** A submit announces itself before its task is ready. */
  readonly expect: number;
  /** Somebody waits for room in the queue. */
  readonly room: number;
  /** `warm()`: for as many workers as there may be, or for one. */
  readonly warm: number;
  /** Others are given another pool. */
  readonly release: number;
  /** A running task submits another to its pool, and may wait for it. */
  readonly nest: number;
  /** A lease that the pool asked for is granted. */
  readonly grant: number;
  /** Others want all the leases that the pool holds. */
  readonly short: number;
}

/** What may go wrong, and how often. */
export interface Faults {
  /** A child dies, at any step; any part of its output that the kernel has not taken is lost. */
  readonly crash: number;
  readonly spawnFails: number;
  readonly initializeFails: number;
  /** A task's function throws. */
  readonly taskThrows: number;
  /** A child's event loop blocks for ever. */
  readonly hang: number;
  /** The system stops a child (SIGSTOP). */
  readonly freeze: number;
  /** A timer fires although something else could happen before. */
  readonly earlyTimer: number;
  /** The channel of a living child closes. */
  readonly channelBreaks: number;
  /** Something else holds a channel open after its child died. */
  readonly pipeStuck: number;
  /** A child's bytes are no frames. */
  readonly corrupt: number;
  /** Something in the child writes frames that do not fit what it was doing. */
  readonly babble: number;
  /** A task's arguments can no longer be sent. */
  readonly unsendable: number;
  /** SIGTERM changes nothing. */
  readonly deafToTerm: number;
  /** SIGKILL is late. */
  readonly deafToKill: number;
  /** A child reports more memory than it may hold. */
  readonly wear: number;
  /** The kernel takes an announcement late. */
  readonly slowFlush: number;
}

export interface PoolScope {
  /** `maxWorkers` at first. */
  readonly workers: number;
  readonly minWorkers: number;
  readonly tasks: number;
  readonly concurrency: number;
  /** It is made inside a worker: workers beyond the first need a lease each. */
  readonly isLeased: boolean;
  /** Tasks a worker may hold beyond those it runs. */
  readonly window: number;
  /** With so many tasks waiting in it for others, a worker takes only what tasks wait for. */
  readonly parkedMax: number;
  readonly maxQueue: number | null;
  /** What all arguments may weigh; those of each task weigh 1. */
  readonly maxQueueBytes: number | null;
  /** Failed starts beyond this break the pool. */
  readonly restarts: number;
  /** How often a task is tried again after a crash or an error. */
  readonly retries: number;
  /** How many tasks a worker may be handed in its life. */
  readonly tasksMax: number | null;
  /** Which limits have a timer. */
  readonly timers: readonly ('timeout' | 'queueTimeout' | 'deadline' | 'idle' | 'backoff')[];
  /** What becomes of a worker that does not answer; `off`: nobody asks. */
  readonly unresponsive: 'off' | 'report' | 'kill';
  readonly calls: Calls;
  readonly faults: Faults;
  /** Whether callers go on resizing and submitting after they asked to close: all of it is refused. */
  readonly callsAfterClose: boolean;
  /** What `resize` may be called with: `[minWorkers, maxWorkers]`. */
  readonly sizes: readonly (readonly [number, number])[];
}

export const noCalls: Calls = {
  cancel: 0,
  resize: 0,
  close: 0,
  closeNow: 0,
  closeLimited: 0,
  terminate: 0,
  callback: 0,
  expect: 0,
  room: 0,
  warm: 0,
  release: 0,
  nest: 0,
  grant: 0,
  short: 0,
};

export const noFaults: Faults = {
  crash: 0,
  spawnFails: 0,
  initializeFails: 0,
  taskThrows: 0,
  hang: 0,
  freeze: 0,
  earlyTimer: 0,
  channelBreaks: 0,
  pipeStuck: 0,
  corrupt: 0,
  babble: 0,
  unsendable: 0,
  deafToTerm: 0,
  deafToKill: 0,
  wear: 0,
  slowFlush: 0,
};

/** One worker, two tasks, one crash, one close: seconds. */
export const smallScope: PoolScope = {
  workers: 1,
  minWorkers: 0,
  tasks: 2,
  concurrency: 1,
  isLeased: false,
  window: 1,
  parkedMax: 1,
  maxQueue: null,
  maxQueueBytes: null,
  restarts: 1,
  retries: 0,
  tasksMax: null,
  timers: [],
  unresponsive: 'off',
  calls: { ...noCalls, close: 1 },
  faults: { ...noFaults, crash: 1 },
  callsAfterClose: true,
  sizes: [],
};

/** How many children may be there at once: those that leave take their time, and are replaced before. */
export function workersMax({ workers, sizes, calls, faults, tasks, tasksMax }: PoolScope): number {
  const largest = Math.max(workers, ...sizes.map(([, max]) => max));
  const deaths = Object.values<number>({ ...faults }).reduce((sum, count) => sum + count, 0);
  const retirements = calls.resize > 0 ? largest : 0;
  const recycled = tasksMax === null ? 0 : Math.ceil(tasks / tasksMax);
  return Math.min(6, largest + Math.min(2, deaths) + Math.min(1, retirements) + recycled + 1);
}
