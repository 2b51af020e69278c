/**
 * The child's own view: it boots, is initialized, runs what it is handed in order, and flushes before it
 * exits. A start is announced, and the announcement has left the process, before the function runs: so after
 * a crash the parent knows exactly which tasks had begun.
 */
import { assign, setup } from 'xstate';
import { command } from '../commands.ts';
import { noTasks, type TaskId, withoutTask } from '../ids.ts';

export interface ChildContext {
  readonly concurrency: number;
  /** Handed over, not announced, in order. */
  readonly waiting: readonly TaskId[];
  /** Announced as started; the announcement may still be on its way out. */
  readonly started: readonly TaskId[];
  /** Those of them that wait for other tasks: they do not count against the concurrency. */
  readonly parked: readonly TaskId[];
}

export type ChildEvent =
  | { readonly type: 'boot.finished' }
  | { readonly type: 'init.received'; readonly concurrency: number }
  | { readonly type: 'initialize.finished' }
  | { readonly type: 'initialize.failed' }
  | { readonly type: 'run.received'; readonly taskId: TaskId }
  | { readonly type: 'cancel.received'; readonly taskId: TaskId }
  | { readonly type: 'recall.received'; readonly taskId: TaskId }
  /** The channel has been read since the last task ended. */
  | { readonly type: 'look.finished' }
  /** The announcement of the start has left the process. */
  | { readonly type: 'start.flushed'; readonly taskId: TaskId }
  | { readonly type: 'task.ended'; readonly taskId: TaskId }
  /** It waits for tasks that it submitted, and has nothing else to do. */
  | { readonly type: 'task.waits'; readonly taskId: TaskId }
  /** What it waited for has come. It goes on at once, however many others run. */
  | { readonly type: 'task.resumed'; readonly taskId: TaskId }
  | { readonly type: 'stop.received' }
  /** The parent is gone. */
  | { readonly type: 'channel.closed' };

const taskOf = (event: ChildEvent): TaskId => ('taskId' in event ? event.taskId : 0);
const forTask = ({ event }: { event: ChildEvent }): { taskId: TaskId } => ({ taskId: taskOf(event) });
const next = ({ context }: { context: ChildContext }): { taskId: TaskId } => ({
  taskId: context.waiting[0] ?? 0,
});

const startReceived = [
  { type: 'announceStart', params: forTask },
  { type: 'noteStart', params: forTask },
] as const;
// The announcement reads the head of the queue before `noteStart` takes it off.
const startNext = [
  { type: 'announceStart', params: next },
  { type: 'noteStart', params: next },
] as const;
const end = [
  { type: 'writeOutcome', params: forTask },
  { type: 'noteEnd', params: forTask },
] as const;
const drop = [
  { type: 'writeDropped', params: forTask },
  { type: 'noteEnd', params: forTask },
] as const;

const park = [
  { type: 'writeWaits', params: forTask },
  { type: 'notePark', params: forTask },
] as const;

/** How many tasks compute: those that wait for others do not. */
const active = ({ started, parked }: ChildContext): number => started.length - parked.length;

export const childMachine = setup({
  types: {
    context: {} as ChildContext,
    events: {} as ChildEvent,
  },
  guards: {
    hasRoom: ({ context }) => active(context) < context.concurrency && context.waiting.length === 0,
    isLast: ({ context, event }) =>
      context.waiting.length === 0 && context.started.length === 1 && context.started[0] === taskOf(event),
    isLastWaiting: ({ context, event }) =>
      context.started.length === 0 && context.waiting.length === 1 && context.waiting[0] === taskOf(event),
    mayStartNext: ({ context }) => context.waiting.length > 0 && active(context) < context.concurrency,
    moreWait: ({ context }) => context.waiting.length > 0,
    isStarted: ({ context, event }) => context.started.includes(taskOf(event)),
    isWaiting: ({ context, event }) => context.waiting.includes(taskOf(event)),
    mayPark: ({ context, event }) =>
      context.started.includes(taskOf(event)) && !context.parked.includes(taskOf(event)),
    mayParkForNext: ({ context, event }) =>
      context.waiting.length > 0 &&
      context.started.includes(taskOf(event)) &&
      !context.parked.includes(taskOf(event)),
    isParked: ({ context, event }) => context.parked.includes(taskOf(event)),
  },
  actions: {
    noteConcurrency: assign({ concurrency: (_, params: { concurrency: number }) => params.concurrency }),
    wait: assign({
      waiting: ({ context }, params: { taskId: TaskId }) => [...context.waiting, params.taskId],
    }),
    noteStart: assign({
      waiting: ({ context }, params: { taskId: TaskId }) => withoutTask(context.waiting, params.taskId),
      started: ({ context }, params: { taskId: TaskId }) =>
        context.started.length === 0 ? [params.taskId] : [...context.started, params.taskId],
    }),
    noteEnd: assign({
      waiting: ({ context }, params: { taskId: TaskId }) => withoutTask(context.waiting, params.taskId),
      started: ({ context }, params: { taskId: TaskId }) => withoutTask(context.started, params.taskId),
      parked: ({ context }, params: { taskId: TaskId }) => withoutTask(context.parked, params.taskId),
    }),
    notePark: assign({
      parked: ({ context }, params: { taskId: TaskId }) => [...context.parked, params.taskId],
    }),
    noteResume: assign({
      parked: ({ context }, params: { taskId: TaskId }) => withoutTask(context.parked, params.taskId),
    }),
    writeHello: command(),
    runInitialize: command(),
    writeReady: command(),
    writeInitializeFailed: command(),
    announceStart: command<{ taskId: TaskId }>(),
    look: command(),
    runTask: command<{ taskId: TaskId }>(),
    abortTask: command<{ taskId: TaskId }>(),
    writeWaits: command<{ taskId: TaskId }>(),
    writeResumed: command<{ taskId: TaskId }>(),
    writeOutcome: command<{ taskId: TaskId }>(),
    writeDropped: command<{ taskId: TaskId }>(),
    flushAndExit: command(),
    exitNow: command(),
    unexpected: command<{ event: string }>(),
  },
}).createMachine({
  id: 'child',
  context: { concurrency: 1, waiting: noTasks, started: noTasks, parked: noTasks },
  initial: 'booting',
  on: {
    '*': { actions: { type: 'unexpected', params: ({ event }) => ({ event: event.type }) } },
    'channel.closed': '.orphaned',
    'stop.received': '.exiting',
  },
  states: {
    booting: {
      meta: {
        ignores: {
          'init.received': 'the parent waits for the hello',
          'initialize.finished': 'not asked to yet',
          'initialize.failed': 'not asked to yet',
          'run.received': 'the parent waits for ready',
          'cancel.received': 'it has no task',
          'recall.received': 'it has no task',
          'look.finished': 'it has no task',
          'start.flushed': 'it has no task',
          'task.ended': 'it has no task',
          'task.waits': 'it has no task',
          'task.resumed': 'it has no task',
        },
      },
      on: { 'boot.finished': { target: 'greeting', actions: 'writeHello' } },
    },
    greeting: {
      meta: {
        ignores: {
          'boot.finished': 'it boots once',
          'initialize.finished': 'not asked to yet',
          'initialize.failed': 'not asked to yet',
          'run.received': 'the parent waits for ready',
          'cancel.received': 'it has no task',
          'recall.received': 'it has no task',
          'look.finished': 'it has no task',
          'start.flushed': 'it has no task',
          'task.ended': 'it has no task',
          'task.waits': 'it has no task',
          'task.resumed': 'it has no task',
        },
      },
      on: {
        'init.received': {
          target: 'initializing',
          actions: { type: 'noteConcurrency', params: ({ event }) => ({ concurrency: event.concurrency }) },
        },
      },
    },
    initializing: {
      entry: 'runInitialize',
      meta: {
        ignores: {
          'boot.finished': 'it boots once',
          'init.received': 'it is initialized once',
          'run.received': 'the parent waits for ready',
          'cancel.received': 'it has no task',
          'recall.received': 'it has no task',
          'look.finished': 'it has no task',
          'start.flushed': 'it has no task',
          'task.ended': 'it has no task',
          'task.waits': 'it has no task',
          'task.resumed': 'it has no task',
        },
      },
      on: {
        'initialize.finished': { target: 'idle', actions: 'writeReady' },
        'initialize.failed': { target: 'failed', actions: 'writeInitializeFailed' },
      },
    },
    failed: {
      meta: {
        ignores: {
          'boot.finished': 'it boots once',
          'init.received': 'it is initialized once',
          'initialize.finished': 'it failed',
          'initialize.failed': 'it failed',
          'run.received': 'the parent gives it nothing',
          'cancel.received': 'it has no task',
          'recall.received': 'it has no task',
          'look.finished': 'it has no task',
          'start.flushed': 'it has no task',
          'task.ended': 'it has no task',
          'task.waits': 'it has no task',
          'task.resumed': 'it has no task',
        },
      },
    },
    idle: {
      meta: {
        ignores: {
          'boot.finished': 'it boots once',
          'init.received': 'it is initialized once',
          'initialize.finished': 'it is initialized',
          'initialize.failed': 'it is initialized',
          'cancel.received': 'the task ended while the request was on its way',
          'recall.received': 'the task ended while the request was on its way',
          'look.finished': 'what waited was taken back',
          'start.flushed': 'it has no task',
          'task.ended': 'it has no task',
          'task.waits': 'it has no task',
          'task.resumed': 'it has no task',
        },
      },
      on: { 'run.received': { target: 'running', actions: startReceived } },
    },
    running: {
      meta: {
        ignores: {
          'boot.finished': 'it boots once',
          'init.received': 'it is initialized once',
          'initialize.finished': 'it is initialized',
          'initialize.failed': 'it is initialized',
        },
      },
      on: {
        'run.received': [
          { guard: 'hasRoom', actions: startReceived },
          { actions: { type: 'wait', params: forTask } },
        ],
        'start.flushed': { actions: { type: 'runTask', params: forTask } },
        'cancel.received': [
          { guard: 'isStarted', actions: { type: 'abortTask', params: forTask } },
          { guard: 'isLastWaiting', target: 'idle', actions: drop },
          { guard: 'isWaiting', actions: drop },
          { actions: [] },
        ],
        'recall.received': [
          { guard: 'isLastWaiting', target: 'idle', actions: drop },
          { guard: 'isWaiting', actions: drop },
          { actions: [] },
        ],
        'look.finished': [{ guard: 'mayStartNext', actions: startNext }, { actions: [] }],
        'task.ended': [
          { guard: 'isLast', target: 'idle', actions: end },
          // Before the next one starts the parent is heard: it may want that one back.
          { guard: 'moreWait', actions: [...end, 'look'] },
          { actions: end },
        ],
        'task.waits': [
          { guard: 'mayParkForNext', actions: [...park, 'look'] },
          { guard: 'mayPark', actions: park },
          // It ended while its announcement was on its way.
          { actions: [] },
        ],
        'task.resumed': [
          {
            guard: 'isParked',
            actions: [
              { type: 'writeResumed', params: forTask },
              { type: 'noteResume', params: forTask },
            ],
          },
          { actions: [] },
        ],
      },
    },
    // Asked to leave when nothing it runs is wanted any more: what it wrote still goes out.
    exiting: {
      entry: 'flushAndExit',
      meta: {
        ignores: {
          'boot.finished': 'it leaves',
          'init.received': 'it leaves',
          'initialize.finished': 'it leaves',
          'initialize.failed': 'it leaves',
          'run.received': 'it leaves',
          'cancel.received': 'it leaves',
          'recall.received': 'it leaves',
          'look.finished': 'it leaves',
          'start.flushed': 'it leaves',
          'task.ended': 'it leaves',
          'task.waits': 'it leaves',
          'task.resumed': 'it leaves',
          'stop.received': 'it leaves',
        },
      },
      on: { 'stop.received': { actions: [] } },
    },
    orphaned: {
      entry: 'exitNow',
      meta: {
        ignores: {
          'boot.finished': 'it leaves',
          'init.received': 'it leaves',
          'initialize.finished': 'it leaves',
          'initialize.failed': 'it leaves',
          'run.received': 'it leaves',
          'cancel.received': 'it leaves',
          'recall.received': 'it leaves',
          'look.finished': 'it leaves',
          'start.flushed': 'it leaves',
          'task.ended': 'it leaves',
          'task.waits': 'it leaves',
          'task.resumed': 'it leaves',
          'stop.received': 'it leaves',
          'channel.closed': 'it leaves',
        },
      },
      on: { 'stop.received': { actions: [] }, 'channel.closed': { actions: [] } },
    },
  },
});
