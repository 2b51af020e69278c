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
  readonly uptimeMs: number;
  /** How many tasks it has ended, or chunks of `map`. */
  readonly tasksDone: number;
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
  readonly workersLost: number;
  /** Workers that were worn and made way for others. */
  readonly workersRecycled: number;
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
    submitted,
    ...counts,
  };
}

export function describeWorker(parts: PoolParts, link: WorkerLink): WorkerInfo {
  const { system, clock } = parts;
  const { workerId, pid } = link;
  return {
    id: workerId,
    pid,
    state: publicState(system.stateOf('worker', workerId) ?? 'leaving.stopping'),
    tasks: tasksIn(parts, workerId, 'running').map((taskId) => publicIdOf(parts, taskId)),
    uptimeMs: clock.now() - link.startedAtMs,
    tasksDone: link.tasksDone,
  };
}

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
