/**
 * What each machine of a pool is started with in a scope.
 * Lengths of time do not matter to the model: each is 1, or none.
 */
import type { PoolInput } from '../../../machines/pool/machine.ts';
import type { TaskInput } from '../../../machines/task/machine.ts';
import type { WorkerInput } from '../../../machines/worker/machine.ts';
import type { PoolScope } from './scope.ts';

export function poolInput({
  minWorkers,
  workers,
  concurrency,
  timers,
  maxQueue,
  maxQueueBytes,
  restarts,
  isLeased,
}: PoolScope): PoolInput {
  return {
    minWorkers,
    maxWorkers: workers,
    concurrency,
    idleTimeoutMs: timers.includes('idle') ? 1 : null,
    maxQueue,
    maxQueueBytes,
    restartsMax: restarts,
    restartsWithinMs: 1,
    leases: isLeased ? 0 : null,
  };
}

export function workerInput(
  { concurrency, window, tasksMax, faults, unresponsive }: PoolScope,
  workerId: number,
  idleTimeoutMs: number | null,
): WorkerInput {
  return {
    workerId,
    concurrency,
    window,
    startTimeoutMs: 1,
    idleTimeoutMs,
    graceMs: 1,
    unresponsiveAfterMs: unresponsive === 'off' ? null : 1,
    killsSilent: unresponsive === 'kill',
    tasksMax,
    rssMaxBytes: faults.wear > 0 ? 1 : null,
    rssGrowthMaxBytes: null,
    ageMaxMs: null,
  };
}

export function taskInput({ timers, retries }: PoolScope, taskId: number): TaskInput {
  const limit = (name: PoolScope['timers'][number]): number | null => (timers.includes(name) ? 1 : null);
  return {
    taskId,
    retries,
    timeoutMs: limit('timeout'),
    queueTimeoutMs: limit('queueTimeout'),
    deadlineMs: limit('deadline'),
    backoffMs: timers.includes('backoff') ? 1 : 0,
    graceMs: 1,
  };
}
