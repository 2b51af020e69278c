/** What a pool's machine knows, and what it can be told. */
import type { TaskId, WorkerId } from '../ids.ts';
import type { WorkerEnd } from '../reasons.ts';

export interface PoolInput {
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly concurrency: number;
  /** After this a worker that is idle says so; `null`: never. */
  readonly idleTimeoutMs: number | null;
  /** Waiting tasks beyond those the workers could be running; `null` = no limit. */
  readonly maxQueue: number | null;
  /** What the arguments of all unsettled tasks may weigh, if there is more than one; `null` = no limit. */
  readonly maxQueueBytes: number | null;
  /** More start failures than this, within the window or in a row, break the pool. */
  readonly restartsMax: number;
  readonly restartsWithinMs: number;
  /**
   * Of a pool made inside a worker: how many places in the budget it holds, each for one worker beyond the
   * first. `null`: it needs none.
   */
  readonly leases: number | null;
}

export interface PoolContext extends PoolInput {
  /** Admitted tasks that have not settled. */
  readonly unsettled: number;
  /** What their arguments weigh. */
  readonly heldBytes: number;
  /** Workers that serve or will. */
  readonly live: number;
  /** Those of them that do not serve yet. */
  readonly starting: number;
  /** Workers whose process is not known to be gone. */
  readonly present: number;
  /** Start failures within the window. */
  readonly failures: number;
  /** Start failures in a row: a slow boot loop never fills the window. */
  readonly failuresInRow: number;
  /** Nobody is given this pool any more: workers leave as soon as they are idle. */
  readonly isReleased: boolean;
  /** Workers that serve and are to be replaced, the oldest wear first. */
  readonly worn: readonly WorkerId[];
  /** Somebody waits until so many workers serve. 0: nobody does. */
  readonly wanted: number;
  readonly closeTimeoutMs: number;
  /** Leases it has asked for and not got. */
  readonly asked: number;
  /** Leases that others want of it. */
  readonly owed: number;
}

export type PoolEvent =
  // from the caller
  /** `bytes`: of its arguments; none if nothing is said. */
  | { readonly type: 'task.submitted'; readonly taskId: TaskId; readonly bytes?: number }
  /** By a task that runs and may wait for it: refusing it would not relieve the pool. */
  | { readonly type: 'nested.submitted'; readonly taskId: TaskId; readonly bytes?: number }
  /** A task is about to be submitted: a first worker can start while its function is being found. */
  | { readonly type: 'work.expected' }
  /** So many workers are to serve, whether there is work or not. */
  | { readonly type: 'warm.asked'; readonly count: number }
  | { readonly type: 'resize.asked'; readonly minWorkers: number; readonly maxWorkers: number }
  /** Others use another pool now: work for those who still hold this one, and keep no idle worker. */
  | { readonly type: 'release.asked' }
  | { readonly type: 'close.asked'; readonly drain: boolean }
  /** Closing may take this long from now. */
  | { readonly type: 'close.limited'; readonly timeoutMs: number }
  | { readonly type: 'terminate.asked' }
  // from tasks and workers
  | { readonly type: 'task.settled'; readonly bytes?: number }
  | { readonly type: 'worker.ready' }
  | { readonly type: 'worker.idled'; readonly workerId: WorkerId }
  /** It goes on serving, and leaves when another is ready. */
  | { readonly type: 'worker.worn'; readonly workerId: WorkerId }
  | { readonly type: 'worker.leaving'; readonly workerId: WorkerId; readonly served: boolean }
  | { readonly type: 'worker.gone'; readonly end: WorkerEnd; readonly served: boolean }
  /** What the dispatcher could not place: told once a turn, when it changed. */
  | { readonly type: 'demand.seen'; readonly waiting: number; readonly idle: number }
  // from the budget of pools inside workers
  | { readonly type: 'lease.granted'; readonly count: number }
  /** Others want so many. */
  | { readonly type: 'lease.short'; readonly count: number }
  // from itself
  | { readonly type: 'failure.forgotten' }
  /** Those who wait for workers may have got what they wait for. */
  | { readonly type: 'serving.changed' }
  | { readonly type: 'close.timedOut' };

export type RefusalReason = 'full' | 'heavy' | 'closing' | 'closed' | 'broken';
