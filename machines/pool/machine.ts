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
import type { PoolContext, PoolEvent, PoolInput, RefusalReason } from './events.ts';
import { lacking, letGo, meetDemand, missing, releaseLeased, returnLeases, spare } from './reactions.ts';
import { isFull, isTooHeavy, isWarm, keptWorkers, lastingWorkers, servingWorkers } from './size.ts';

export type { PoolContext, PoolEvent, PoolInput, RefusalReason } from './events.ts';

const backoffBaseMs = 100;
const backoffMaxMs = 5_000;

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

const refuseWarm = (why: RefusalReason) => ({ actions: { type: 'refuseWarm', params: { why } } }) as const;

const countLeaving = {
  type: 'countLeaving',
  params: ({ event }: { event: PoolEvent }) => ({
    served: event.type === 'worker.leaving' && event.served,
    workerId: event.type === 'worker.leaving' ? event.workerId : 0,
  }),
} as const;
const letWornGo = {
  type: 'tell',
  params: ({ context: { worn } }: { context: PoolContext }): Tell => ({
    to: 'worker',
    id: worn[0] ?? 0,
    event: { type: 'recycle.asked' },
  }),
} as const;
const leaving = { actions: countLeaving } as const;

const bytesOf = (event: PoolEvent): number => ('bytes' in event ? (event.bytes ?? 0) : 0);

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
    isTooHeavy: ({ context, event }) => isTooHeavy(context, bytesOf(event)),
    // Whoever waits for room for many bytes may have it although there was some before.
    makesRoom: ({ context }) => isFull(context) || typeof context.maxQueueBytes === 'number',
    hasNoWorker: ({ context }) => context.live === 0,
    workersAreMissing: (facts) => missing(facts).count > 0,
    leasesAreMissing: (facts) => lacking(facts).count > 0,
    hasSpareLeases: (facts) => spare(facts).count > 0,
    owesLeases: ({ context }) => context.owed > 0,
    hasSpareWorkers: ({ context }) => servingWorkers(context) > keptWorkers(context),
    hasWorn: ({ context }) => context.worn.length > 0,
    hasWornAndOwes: ({ context }) => context.worn.length > 0 && context.owed > 0,
    nothingWaits: ({ event }) => event.type === 'demand.seen' && event.waiting === 0,
    isWanted: ({ context }) => context.wanted > 0,
    isWarm: ({ context }) => isWarm(context),
    failedToStart: ({ event }) => event.type === 'worker.gone' && failedToStart(event),
    failedTooOften: ({ context, event }) =>
      event.type === 'worker.gone' &&
      failedToStart(event) &&
      // As long as one serves, tasks get done: the pool keeps trying to start the others.
      context.live === context.starting &&
      (context.failures >= context.restartsMax || context.failuresInRow >= context.restartsMax),
    shrinks: ({ context, event }) =>
      event.type === 'resize.asked' && event.maxWorkers < lastingWorkers(context),
    drains: ({ event }) => event.type === 'close.asked' && event.drain,
    isEmpty: ({ context }) => context.unsettled === 0,
    allGone: ({ context }) => context.present === 0,
    allOver: ({ context }) => context.present === 0 && context.unsettled === 0,
  },
  actions: {
    admit: assign({
      unsettled: ({ context }) => context.unsettled + 1,
      heldBytes: ({ context, event }) => context.heldBytes + bytesOf(event),
    }),
    countSettled: assign({
      unsettled: ({ context }) => context.unsettled - 1,
      heldBytes: ({ context, event }) => context.heldBytes - bytesOf(event),
    }),
    countSpawns: assign({
      live: ({ context }, params: { count: number }) => context.live + params.count,
      starting: ({ context }, params: { count: number }) => context.starting + params.count,
      present: ({ context }, params: { count: number }) => context.present + params.count,
    }),
    countReady: assign({ starting: ({ context }) => context.starting - 1, failuresInRow: 0 }),
    countLeaving: assign({
      live: ({ context }) => context.live - 1,
      starting: ({ context }, params: { served: boolean; workerId: WorkerId }) =>
        context.starting - (params.served ? 0 : 1),
      worn: ({ context }, params: { served: boolean; workerId: WorkerId }) =>
        context.worn.filter((workerId) => workerId !== params.workerId),
    }),
    noteWorn: assign({
      worn: ({ context }, params: { workerId: WorkerId }) => [...context.worn, params.workerId],
    }),
    countGone: assign({ present: ({ context }) => context.present - 1 }),
    countFailure: assign({
      failures: ({ context }) => context.failures + 1,
      failuresInRow: ({ context }) => context.failuresInRow + 1,
    }),
    countAsked: assign({ asked: ({ context }, params: { count: number }) => context.asked + params.count }),
    countReturned: assign({
      leases: ({ context }, params: { count: number }) => (context.leases ?? 0) - params.count,
      owed: ({ context }, params: { count: number }) => Math.max(0, context.owed - params.count),
    }),
    countGranted: assign({
      leases: ({ context }, params: { count: number }) => (context.leases ?? 0) + params.count,
      asked: ({ context }, params: { count: number }) => context.asked - params.count,
    }),
    noteOwed: assign({
      owed: ({ context }, params: { count: number }) => Math.min(params.count, context.leases ?? 0),
    }),
    forgetFailure: assign({ failures: ({ context }) => context.failures - 1 }),
    noteSize: assign({
      minWorkers: ({ context }, params: { minWorkers: number; maxWorkers: number }) =>
        context.isReleased ? 0 : params.minWorkers,
      maxWorkers: (_, params: { minWorkers: number; maxWorkers: number }) => params.maxWorkers,
    }),
    noteWanted: assign({
      wanted: ({ context }, params: { count: number }) => Math.max(context.wanted, params.count),
    }),
    forgetWanted: assign({ wanted: 0 }),
    noteRelease: assign({ isReleased: true, minWorkers: 0, idleTimeoutMs: 0 }),
    noteClosing: assign({ minWorkers: 0, wanted: 0 }),
    noteCloseTimeout: assign({ closeTimeoutMs: (_, params: { timeoutMs: number }) => params.timeoutMs }),
    tell: command<Tell>(),
    createTask: command<{ taskId: TaskId }>(),
    refuseTask: command<{ taskId: TaskId; why: RefusalReason }>(),
    announceRoom: command(),
    /** Whoever waits for up to so many workers has them. */
    announceWarm: command<{ upTo: number }>(),
    refuseWarm: command<{ why: RefusalReason }>(),
    spawnWorkers: command<{ count: number }>(),
    /** Those who are named go first. */
    retireWorkers: command<{ count: number; first: readonly WorkerId[] }>(),
    askIdleWorkers: command(),
    releaseWorkers: command(),
    askLeases: command<{ count: number }>(),
    returnLeases: command<{ count: number }>(),
    /** So many workers leave as soon as they are idle. */
    releaseLeased: command<{ count: number }>(),
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
    heldBytes: 0,
    live: 0,
    starting: 0,
    present: 0,
    failures: 0,
    failuresInRow: 0,
    isReleased: false,
    worn: [],
    wanted: 0,
    closeTimeoutMs: 0,
    asked: 0,
    owed: 0,
  }),
  initial: 'open',
  on: {
    '*': { actions: { type: 'unexpected', params: ({ event }) => ({ event: event.type }) } },
    'failure.forgotten': { actions: 'forgetFailure' },
    'serving.changed': [
      {
        guard: 'isWarm',
        actions: [
          { type: 'announceWarm', params: ({ context }) => ({ upTo: context.wanted }) },
          'forgetWanted',
          // Nobody leaves while somebody waits for more: whoever has been idle for long may leave now.
          'askIdleWorkers',
        ],
      },
      {
        guard: 'isWanted',
        actions: { type: 'announceWarm', params: ({ context }) => ({ upTo: servingWorkers(context) }) },
      },
      // It may stand for one that was to leave; and who was to leave, and was needed, may leave now.
      { guard: 'owesLeases', actions: releaseLeased },
      { actions: [] },
    ],
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
        'worker.worn': {
          actions: [{ type: 'noteWorn', params: ({ event }) => event }, 'lookAgain'],
        },
        'worker.ready': [
          // As many serve as before: nobody who waits for more has them.
          { guard: 'hasWornAndOwes', actions: ['countReady', letWornGo, releaseLeased] },
          { guard: 'hasWorn', actions: ['countReady', letWornGo] },
          { actions: ['countReady', raise({ type: 'serving.changed' })] },
        ],
        'worker.leaving': leaving,
        'lease.granted': {
          actions: [{ type: 'countGranted', params: ({ event }) => event }, 'lookAgain'],
        },
        'lease.short': {
          actions: [{ type: 'noteOwed', params: ({ event }) => event }, releaseLeased],
        },
        'terminate.asked': 'terminating',
      },
      states: {
        running: {
          initial: 'serving',
          meta: { ignores: { 'close.timedOut': 'nobody asked to close' } },
          on: {
            'task.submitted': [
              { guard: 'isFull', ...refuse('full') },
              { guard: 'isTooHeavy', ...refuse('heavy') },
              {
                actions: ['admit', { type: 'createTask', params: ({ event }) => ({ taskId: event.taskId }) }],
              },
            ],
            'worker.idled': [{ guard: 'hasSpareWorkers', actions: letGo }, { actions: [] }],
            'resize.asked': [
              {
                guard: 'shrinks',
                actions: [
                  {
                    type: 'retireWorkers',
                    params: ({ context, event }) => ({
                      count: context.live - event.maxWorkers,
                      first: context.worn,
                    }),
                  },
                  { type: 'noteSize', params: ({ event }) => event },
                  // Those that leave still count: after a smaller size and a larger one too many may go.
                  'lookAgain',
                  'askIdleWorkers',
                  raise({ type: 'serving.changed' }),
                ],
              },
              {
                actions: [
                  { type: 'noteSize', params: ({ event }) => event },
                  'announceRoom',
                  'lookAgain',
                  'askIdleWorkers',
                  raise({ type: 'serving.changed' }),
                ],
              },
            ],
            'release.asked': { actions: ['noteRelease', 'releaseWorkers'] },
            'warm.asked': {
              actions: [
                { type: 'noteWanted', params: ({ event }) => event },
                'lookAgain',
                raise({ type: 'serving.changed' }),
              ],
            },
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
                'demand.seen': [returnLeases, ...meetDemand],
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
              'resize.asked': 'the pool is closing',
              'release.asked': 'the pool is closing',
              'work.expected': 'it takes no more tasks',
            },
          },
          on: {
            'task.submitted': refuse('closing'),
            'warm.asked': refuseWarm('closing'),
            // All others stop soon.
            'worker.idled': [{ guard: 'owesLeases', actions: letGo }, { actions: [] }],
            'close.timedOut': '#pool.terminating',
            'close.asked': [{ guard: 'drains', actions: [] }, { actions: 'abandonQueue' }],
          },
          states: {
            serving: {
              on: {
                // The last tasks need no fresh worker.
                'demand.seen': [returnLeases, { guard: 'nothingWaits', actions: [] }, ...meetDemand],
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
          'worker.worn': 'it stops anyway',
          'work.expected': 'it takes no more tasks',
          'demand.seen': 'nothing waits',
          'resize.asked': 'the pool is closing',
          'release.asked': 'the pool is closing',
          'close.asked': 'it is closing',
          'lease.granted': 'it leaves the budget',
          'lease.short': 'it leaves the budget',
        },
      },
      on: {
        'task.submitted': refuse('closing'),
        'warm.asked': refuseWarm('closing'),
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
          'worker.worn': 'it is being killed',
          'work.expected': 'it takes no more tasks',
          'demand.seen': 'nothing is to run any more',
          'resize.asked': 'the pool is closing',
          'release.asked': 'the pool is closing',
          'close.asked': 'it is closing',
          'close.timedOut': 'there is no faster way',
          'terminate.asked': 'it terminates',
          'lease.granted': 'it leaves the budget',
          'lease.short': 'it leaves the budget',
        },
      },
      on: {
        'task.submitted': refuse('closing'),
        'warm.asked': refuseWarm('closing'),
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
          'worker.worn': 'it is being killed',
          'work.expected': 'it takes no more tasks',
          'demand.seen': 'no worker can start',
          'resize.asked': 'no worker can start',
          'release.asked': 'no worker can start',
          'close.timedOut': 'closing a broken pool kills at once',
          'lease.granted': 'it leaves the budget',
          'lease.short': 'it leaves the budget',
        },
      },
      on: {
        'task.submitted': refuse('broken'),
        'warm.asked': refuseWarm('broken'),
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
          'worker.worn': 'there is no worker',
          'work.expected': 'it takes no more tasks',
          'worker.leaving': 'there is no worker',
          'worker.gone': 'there is no worker',
          'demand.seen': 'nothing waits',
          'resize.asked': 'the pool is closed',
          'release.asked': 'the pool is closed',
          'close.asked': 'closed already',
          'close.timedOut': 'closed in time',
          'close.limited': 'closed already',
          'terminate.asked': 'closed already',
          'lease.granted': 'it leaves the budget',
          'lease.short': 'it leaves the budget',
        },
      },
      on: {
        'task.submitted': refuse('closed'),
        'nested.submitted': refuse('closed'),
        'warm.asked': refuseWarm('closed'),
        'close.limited': { actions: [] },
      },
    },
  },
});
