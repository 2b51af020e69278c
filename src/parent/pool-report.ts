/** What a pool shows of itself: its workers, and its counts. It only reads. */
import type { PoolState } from '../observe/events.ts';
import { poolContext, type PoolParts, publicIdOf } from './pool-parts.ts';
import type { WorkerLink } from './worker-link.ts';

export interface WorkerInfo {
  readonly id: number;
  readonly pid: number | undefined;
  readonly state: 'starting' | 'initializing' | 'idle' | 'busy' | 'draining' | 'stopping';
  /** Ids of the tasks it runs. */
  readonly tasks: readonly string[];
  /** Tasks that ran to their end in it: they returned, threw, or gave in to their cancellation. */
  readonly tasksDone: number;
  /** Since its process was asked for. */
  readonly uptimeMs: number;
  /** How many workers were lost before it in its place. A worker that left in peace gives up its place. */
  readonly restarts: number;
  /** The number of the worker it stands in for, if `restarts` is not 0. */
  readonly replaces: number | undefined;
  /** False from `workerUnresponsive` to `workerResponsive`; always true without `unresponsiveAfterMs`. */
  readonly isResponsive: boolean;
  /**
   * Resident memory. On Linux as of now, even of a process that is blocked; elsewhere as of its last report.
   */
  readonly rssBytes: number | undefined;
  /** Processor time since its process started, user and system together. As fresh as `rssBytes`. */
  readonly cpuMs: number | undefined;
  /** The longest that its event loop was late, in the second before its last report. */
  readonly eventLoopLagMs: number | undefined;
  /** How old that report is. It reports once a second while it has tasks; one that is blocked cannot. */
  readonly reportAgeMs: number | undefined;
}

export interface PoolStats {
  readonly state: PoolState;
  readonly workers: number;
  readonly idleWorkers: number;
  /** Tasks that have not started. */
  readonly waiting: number;
  readonly running: number;
  /** What the arguments of all tasks that have not settled weigh. */
  readonly queuedBytes: number;
  readonly submitted: number;
  readonly fulfilled: number;
  readonly rejected: number;
  readonly cancelled: number;
  /** Tasks that failed because their worker died. */
  readonly lost: number;
  readonly retried: number;
  /** Processes asked for since the pool was made. */
  readonly workersStarted: number;
  /** Those that died, were killed or could not start. */
  readonly workersLost: number;
  /** Workers that were worn and made way for others. */
  readonly workersRecycled: number;
  /**
   * Of a pool made inside a worker: how many workers it may have beyond the first, from the budget that all
   * such pools share. `null` of any other: it may have `maxWorkers`.
   */
  readonly leases: number | null;
}

export function statsOf(parts: PoolParts, state: PoolState, submitted: number): PoolStats {
  const { dispatcher, ledger, links, counts } = parts;
  let waiting = dispatcher.waiting;
  for (const workerId of links.keys()) {
    const handed = tasksIn(parts, workerId, 'handed').map((taskId) => ledger.find(taskId));
    waiting += handed.filter((entry) => (entry?.request ?? null) !== null).length;
  }
  // Not the ledger's size: what was cancelled while it ran stays there until its worker lets go of it.
  const unsettled = submitted - counts.fulfilled - counts.rejected - counts.cancelled - counts.lost;
  return {
    state,
    workers: links.size,
    idleWorkers: dispatcher.idle,
    waiting,
    running: unsettled - waiting,
    queuedBytes: poolContext(parts.system).heldBytes,
    leases: poolContext(parts.system).leases,
    submitted,
    ...counts,
  };
}

export function describeWorker(parts: PoolParts, link: WorkerLink): WorkerInfo {
  const { system, clock, ports } = parts;
  const { workerId, pid, pulse, place } = link;
  const nowMs = clock.now();
  const { last } = pulse;
  const usage = (pid === undefined ? undefined : ports.processUsage(pid)) ?? last;
  return {
    id: workerId,
    pid,
    state: publicState(system.stateOf('worker', workerId) ?? 'leaving.stopping'),
    tasks: publicTasksIn(parts, workerId),
    tasksDone: pulse.tasksDone,
    uptimeMs: nowMs - link.startedAtMs,
    restarts: place.restarts,
    replaces: place.replaces,
    isResponsive: system.contextOf('worker', workerId)?.['isSilent'] !== true,
    rssBytes: usage?.rssBytes,
    cpuMs: usage?.cpuMs,
    eventLoopLagMs: last?.lagMs,
    reportAgeMs: last === null ? undefined : nowMs - last.atMs,
  };
}

/** Public ids of the tasks a worker runs. */
export const publicTasksIn = (parts: PoolParts, workerId: number): readonly string[] =>
  tasksIn(parts, workerId, 'running').map((taskId) => publicIdOf(parts, taskId));

/** The tasks a worker's machine says it has. */
export function tasksIn(
  { system }: PoolParts,
  workerId: number,
  which: 'handed' | 'running',
): readonly number[] {
  const ids = system.contextOf('worker', workerId)?.[which];
  return Array.isArray(ids) ? ids : [];
}

const publicStates = ['starting', 'initializing', 'idle', 'busy', 'draining'] as const;

const publicState = (state: string): WorkerInfo['state'] =>
  publicStates.find((name) => state.split('.').includes(name)) ?? 'stopping';
