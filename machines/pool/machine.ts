/**
 * The pool manager: admits tasks, decides how many workers there are, restarts them with backoff, and closes.
 * Which task goes to which worker is the dispatcher's arithmetic; how many workers there should be is decided
 * here.
 */
import { assign, cancel, raise, setup } from 'xstate';
import { command } from '../commands.ts';
import type { TaskId, WorkerId } from '../ids.ts';
import type { AbandonReason, WorkerEnd } from '../reasons.ts';
import type { Tell } from '../topology.ts';

export interface PoolInput {
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly concurrency: number;
  /** Waiting tasks beyond those the workers could be running; `null` = no limit. */
  readonly maxQueue: number | null;
  /** More start failures than this, within the window or in a row, break the pool. */
  readonly restartsMax: number;
  readonly restartsWithinMs: number;
}

export interface PoolContext extends PoolInput {
  /** Admitted tasks that have not settled. */
  readonly unsettled: number;
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
  readonly closeTimeoutMs: number;
}

export type PoolEvent =
  // from the caller
  | { readonly type: 'task.submitted'; readonly taskId: TaskId }
  /** By a task that runs and may wait for it: refusing it would not relieve the pool. */
  | { readonly type: 'nested.submitted'; readonly taskId: TaskId }
  /** A task is about to be submitted: a first worker can start while its function is being found. */
  | { readonly type: 'work.expected' }
  | { readonly type: 'resize.asked'; readonly minWorkers: number; readonly maxWorkers: number }
  | { readonly type: 'close.asked'; readonly drain: boolean }
  /** Closing may take this long from now. */
  | { readonly type: 'close.limited'; readonly timeoutMs: number }
  | { readonly type: 'terminate.asked' }
  // from tasks and workers
  | { readonly type: 'task.settled' }
  | { readonly type: 'worker.ready' }
  | { readonly type: 'worker.idled'; readonly workerId: WorkerId }
  | { readonly type: 'worker.leaving'; readonly served: boolean }
  | { readonly type: 'worker.gone'; readonly end: WorkerEnd; readonly served: boolean }
  /** What the dispatcher could not place: told once a turn, when it changed. */
  | { readonly type: 'demand.seen'; readonly waiting: number; readonly idle: number }
  // from itself
  | { readonly type: 'failure.forgotten' }
  | { readonly type: 'close.timedOut' };

export type RefusalReason = 'full' | 'closing' | 'closed' | 'broken';

/**
 * How many workers to add: enough for what waits and is not covered by idle or starting ones, within the
 * limits.
 */
function missingWorkers(context: PoolContext, waiting: number, idle: number): number {
  const wanted = Math.max(
    context.minWorkers - context.live,
    waiting - (idle + context.starting) * context.concurrency,
  );
  return Math.max(0, Math.min(wanted, context.maxWorkers - context.live));
}

/** Whether another task would wait beyond the limit of the queue. */
export const isFull = (context: PoolContext): boolean =>
  context.maxQueue !== null &&
  context.unsettled >= context.maxQueue + context.maxWorkers * context.concurrency;

const backoffBaseMs = 100;
const backoffMaxMs = 5_000;

const missing = ({ context, event }: { context: PoolContext; event: PoolEvent }): { count: number } => ({
  count: event.type === 'demand.seen' ? missingWorkers(context, event.waiting, event.idle) : 0,
});
const meetDemand = [
  {
    guard: 'workersAreMissing',
    actions: [
      { type: 'spawnWorkers', params: missing },
      { type: 'countSpawns', params: missing },
    ],
  },
  { actions: [] },
] as const;

const refuse = (why: RefusalReason) =>
  ({
    actions: {
      type: 'refuseTask',
      params: ({ event }: { event: PoolEvent }) => ({
        taskId: 'taskId' in event ? event.taskId : 0,
        why,
      }),
    },
  }) as const;

const leaving = {
  actions: {
    type: 'countLeaving',
    params: ({ event }: { event: PoolEvent }) => ({
      served: event.type === 'worker.leaving' && event.served,
    }),
  },
} as const;

const failedToStart = (event: { readonly end: WorkerEnd; readonly served: boolean }): boolean =>
  !event.served && event.end !== 'stopped' && event.end !== 'killed';

export const poolMachine = setup({
  types: {
    context: {} as PoolContext,
    events: {} as PoolEvent,
    input: {} as PoolInput,
  },
  delays: {
    restartWindow: ({ context }) => context.restartsWithinMs,
    /** 100 ms, doubled with each failure in a row, 5 s at most. */
    backoff: ({ context }) => Math.min(backoffMaxMs, backoffBaseMs * 2 ** (context.failuresInRow - 1)),
    closeTimeout: ({ context }) => context.closeTimeoutMs,
  },
  guards: {
    isFull: ({ context }) => isFull(context),
    makesRoom: ({ context }) => isFull(context) && !isFull({ ...context, unsettled: context.unsettled - 1 }),
    hasNoWorker: ({ context }) => context.live === 0,
    workersAreMissing: ({ context, event }) =>
      event.type === 'demand.seen' && missingWorkers(context, event.waiting, event.idle) > 0,
    hasSpareWorkers: ({ context }) => context.live - context.starting > context.minWorkers,
    failedToStart: ({ event }) => event.type === 'worker.gone' && failedToStart(event),
    failedTooOften: ({ context, event }) =>
      event.type === 'worker.gone' &&
      failedToStart(event) &&
      // As long as one serves, tasks get done: the pool keeps trying to start the others.
      context.live === context.starting &&
      (context.failures >= context.restartsMax || context.failuresInRow >= context.restartsMax),
    shrinks: ({ context, event }) => event.type === 'resize.asked' && event.maxWorkers < context.live,
    drains: ({ event }) => event.type === 'close.asked' && event.drain,
    isEmpty: ({ context }) => context.unsettled === 0,
    allGone: ({ context }) => context.present === 0,
    allOver: ({ context }) => context.present === 0 && context.unsettled === 0,
  },
  actions: {
    admit: assign({ unsettled: ({ context }) => context.unsettled + 1 }),
    countSettled: assign({ unsettled: ({ context }) => context.unsettled - 1 }),
    countSpawns: assign({
      live: ({ context }, params: { count: number }) => context.live + params.count,
      starting: ({ context }, params: { count: number }) => context.starting + params.count,
      present: ({ context }, params: { count: number }) => context.present + params.count,
    }),
    countReady: assign({ starting: ({ context }) => context.starting - 1, failuresInRow: 0 }),
    countLeaving: assign({
      live: ({ context }) => context.live - 1,
      starting: ({ context }, params: { served: boolean }) => context.starting - (params.served ? 0 : 1),
    }),
    countGone: assign({ present: ({ context }) => context.present - 1 }),
    countFailure: assign({
      failures: ({ context }) => context.failures + 1,
      failuresInRow: ({ context }) => context.failuresInRow + 1,
    }),
    forgetFailure: assign({ failures: ({ context }) => context.failures - 1 }),
    noteSize: assign({
      minWorkers: (_, params: { minWorkers: number; maxWorkers: number }) => params.minWorkers,
      maxWorkers: (_, params: { minWorkers: number; maxWorkers: number }) => params.maxWorkers,
    }),
    noteClosing: assign({ minWorkers: 0 }),
    noteCloseTimeout: assign({ closeTimeoutMs: (_, params: { timeoutMs: number }) => params.timeoutMs }),
    tell: command<Tell>(),
    createTask: command<{ taskId: TaskId }>(),
    refuseTask: command<{ taskId: TaskId; why: RefusalReason }>(),
    announceRoom: command(),
    spawnWorkers: command<{ count: number }>(),
    retireWorkers: command<{ count: number }>(),
    askIdleWorkers: command(),
    stopWorkers: command(),
    destroyWorkers: command(),
    abandonQueue: command(),
    abandonTasks: command<{ why: AbandonReason }>(),
    announceState: command<{ state: 'running' | 'draining' | 'closed' | 'broken' }>(),
    lookAgain: command(),
    /** Nothing it still waits for would mean anything. */
    forgetTimers: command(),
    unexpected: command<{ event: string }>(),
  },
}).createMachine({
  id: 'pool',
  context: ({ input }) => ({
    ...input,
    unsettled: 0,
    live: 0,
    starting: 0,
    present: 0,
    failures: 0,
    failuresInRow: 0,
    closeTimeoutMs: 0,
  }),
  initial: 'open',
  on: {
    '*': { actions: { type: 'unexpected', params: ({ event }) => ({ event: event.type }) } },
    'failure.forgotten': { actions: 'forgetFailure' },
    'close.limited': {
      actions: [
        cancel('closeTimeout'),
        { type: 'noteCloseTimeout', params: ({ event }) => ({ timeoutMs: event.timeoutMs }) },
        raise({ type: 'close.timedOut' }, { delay: 'closeTimeout', id: 'closeTimeout' }),
      ],
    },
  },
  states: {
    open: {
      initial: 'running',
      on: {
        'nested.submitted': {
          actions: ['admit', { type: 'createTask', params: ({ event }) => ({ taskId: event.taskId }) }],
        },
        'task.settled': [
          { guard: 'makesRoom', actions: ['countSettled', 'announceRoom'] },
          { actions: 'countSettled' },
        ],
        'worker.ready': { actions: 'countReady' },
        'worker.leaving': leaving,
        'terminate.asked': 'terminating',
      },
      states: {
        running: {
          initial: 'serving',
          meta: { ignores: { 'close.timedOut': 'nobody asked to close' } },
          on: {
            'task.submitted': [
              { guard: 'isFull', ...refuse('full') },
              {
                actions: ['admit', { type: 'createTask', params: ({ event }) => ({ taskId: event.taskId }) }],
              },
            ],
            'worker.idled': [
              {
                guard: 'hasSpareWorkers',
                actions: {
                  type: 'tell',
                  params: ({ event }) => ({
                    to: 'worker',
                    id: event.workerId,
                    event: { type: 'retire.asked' },
                  }),
                },
              },
              { actions: [] },
            ],
            'resize.asked': [
              {
                guard: 'shrinks',
                actions: [
                  {
                    type: 'retireWorkers',
                    params: ({ context, event }) => ({ count: context.live - event.maxWorkers }),
                  },
                  { type: 'noteSize', params: ({ event }) => event },
                  // Those that leave still count: after a smaller size and a larger one too many may go.
                  'lookAgain',
                  'askIdleWorkers',
                ],
              },
              {
                actions: [
                  { type: 'noteSize', params: ({ event }) => event },
                  'announceRoom',
                  'lookAgain',
                  'askIdleWorkers',
                ],
              },
            ],
            'close.asked': [
              { guard: 'drains', target: 'draining', actions: 'noteClosing' },
              { target: 'draining', actions: ['noteClosing', 'abandonQueue'] },
            ],
          },
          states: {
            serving: {
              on: {
                'work.expected': [
                  {
                    guard: 'hasNoWorker',
                    actions: [
                      { type: 'spawnWorkers', params: { count: 1 } },
                      { type: 'countSpawns', params: { count: 1 } },
                    ],
                  },
                  { actions: [] },
                ],
                'demand.seen': meetDemand,
                'worker.gone': [
                  { guard: 'failedTooOften', target: '#pool.broken', actions: ['countGone', 'countFailure'] },
                  {
                    guard: 'failedToStart',
                    target: 'backingOff',
                    actions: [
                      'countGone',
                      'countFailure',
                      raise({ type: 'failure.forgotten' }, { delay: 'restartWindow' }),
                    ],
                  },
                  { actions: 'countGone' },
                ],
              },
            },
            backingOff: {
              after: { backoff: { target: 'serving', actions: 'lookAgain' } },
              meta: {
                ignores: {
                  'work.expected': 'it waits before it starts another worker',
                  'demand.seen': 'it looks again after the backoff',
                },
              },
              on: {
                'demand.seen': { actions: [] },
                // The pause goes on: what waits is looked at after it, and nothing else would look.
                'close.asked': [
                  { guard: 'drains', target: '#pool.open.draining.backingOff', actions: 'noteClosing' },
                  { target: '#pool.open.draining.backingOff', actions: ['noteClosing', 'abandonQueue'] },
                ],
                'worker.gone': [
                  { guard: 'failedTooOften', target: '#pool.broken', actions: ['countGone', 'countFailure'] },
                  {
                    guard: 'failedToStart',
                    target: 'backingOff',
                    reenter: true,
                    actions: [
                      'countGone',
                      'countFailure',
                      raise({ type: 'failure.forgotten' }, { delay: 'restartWindow' }),
                    ],
                  },
                  { actions: 'countGone' },
                ],
              },
            },
          },
        },
        // No new tasks; those it has run to their end.
        draining: {
          initial: 'serving',
          entry: { type: 'announceState', params: { state: 'draining' } },
          always: { guard: 'isEmpty', target: '#pool.stopping' },
          meta: {
            ignores: {
              'worker.idled': 'all workers stop soon',
              'resize.asked': 'the pool is closing',
              'work.expected': 'it takes no more tasks',
            },
          },
          on: {
            'task.submitted': refuse('closing'),
            'close.timedOut': '#pool.terminating',
            'close.asked': [{ guard: 'drains', actions: [] }, { actions: 'abandonQueue' }],
          },
          states: {
            serving: {
              on: {
                'demand.seen': meetDemand,
                'worker.gone': [
                  // Whoever asked to close will not ask again.
                  {
                    guard: 'failedTooOften',
                    target: '#pool.broken',
                    actions: ['countGone', 'countFailure', raise({ type: 'close.asked', drain: false })],
                  },
                  {
                    guard: 'failedToStart',
                    target: 'backingOff',
                    actions: [
                      'countGone',
                      'countFailure',
                      raise({ type: 'failure.forgotten' }, { delay: 'restartWindow' }),
                    ],
                  },
                  { actions: 'countGone' },
                ],
              },
            },
            backingOff: {
              after: { backoff: { target: 'serving', actions: 'lookAgain' } },
              meta: { ignores: { 'demand.seen': 'it looks again after the backoff' } },
              on: {
                'demand.seen': { actions: [] },
                'worker.gone': [
                  // Whoever asked to close will not ask again.
                  {
                    guard: 'failedTooOften',
                    target: '#pool.broken',
                    actions: ['countGone', 'countFailure', raise({ type: 'close.asked', drain: false })],
                  },
                  {
                    guard: 'failedToStart',
                    target: 'backingOff',
                    reenter: true,
                    actions: [
                      'countGone',
                      'countFailure',
                      raise({ type: 'failure.forgotten' }, { delay: 'restartWindow' }),
                    ],
                  },
                  { actions: 'countGone' },
                ],
              },
            },
          },
        },
      },
    },
    // Nothing is left to run: the workers leave as they are asked to.
    stopping: {
      entry: 'stopWorkers',
      always: { guard: 'allGone', target: 'closed' },
      meta: {
        ignores: {
          'task.settled': 'there is no unsettled task',
          'worker.idled': 'it stops anyway',
          'work.expected': 'it takes no more tasks',
          'demand.seen': 'nothing waits',
          'resize.asked': 'the pool is closing',
          'close.asked': 'it is closing',
        },
      },
      on: {
        'task.submitted': refuse('closing'),
        'nested.submitted': refuse('closing'),
        'worker.ready': { actions: 'countReady' },
        'worker.leaving': leaving,
        'worker.gone': { actions: 'countGone' },
        'terminate.asked': 'terminating',
        'close.timedOut': 'terminating',
      },
    },
    terminating: {
      entry: [{ type: 'abandonTasks', params: { why: 'closed' } }, 'destroyWorkers'],
      always: { guard: 'allOver', target: 'closed' },
      meta: {
        ignores: {
          'worker.idled': 'it is being killed',
          'work.expected': 'it takes no more tasks',
          'demand.seen': 'nothing is to run any more',
          'resize.asked': 'the pool is closing',
          'close.asked': 'it is closing',
          'close.timedOut': 'there is no faster way',
          'terminate.asked': 'it terminates',
        },
      },
      on: {
        'task.submitted': refuse('closing'),
        'nested.submitted': refuse('closing'),
        'task.settled': { actions: 'countSettled' },
        'worker.ready': { actions: 'countReady' },
        'worker.leaving': leaving,
        'worker.gone': { actions: 'countGone' },
      },
    },
    // Workers cannot start, so nothing that waits would ever run. Whoever holds the pool closes it.
    broken: {
      entry: [
        { type: 'announceState', params: { state: 'broken' } },
        { type: 'abandonTasks', params: { why: 'broken' } },
        'destroyWorkers',
      ],
      meta: {
        ignores: {
          'worker.idled': 'it is being killed',
          'work.expected': 'it takes no more tasks',
          'demand.seen': 'no worker can start',
          'resize.asked': 'no worker can start',
          'close.timedOut': 'closing a broken pool kills at once',
        },
      },
      on: {
        'task.submitted': refuse('broken'),
        'nested.submitted': refuse('broken'),
        'task.settled': { actions: 'countSettled' },
        'worker.ready': { actions: 'countReady' },
        'worker.leaving': leaving,
        'worker.gone': { actions: 'countGone' },
        'close.asked': 'terminating',
        'terminate.asked': 'terminating',
      },
    },
    closed: {
      entry: ['forgetTimers', { type: 'announceState', params: { state: 'closed' } }],
      meta: {
        ignores: {
          'task.settled': 'there is no task',
          'worker.ready': 'there is no worker',
          'worker.idled': 'there is no worker',
          'work.expected': 'it takes no more tasks',
          'worker.leaving': 'there is no worker',
          'worker.gone': 'there is no worker',
          'demand.seen': 'nothing waits',
          'resize.asked': 'the pool is closed',
          'close.asked': 'closed already',
          'close.timedOut': 'closed in time',
          'close.limited': 'closed already',
          'terminate.asked': 'closed already',
        },
      },
      on: {
        'task.submitted': refuse('closed'),
        'nested.submitted': refuse('closed'),
        'close.limited': { actions: [] },
      },
    },
  },
});
