/**
 * Inputs and events to explore each machine with: every event type, with the values that matter to its
 * guards.
 */
import type { PoolEvent, PoolInput } from '../../machines/pool/machine.ts';
import type { TaskEvent, TaskInput } from '../../machines/task/machine.ts';
import type { WorkerEvent, WorkerInput } from '../../machines/worker/machine.ts';
import type { ChildEvent } from '../../machines/child/machine.ts';

interface Sample {
  readonly inputs: readonly (object | undefined)[];
  readonly events: readonly { readonly type: string }[];
}

const taskInput: TaskInput = {
  taskId: 7,
  retries: 1,
  timeoutMs: 1_000,
  queueTimeoutMs: 2_000,
  deadlineMs: 3_000,
  backoffMs: 50,
  graceMs: 20,
};

const taskEvents: TaskEvent[] = [
  { type: 'task.assigned', workerId: 3 },
  { type: 'task.started' },
  { type: 'task.returned' },
  { type: 'task.threw', retryable: true },
  { type: 'task.threw', retryable: false },
  { type: 'task.dropped' },
  { type: 'worker.lost', retryable: true },
  { type: 'worker.lost', retryable: false },
  { type: 'cancel.asked' },
  { type: 'recall.asked' },
  { type: 'nested.submitted', nestedId: 8 },
  { type: 'deadline.passed' },
  { type: 'queue.timedOut' },
  { type: 'queue.abandoned' },
  { type: 'pool.abandoned', why: 'closed' },
  { type: 'pool.abandoned', why: 'broken' },
];

const workerInput: WorkerInput = {
  workerId: 3,
  concurrency: 1,
  window: 1,
  startTimeoutMs: 30_000,
  idleTimeoutMs: 10_000,
  graceMs: 2_000,
  unresponsiveAfterMs: null,
  killsSilent: false,
  tasksMax: null,
  rssMaxBytes: null,
  rssGrowthMaxBytes: null,
  ageMaxMs: null,
};

const workerEvents: WorkerEvent[] = [
  { type: 'child.spawnFailed' },
  { type: 'child.exited' },
  { type: 'channel.closed' },
  { type: 'channel.corrupted' },
  { type: 'channel.emptied' },
  { type: 'child.froze' },
  { type: 'parent.paused' },
  { type: 'child.answered' },
  { type: 'child.greeted' },
  { type: 'child.initialized' },
  { type: 'child.initializeFailed' },
  ...[1, 2].flatMap((taskId): WorkerEvent[] => [
    { type: 'task.assigned', taskId, attempt: 1 },
    { type: 'task.started', taskId },
    { type: 'task.returned', taskId },
    { type: 'task.threw', taskId, retryable: true },
    { type: 'task.dropped', taskId },
    { type: 'task.waits', taskId },
    { type: 'task.resumed', taskId },
    { type: 'task.cancelled', taskId },
    { type: 'task.recalled', taskId },
    { type: 'kill.asked', taskId },
  ]),
  { type: 'retire.asked' },
  { type: 'idleness.asked' },
  { type: 'recycle.asked' },
  { type: 'release.asked' },
  { type: 'memory.measured', rssBytes: 100 },
  { type: 'memory.measured', rssBytes: 160 },
  { type: 'memory.measured', rssBytes: 220 },
  { type: 'stop.asked' },
  { type: 'leave.asked' },
  { type: 'destroy.asked' },
];

const poolInput: PoolInput = {
  minWorkers: 0,
  maxWorkers: 2,
  concurrency: 1,
  idleTimeoutMs: 10_000,
  maxQueue: 1,
  maxQueueBytes: 31,
  restartsMax: 1,
  restartsWithinMs: 10_000,
  leases: null,
};

const poolEvents: PoolEvent[] = [
  { type: 'task.submitted', taskId: 1, bytes: 2 },
  { type: 'task.submitted', taskId: 2, bytes: 30 },
  { type: 'nested.submitted', taskId: 3, bytes: 4 },
  { type: 'work.expected' },
  { type: 'warm.asked', count: 2 },
  { type: 'serving.changed' },
  { type: 'task.settled', bytes: 2 },
  { type: 'resize.asked', minWorkers: 0, maxWorkers: 1 },
  { type: 'resize.asked', minWorkers: 1, maxWorkers: 2 },
  { type: 'release.asked' },
  { type: 'close.asked', drain: true },
  { type: 'close.asked', drain: false },
  { type: 'close.limited', timeoutMs: 500 },
  { type: 'close.timedOut' },
  { type: 'terminate.asked' },
  { type: 'worker.ready' },
  { type: 'worker.idled', workerId: 3 },
  { type: 'worker.worn', workerId: 3 },
  { type: 'worker.leaving', workerId: 3, served: true },
  { type: 'worker.leaving', workerId: 5, served: false },
  { type: 'worker.gone', end: 'died', served: false },
  { type: 'worker.gone', end: 'died', served: true },
  { type: 'worker.gone', end: 'stopped', served: false },
  { type: 'demand.seen', waiting: 0, idle: 0 },
  { type: 'demand.seen', waiting: 3, idle: 1 },
  { type: 'failure.forgotten' },
  { type: 'lease.granted', count: 1 },
  { type: 'lease.short', count: 1 },
];

const childEvents: ChildEvent[] = [
  { type: 'boot.finished' },
  { type: 'init.received', concurrency: 1 },
  { type: 'init.received', concurrency: 2 },
  { type: 'initialize.finished' },
  { type: 'initialize.failed' },
  ...[1, 2, 3].flatMap((taskId): ChildEvent[] => [
    { type: 'run.received', taskId },
    { type: 'cancel.received', taskId },
    { type: 'recall.received', taskId },
    { type: 'start.flushed', taskId },
    { type: 'task.ended', taskId },
    { type: 'task.waits', taskId },
    { type: 'task.resumed', taskId },
  ]),
  { type: 'look.finished' },
  { type: 'stop.received' },
  { type: 'channel.closed' },
];

export const samples: Record<string, Sample> = {
  task: {
    inputs: [
      taskInput,
      {
        ...taskInput,
        retries: 0,
        timeoutMs: null,
        queueTimeoutMs: null,
        deadlineMs: null,
        backoffMs: 0,
      } satisfies TaskInput,
    ],
    events: taskEvents,
  },
  worker: {
    inputs: [
      workerInput,
      { ...workerInput, concurrency: 2, window: 0, idleTimeoutMs: null } satisfies WorkerInput,
      { ...workerInput, window: 0, unresponsiveAfterMs: 1_000 } satisfies WorkerInput,
      {
        ...workerInput,
        tasksMax: 3,
        rssMaxBytes: 200,
        rssGrowthMaxBytes: 50,
        ageMaxMs: 60_000,
      } satisfies WorkerInput,
    ],
    events: workerEvents,
  },
  pool: {
    inputs: [
      poolInput,
      {
        ...poolInput,
        minWorkers: 1,
        maxQueue: null,
        maxQueueBytes: null,
        restartsMax: 0,
      } satisfies PoolInput,
      { ...poolInput, minWorkers: 2, maxQueue: null, maxQueueBytes: null, leases: 0 } satisfies PoolInput,
    ],
    events: poolEvents,
  },
  child: { inputs: [undefined], events: childEvents },
};
