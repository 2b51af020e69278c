/**
 * One call of a function, from submission to its single settlement.
 * It is `settled` for its caller as soon as it is cancelled or timed out, but lives on (`withdrawing`,
 * `aborting`) while it still holds a slot of a worker.
 */
import { assign, raise, setup } from 'xstate';
import { command } from '../commands.ts';
import type { TaskId, WorkerId } from '../ids.ts';
import type { AbandonReason, TaskOutcome } from '../reasons.ts';
import type { Tell } from '../topology.ts';

export interface TaskInput {
  readonly taskId: TaskId;
  readonly retries: number;
  readonly timeoutMs: number | null;
  readonly queueTimeoutMs: number | null;
  readonly deadlineMs: number | null;
  readonly backoffMs: number;
  readonly graceMs: number;
}

export interface TaskContext extends TaskInput {
  /** How often it was started: the number of the current or next attempt is one more. */
  readonly starts: number;
  readonly retriesLeft: number;
  /** Whether a worker had it before: then it goes back to the front of its queue. */
  readonly wasHanded: boolean;
  /** The worker that has it; 0 = none. */
  readonly workerId: WorkerId;
}

export type TaskEvent =
  | { readonly type: 'task.assigned'; readonly workerId: WorkerId }
  | { readonly type: 'task.started' }
  | { readonly type: 'task.returned' }
  | { readonly type: 'task.threw'; readonly retryable: boolean }
  /** The child confirms that it never ran it, as asked. */
  | { readonly type: 'task.dropped' }
  /** The worker that had it is gone. */
  | { readonly type: 'worker.lost'; readonly retryable: boolean }
  /** Another worker is free: take it back if it has not started. */
  | { readonly type: 'recall.asked' }
  /** Its function has submitted another task. */
  | { readonly type: 'nested.submitted'; readonly nestedId: TaskId }
  | { readonly type: 'cancel.asked' }
  | { readonly type: 'deadline.passed' }
  | { readonly type: 'queue.timedOut' }
  /** The pool closes without running what waits. */
  | { readonly type: 'queue.abandoned' }
  /** The pool gives up everything. */
  | { readonly type: 'pool.abandoned'; readonly why: AbandonReason };

const askToCancel = {
  type: 'tell',
  params: ({ context }: { context: TaskContext }): Tell => ({
    to: 'worker',
    id: context.workerId,
    event: { type: 'task.cancelled', taskId: context.taskId },
  }),
} as const;

const askToReturn = {
  type: 'tell',
  params: ({ context }: { context: TaskContext }): Tell => ({
    to: 'worker',
    id: context.workerId,
    event: { type: 'task.recalled', taskId: context.taskId },
  }),
} as const;

/** Its function is over, or should be: nobody waits for the tasks it submitted and did not see settle. */
const endAborted = [askToCancel, 'cancelNested'] as const;

/** Only while a task runs can it have others run for it. */
const refuseNested = {
  actions: {
    type: 'refuseNested',
    params: ({ event }: { event: TaskEvent }) => ({
      nestedId: event.type === 'nested.submitted' ? event.nestedId : 0,
    }),
  },
} as const;

export const taskMachine = setup({
  types: {
    context: {} as TaskContext,
    events: {} as TaskEvent,
    input: {} as TaskInput,
  },
  delays: {
    queueTimeout: ({ context }) => context.queueTimeoutMs ?? Infinity,
    timeout: ({ context }) => context.timeoutMs ?? Infinity,
    deadline: ({ context }) => context.deadlineMs ?? Infinity,
    backoff: ({ context }) => context.backoffMs,
    grace: ({ context }) => context.graceMs,
  },
  guards: {
    mayRetry: ({ context, event }) =>
      context.retriesLeft > 0 &&
      (event.type === 'task.threw' || event.type === 'worker.lost') &&
      event.retryable,
    retriesAtOnce: ({ context }) => context.backoffMs === 0,
  },
  actions: {
    noteWorker: assign({
      workerId: (_, params: { workerId: WorkerId }) => params.workerId,
      wasHanded: true,
    }),
    countStart: assign({ starts: ({ context }) => context.starts + 1 }),
    countRetry: assign({ retriesLeft: ({ context }) => context.retriesLeft - 1, workerId: 0 }),
    forgetWorker: assign({ workerId: 0 }),
    tell: command<Tell>(),
    enqueue: command<{ front: boolean }>(),
    dequeue: command(),
    settle: command<{ outcome: TaskOutcome }>(),
    announceStart: command(),
    announceRetry: command(),
    admitNested: command<{ nestedId: TaskId }>(),
    refuseNested: command<{ nestedId: TaskId }>(),
    cancelNested: command(),
    forgetTask: command(),
    unexpected: command<{ event: string }>(),
  },
}).createMachine({
  id: 'task',
  // Spelled out: this runs once per task, and a spread costs more than all transitions together.
  context: ({ input }) => ({
    taskId: input.taskId,
    retries: input.retries,
    timeoutMs: input.timeoutMs,
    queueTimeoutMs: input.queueTimeoutMs,
    deadlineMs: input.deadlineMs,
    backoffMs: input.backoffMs,
    graceMs: input.graceMs,
    starts: 0,
    retriesLeft: input.retries,
    wasHanded: false,
    workerId: 0,
  }),
  initial: 'unsettled',
  on: {
    '*': { actions: { type: 'unexpected', params: ({ event }) => ({ event: event.type }) } },
    'nested.submitted': refuseNested,
  },
  states: {
    unsettled: {
      initial: 'waiting',
      after: { deadline: { actions: raise({ type: 'deadline.passed' }) } },
      states: {
        waiting: {
          initial: 'queued',
          // Being handed over is still waiting: the clock of the queue stops when the function starts.
          after: { queueTimeout: { actions: raise({ type: 'queue.timedOut' }) } },
          states: {
            queued: {
              entry: { type: 'enqueue', params: ({ context }) => ({ front: context.wasHanded }) },
              meta: {
                ignores: {
                  'task.started': 'no worker has it',
                  'task.returned': 'no worker has it',
                  'task.threw': 'no worker has it',
                  'task.dropped': 'no worker has it',
                  'worker.lost': 'no worker has it',
                  'recall.asked': 'no worker has it',
                },
              },
              on: {
                'task.assigned': {
                  target: 'handed',
                  actions: [
                    { type: 'noteWorker', params: ({ event }) => ({ workerId: event.workerId }) },
                    {
                      type: 'tell',
                      params: ({ context, event }) => ({
                        to: 'worker',
                        id: event.workerId,
                        event: { type: 'task.assigned', taskId: context.taskId, attempt: context.starts + 1 },
                      }),
                    },
                  ],
                },
                'cancel.asked': {
                  target: '#task.settled',
                  actions: ['dequeue', { type: 'settle', params: { outcome: 'cancelled' } }],
                },
                'queue.timedOut': {
                  target: '#task.settled',
                  actions: ['dequeue', { type: 'settle', params: { outcome: 'queueTimedOut' } }],
                },
                'deadline.passed': {
                  target: '#task.settled',
                  actions: ['dequeue', { type: 'settle', params: { outcome: 'deadlineMissed' } }],
                },
                'queue.abandoned': {
                  target: '#task.settled',
                  actions: ['dequeue', { type: 'settle', params: { outcome: 'closed' } }],
                },
                'pool.abandoned': {
                  target: '#task.settled',
                  actions: ['dequeue', { type: 'settle', params: ({ event }) => ({ outcome: event.why }) }],
                },
              },
            },
            // Handed over, but the child has not said that it starts it: if the worker dies now, nobody
            // notices.
            handed: {
              initial: 'assigned',
              meta: {
                ignores: {
                  'task.assigned': 'a worker already has it',
                  'task.returned': 'a worker only reports what it reported as started',
                  'task.threw': 'a worker only reports what it reported as started',
                },
              },
              on: {
                'task.started': {
                  target: '#task.unsettled.running',
                  actions: ['countStart', 'announceStart'],
                },
                'worker.lost': { target: 'queued', actions: 'forgetWorker' },
                'cancel.asked': {
                  target: '#task.withdrawing',
                  actions: [askToCancel, { type: 'settle', params: { outcome: 'cancelled' } }],
                },
                'queue.timedOut': {
                  target: '#task.withdrawing',
                  actions: [askToCancel, { type: 'settle', params: { outcome: 'queueTimedOut' } }],
                },
                'deadline.passed': {
                  target: '#task.withdrawing',
                  actions: [askToCancel, { type: 'settle', params: { outcome: 'deadlineMissed' } }],
                },
                'queue.abandoned': {
                  target: '#task.withdrawing',
                  actions: [askToCancel, { type: 'settle', params: { outcome: 'closed' } }],
                },
                'pool.abandoned': {
                  target: '#task.withdrawing',
                  actions: [askToCancel, { type: 'settle', params: ({ event }) => ({ outcome: event.why }) }],
                },
              },
              states: {
                assigned: {
                  meta: { ignores: { 'task.dropped': 'nobody asked the child to drop it' } },
                  on: { 'recall.asked': { target: 'recalled', actions: askToReturn } },
                },
                // Asked back. It may have started meanwhile; if not, the child says that it dropped it.
                recalled: {
                  meta: { ignores: { 'recall.asked': 'it has been asked for' } },
                  on: {
                    'task.dropped': { target: '#task.unsettled.waiting.queued', actions: 'forgetWorker' },
                  },
                },
              },
            },
          },
        },
        running: {
          after: {
            timeout: {
              target: '#task.aborting',
              actions: [...endAborted, { type: 'settle', params: { outcome: 'timedOut' } }],
            },
          },
          meta: {
            ignores: {
              'task.assigned': 'a worker already has it',
              'task.started': 'it has already started',
              'task.dropped': 'it has already started',
              'queue.timedOut': 'it no longer waits',
              'queue.abandoned': 'it no longer waits, and what runs may finish',
              'recall.asked': 'it has started',
            },
          },
          on: {
            'nested.submitted': {
              actions: { type: 'admitNested', params: ({ event }) => ({ nestedId: event.nestedId }) },
            },
            'task.returned': {
              target: '#task.settled',
              actions: { type: 'settle', params: { outcome: 'fulfilled' } },
            },
            'task.threw': [
              { guard: 'mayRetry', target: 'retrying', actions: ['countRetry', 'announceRetry'] },
              { target: '#task.settled', actions: { type: 'settle', params: { outcome: 'rejected' } } },
            ],
            'worker.lost': [
              {
                guard: 'mayRetry',
                target: 'retrying',
                actions: ['countRetry', 'cancelNested', 'announceRetry'],
              },
              {
                target: '#task.settled',
                actions: ['cancelNested', { type: 'settle', params: { outcome: 'lost' } }],
              },
            ],
            'cancel.asked': {
              target: '#task.aborting',
              actions: [...endAborted, { type: 'settle', params: { outcome: 'cancelled' } }],
            },
            'deadline.passed': {
              target: '#task.aborting',
              actions: [...endAborted, { type: 'settle', params: { outcome: 'deadlineMissed' } }],
            },
            'pool.abandoned': {
              target: '#task.aborting',
              actions: [...endAborted, { type: 'settle', params: ({ event }) => ({ outcome: event.why }) }],
            },
          },
        },
        retrying: {
          always: { guard: 'retriesAtOnce', target: 'waiting' },
          after: { backoff: 'waiting' },
          meta: {
            ignores: {
              'task.assigned': 'it is not in the queue',
              'task.started': 'no worker has it',
              'task.returned': 'no worker has it',
              'task.threw': 'no worker has it',
              'task.dropped': 'no worker has it',
              'worker.lost': 'no worker has it',
              'queue.timedOut': 'it is not in the queue',
              'recall.asked': 'no worker has it',
            },
          },
          on: {
            'cancel.asked': {
              target: '#task.settled',
              actions: { type: 'settle', params: { outcome: 'cancelled' } },
            },
            'deadline.passed': {
              target: '#task.settled',
              actions: { type: 'settle', params: { outcome: 'deadlineMissed' } },
            },
            'queue.abandoned': {
              target: '#task.settled',
              actions: { type: 'settle', params: { outcome: 'closed' } },
            },
            'pool.abandoned': {
              target: '#task.settled',
              actions: { type: 'settle', params: ({ event }) => ({ outcome: event.why }) },
            },
          },
        },
      },
    },
    // Settled for the caller before it started. No clock here: the worker may be busy with somebody else's
    // task, and killing it would cost that one its result.
    withdrawing: {
      meta: {
        ignores: {
          'task.assigned': 'it is not in the queue',
          'task.returned': 'a worker only reports what it reported as started',
          'task.threw': 'a worker only reports what it reported as started',
          'recall.asked': 'already settled',
          'cancel.asked': 'already settled',
          'deadline.passed': 'already settled',
          'queue.timedOut': 'already settled',
          'queue.abandoned': 'already settled',
          'pool.abandoned': 'already settled',
        },
      },
      on: { 'task.started': 'aborting', 'task.dropped': 'settled', 'worker.lost': 'settled' },
    },
    // Settled for the caller while it runs: the child's signal is aborted, and after the grace the worker is
    // killed.
    aborting: {
      after: {
        grace: {
          actions: {
            type: 'tell',
            params: ({ context }) => ({
              to: 'worker',
              id: context.workerId,
              event: { type: 'kill.asked', taskId: context.taskId },
            }),
          },
        },
      },
      meta: {
        ignores: {
          'task.assigned': 'it is not in the queue',
          'task.started': 'it has already started',
          'task.dropped': 'it has already started',
          'recall.asked': 'already settled',
          'cancel.asked': 'already settled',
          'deadline.passed': 'already settled',
          'queue.timedOut': 'already settled',
          'queue.abandoned': 'already settled',
          'pool.abandoned': 'already settled',
        },
      },
      on: {
        'task.returned': 'settled',
        'task.threw': 'settled',
        'worker.lost': 'settled',
      },
    },
    settled: {
      entry: 'forgetTask',
      meta: {
        ignores: {
          'task.assigned': 'over',
          'task.started': 'over',
          'task.returned': 'over',
          'task.threw': 'over',
          'task.dropped': 'over',
          'worker.lost': 'over',
          'recall.asked': 'over',
          'cancel.asked': 'over',
          'deadline.passed': 'over',
          'queue.timedOut': 'over',
          'queue.abandoned': 'over',
          'pool.abandoned': 'over',
        },
      },
    },
  },
});
