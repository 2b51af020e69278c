/**
 * One child process as the parent sees it. It is `gone` only when its process has exited *and* everything it
 * wrote before has been read: the exit may overtake the last results.
 */
import { assign, setup } from 'xstate';
import { command } from '../commands.ts';
import { noTasks, type TaskId, withoutTask, withTask } from '../ids.ts';
import type { WorkerEnd } from '../reasons.ts';
import type { Tell } from '../topology.ts';
import type { WorkerContext, WorkerEvent, WorkerInput } from './events.ts';
import { hearing } from './hearing.ts';
import {
  askToDrop,
  askToReturn,
  bounce,
  breakProtocol,
  doubt,
  giveUp,
  makeWay,
  noteReplaced,
  noteStart,
  park,
  recover,
  release,
  releaseLast,
  resume,
  stop,
  take,
  taskOf,
  tellIdle,
  tellLeaving,
  wearOut,
} from './reactions.ts';

export type { WorkerContext, WorkerEvent, WorkerInput } from './events.ts';

function isTooLarge(context: WorkerContext, rssBytes: number): boolean {
  const { rssMaxBytes, rssGrowthMaxBytes, rssBaseBytes } = context;
  if (rssMaxBytes !== null && rssBytes > rssMaxBytes) return true;
  return rssGrowthMaxBytes !== null && rssBaseBytes !== null && rssBytes - rssBaseBytes > rssGrowthMaxBytes;
}

export const workerMachine = setup({
  types: {
    context: {} as WorkerContext,
    events: {} as WorkerEvent,
    input: {} as WorkerInput,
  },
  delays: {
    startTimeout: ({ context }) => context.startTimeoutMs,
    idleTimeout: ({ context }) => context.idleTimeoutMs ?? Infinity,
    grace: ({ context }) => context.graceMs,
    askAgain: ({ context }) => (context.unresponsiveAfterMs ?? Infinity) / 4,
    silence: ({ context }) => context.unresponsiveAfterMs ?? Infinity,
    ageLimit: ({ context }) => context.ageMaxMs ?? Infinity,
    /** A process in uninterruptible sleep survives SIGKILL for a while: ask again. */
    killAgain: 1_000,
    /** Something that inherited the pipes may hold them open after the process is dead. */
    drainTimeout: 1_000,
  },
  guards: {
    hasRoom: ({ context }) =>
      context.handed.length + context.running.length - context.parked.length <
      context.concurrency + context.window,
    wasHanded: ({ context, event }) => context.handed.includes(taskOf(event)),
    isRunning: ({ context, event }) => context.running.includes(taskOf(event)),
    mayPark: ({ context, event }) =>
      context.running.includes(taskOf(event)) && !context.parked.includes(taskOf(event)),
    isParked: ({ context, event }) => context.parked.includes(taskOf(event)),
    isLastRunning: ({ context, event }) =>
      context.handed.length === 0 && context.running.length === 1 && context.running[0] === taskOf(event),
    isLastAskedBack: ({ context, event }) =>
      context.running.length === 0 &&
      context.handed.length === 1 &&
      context.askedBack.includes(taskOf(event)),
    // What it has started it cannot give back.
    wasAskedBack: ({ context, event }) =>
      context.handed.includes(taskOf(event)) && context.askedBack.includes(taskOf(event)),
    hasTask: ({ context, event }) =>
      context.running.includes(taskOf(event)) || context.handed.includes(taskOf(event)),
    hasLastTask: ({ context }) =>
      context.tasksLeft === 1 &&
      context.handed.length + context.running.length < context.concurrency + context.window,
    // Its replacement has a tenth of its tasks as time to start.
    wearsOut: ({ context, event }) =>
      context.wear === 'none' &&
      context.tasksMax !== null &&
      context.tasksLeft !== null &&
      context.handed.includes(taskOf(event)) &&
      context.tasksMax - context.tasksLeft - context.handed.length + 1 >=
        Math.max(1, Math.floor(context.tasksMax * 0.9)),
    isUnworn: ({ context }) => context.wear === 'none',
    isTooLarge: ({ context, event }) =>
      context.wear === 'none' && event.type === 'memory.measured' && isTooLarge(context, event.rssBytes),
    isFirstMeasure: ({ context }) => context.rssBaseBytes === null && context.rssGrowthMaxBytes !== null,
    isIdleLong: ({ context }) => context.isIdleLong,
    isSilent: ({ context }) => context.isSilent,
    killsSilent: ({ context }) => context.killsSilent,
    exited: ({ context }) => context.exited,
    closed: ({ context }) => context.closed,
  },
  actions: {
    hand: assign({
      tasksLeft: ({ context }) => (context.tasksLeft === null ? null : context.tasksLeft - 1),
      handed: ({ context }, params: { taskId: TaskId }) => withTask(context.handed, params.taskId),
    }),
    noteStart: assign({
      handed: ({ context }, params: { taskId: TaskId }) => withoutTask(context.handed, params.taskId),
      running: ({ context }, params: { taskId: TaskId }) => withTask(context.running, params.taskId),
    }),
    release: assign({
      handed: ({ context }, params: { taskId: TaskId }) => withoutTask(context.handed, params.taskId),
      running: ({ context }, params: { taskId: TaskId }) => withoutTask(context.running, params.taskId),
      parked: ({ context }, params: { taskId: TaskId }) => withoutTask(context.parked, params.taskId),
      askedBack: ({ context }, params: { taskId: TaskId }) => withoutTask(context.askedBack, params.taskId),
    }),
    notePark: assign({
      parked: ({ context }, params: { taskId: TaskId }) => withTask(context.parked, params.taskId),
    }),
    noteResume: assign({
      parked: ({ context }, params: { taskId: TaskId }) => withoutTask(context.parked, params.taskId),
    }),
    noteAskedBack: assign({
      askedBack: ({ context }, params: { taskId: TaskId }) => [
        ...withoutTask(context.askedBack, params.taskId),
        params.taskId,
      ],
    }),
    noteAllStarted: assign({
      handed: noTasks,
      running: ({ context }) => [...context.running, ...context.handed],
    }),
    releaseAll: assign({ handed: noTasks, running: noTasks, parked: noTasks, askedBack: noTasks }),
    noteIdleLong: assign({ isIdleLong: true }),
    noteRelease: assign({ idleTimeoutMs: 0 }),
    noteWork: assign({ isIdleLong: false }),
    noteSilent: assign({ isSilent: true }),
    noteAnswer: assign({ isSilent: false }),
    noteWear: assign({ wear: (_, params: { wear: 'worn' | 'replaced' }) => params.wear }),
    noteRssBase: assign({
      rssBaseBytes: ({ event }) => (event.type === 'memory.measured' ? event.rssBytes : null),
    }),
    noteExit: assign({ exited: true }),
    noteClose: assign({ closed: true }),
    noteServing: assign({ served: true }),
    blame: assign({
      end: ({ context }, params: { end: WorkerEnd }) => (context.end === 'none' ? params.end : context.end),
    }),
    tell: command<Tell>(),
    spawnChild: command(),
    writeInit: command(),
    writeRun: command<{ taskId: TaskId; attempt: number }>(),
    writeCancel: command<{ taskId: TaskId }>(),
    writeRecall: command<{ taskId: TaskId }>(),
    writePing: command(),
    writeStop: command(),
    signalChild: command<{ signal: 'SIGTERM' | 'SIGKILL' }>(),
    reportUnresponsive: command(),
    reportResponsive: command(),
    reportProtocolError: command<{ event: string; taskId: TaskId }>(),
    offerSlots: command(),
    withdrawSlots: command(),
    freeSlot: command<{ taskId: TaskId }>(),
    /** Somebody else may have the slot while the task waits. */
    parkSlot: command<{ taskId: TaskId }>(),
    retakeSlot: command<{ taskId: TaskId }>(),
    startTasks: command<{ taskIds: readonly TaskId[] }>(),
    readRest: command(),
    loseTasks: command<{ end: WorkerEnd; running: readonly TaskId[]; handed: readonly TaskId[] }>(),
    forgetWorker: command<{ end: WorkerEnd; served: boolean }>(),
    unexpected: command<{ event: string }>(),
  },
}).createMachine({
  id: 'worker',
  context: ({ input }) => ({
    ...input,
    handed: noTasks,
    running: noTasks,
    parked: noTasks,
    askedBack: noTasks,
    isIdleLong: false,
    isSilent: false,
    tasksLeft: input.tasksMax,
    rssBaseBytes: null,
    wear: 'none',
    exited: false,
    closed: false,
    end: 'none',
    served: false,
  }),
  initial: 'alive',
  on: {
    // Whoever has no room for it gives it back.
    'task.assigned': { actions: bounce },
    '*': { actions: { type: 'unexpected', params: ({ event }) => ({ event: event.type }) } },
  },
  states: {
    alive: {
      initial: 'available',
      meta: {
        ignores: {
          'channel.emptied': 'it matters only after the exit, and when it is asked',
          'parent.paused': 'nothing was asked of it',
        },
      },
      on: {
        'child.exited': {
          target: 'leaving.reaping',
          actions: ['noteExit', { type: 'blame', params: { end: 'died' } }],
        },
        'channel.closed': {
          target: 'leaving.hangingUp',
          actions: ['noteClose', { type: 'blame', params: { end: 'died' } }],
        },
        'channel.corrupted': {
          target: 'leaving.killing',
          actions: [...doubt, { type: 'blame', params: { end: 'protocolBroken' } }],
        },
        'child.froze': { target: 'leaving.killing', actions: { type: 'blame', params: { end: 'frozen' } } },
        'destroy.asked': { target: 'leaving.killing', actions: { type: 'blame', params: { end: 'killed' } } },
        // The last task it was asked about may have ended before.
        'child.answered': [{ guard: 'isSilent', actions: recover }, { actions: [] }],
        // What is reported out of turn, or of a task it does not have, nobody can believe.
        'child.spawnFailed': breakProtocol,
        'child.greeted': breakProtocol,
        'child.initialized': breakProtocol,
        'child.initializeFailed': breakProtocol,
        'memory.measured': breakProtocol,
        'task.started': [{ guard: 'wasHanded', actions: noteStart }, breakProtocol],
        'task.returned': [{ guard: 'isRunning', actions: release }, breakProtocol],
        'task.threw': [{ guard: 'isRunning', actions: release }, breakProtocol],
        'task.dropped': [{ guard: 'wasAskedBack', actions: release }, breakProtocol],
        'task.waits': [{ guard: 'mayPark', actions: park }, breakProtocol],
        'task.resumed': [{ guard: 'isParked', actions: resume }, breakProtocol],
        // The task may have ended while the request was on its way.
        'task.recalled': [{ guard: 'wasHanded', actions: askToReturn }, { actions: [] }],
        'task.cancelled': [{ guard: 'hasTask', actions: askToDrop }, { actions: [] }],
        'kill.asked': [
          {
            guard: 'isRunning',
            target: 'leaving.terminating',
            actions: { type: 'blame', params: { end: 'killed' } },
          },
          { actions: [] },
        ],
      },
      states: {
        available: {
          initial: 'booting',
          exit: tellLeaving,
          on: { 'release.asked': { actions: 'noteRelease' } },
          states: {
            booting: {
              initial: 'starting',
              entry: 'spawnChild',
              after: {
                startTimeout: {
                  target: '#worker.leaving.killing',
                  actions: { type: 'blame', params: { end: 'startTimedOut' } },
                },
              },
              meta: {
                ignores: {
                  'retire.asked': 'it is not idle',
                  'idleness.asked': 'it is not idle',
                  'recycle.asked': 'it is new',
                },
              },
              on: {
                'child.answered': breakProtocol,
                'child.spawnFailed': {
                  target: '#worker.gone',
                  actions: { type: 'blame', params: { end: 'spawnFailed' } },
                },
                'stop.asked': giveUp,
                'leave.asked': giveUp,
              },
              states: {
                starting: { on: { 'child.greeted': 'initializing' } },
                initializing: {
                  entry: 'writeInit',
                  on: {
                    'child.initialized': {
                      target: '#worker.alive.available.serving',
                      actions: [
                        'noteServing',
                        { type: 'tell', params: { to: 'pool', id: 0, event: { type: 'worker.ready' } } },
                      ],
                    },
                    'child.initializeFailed': {
                      target: '#worker.leaving',
                      actions: { type: 'blame', params: { end: 'initializeFailed' } },
                    },
                  },
                },
              },
            },
            serving: {
              initial: 'idle',
              entry: 'offerSlots',
              exit: 'withdrawSlots',
              after: { ageLimit: [{ guard: 'isUnworn', actions: wearOut }, { actions: [] }] },
              on: {
                'memory.measured': [
                  { guard: 'isTooLarge', actions: wearOut },
                  { guard: 'isFirstMeasure', actions: 'noteRssBase' },
                  { actions: [] },
                ],
              },
              states: {
                idle: {
                  after: {
                    idleTimeout: { actions: ['noteIdleLong', tellIdle] },
                  },
                  on: {
                    'task.assigned': [
                      {
                        guard: 'hasLastTask',
                        target: '#worker.alive.draining',
                        actions: ['noteWork', noteReplaced, ...take],
                      },
                      { target: 'busy', actions: ['noteWork', ...take] },
                    ],
                    'idleness.asked': [{ guard: 'isIdleLong', actions: tellIdle }, { actions: [] }],
                    'release.asked': { target: 'idle', reenter: true, actions: 'noteRelease' },
                    'retire.asked': stop,
                    'recycle.asked': makeWay,
                    'stop.asked': stop,
                    'leave.asked': stop,
                  },
                },
                busy: {
                  initial: 'calm',
                  states: hearing,
                  meta: {
                    ignores: {
                      'retire.asked': 'it got work in the meantime',
                      'idleness.asked': 'it is not idle',
                    },
                  },
                  on: {
                    'task.assigned': [
                      {
                        guard: 'hasLastTask',
                        target: '#worker.alive.draining',
                        actions: [noteReplaced, ...take],
                      },
                      { guard: 'hasRoom', actions: take },
                    ],
                    'task.started': { guard: 'wearsOut', actions: [...noteStart, ...wearOut] },
                    'task.returned': { guard: 'isLastRunning', target: 'idle', actions: release },
                    'task.threw': { guard: 'isLastRunning', target: 'idle', actions: release },
                    'task.dropped': { guard: 'isLastAskedBack', target: 'idle', actions: release },
                    'recycle.asked': { target: '#worker.alive.draining', actions: noteReplaced },
                    'stop.asked': '#worker.alive.draining',
                    'leave.asked': '#worker.alive.draining.hurried',
                  },
                },
              },
            },
          },
        },
        // No new tasks; what it has may finish. Nothing is blamed yet: if it dies now, it died.
        draining: {
          initial: 'patient',
          meta: {
            ignores: {
              'retire.asked': 'it leaves already',
              'idleness.asked': 'it leaves already',
              'release.asked': 'it leaves already',
              'recycle.asked': 'it leaves already',
              'stop.asked': 'it leaves already',
              'memory.measured': 'it leaves already',
            },
          },
          on: {
            'memory.measured': { actions: [] },
            'task.returned': {
              guard: 'isLastRunning',
              target: '#worker.leaving',
              actions: releaseLast,
            },
            'task.threw': {
              guard: 'isLastRunning',
              target: '#worker.leaving',
              actions: releaseLast,
            },
            'task.dropped': {
              guard: 'isLastAskedBack',
              target: '#worker.leaving',
              actions: releaseLast,
            },
          },
          states: {
            patient: { initial: 'calm', states: hearing, on: { 'leave.asked': 'hurried' } },
            // All it has left was cancelled before it began, and a child that hangs never lets go of it.
            hurried: {
              initial: 'calm',
              states: hearing,
              after: { grace: stop },
              meta: { ignores: { 'leave.asked': 'it leaves already' } },
            },
          },
        },
      },
    },
    // What ended it has been said on the way here. What it still reports of tasks it had counts: they ended
    // before the worker did.
    leaving: {
      initial: 'stopping',
      meta: {
        ignores: {
          'child.greeted': 'it leaves whatever it says',
          'child.initialized': 'it leaves whatever it says',
          'child.initializeFailed': 'it leaves whatever it says',
          'child.answered': 'it leaves whatever it says',
          'parent.paused': 'nothing was asked of it',
          'child.froze': 'the ladder ends with SIGKILL, which a stopped process obeys',
          'channel.emptied': 'it matters only after the exit',
          'task.cancelled': 'the task ends with the worker',
          'task.recalled': 'the task comes back when the worker is gone',
          'task.waits': 'it has no slots to give any more',
          'task.resumed': 'it has no slots to give any more',
          'retire.asked': 'it leaves already',
          'idleness.asked': 'it leaves already',
          'release.asked': 'it leaves already',
          'recycle.asked': 'it leaves already',
          'stop.asked': 'it leaves already',
          'leave.asked': 'it leaves already',
          'memory.measured': 'it leaves already',
        },
      },
      on: {
        'child.exited': [
          { guard: 'closed', target: 'gone', actions: 'noteExit' },
          { target: '.reaping', actions: 'noteExit' },
        ],
        'channel.closed': [
          { guard: 'exited', target: 'gone', actions: 'noteClose' },
          { actions: 'noteClose' },
        ],
        'channel.corrupted': { target: '.killing', actions: doubt },
        'child.spawnFailed': 'gone',
        'task.started': [{ guard: 'wasHanded', actions: noteStart }, { actions: [] }],
        'task.returned': [{ guard: 'isRunning', actions: release }, { actions: [] }],
        'task.threw': [{ guard: 'isRunning', actions: release }, { actions: [] }],
        'task.dropped': [{ guard: 'wasAskedBack', actions: release }, { actions: [] }],
        'kill.asked': '.killing',
        'destroy.asked': '.killing',
      },
      states: {
        // The channel closed first. Most often the exit is a moment away and its code tells why.
        hangingUp: { after: { grace: 'killing' } },
        stopping: { entry: 'writeStop', after: { grace: 'terminating' } },
        terminating: {
          entry: { type: 'signalChild', params: { signal: 'SIGTERM' } },
          after: { grace: 'killing' },
          meta: { ignores: { 'kill.asked': 'the ladder is on its way' } },
          on: { 'kill.asked': { actions: [] } },
        },
        killing: {
          entry: { type: 'signalChild', params: { signal: 'SIGKILL' } },
          after: { killAgain: { target: 'killing', reenter: true } },
          meta: {
            ignores: { 'kill.asked': 'SIGKILL has been sent', 'destroy.asked': 'SIGKILL has been sent' },
          },
          on: { 'kill.asked': { actions: [] }, 'destroy.asked': { actions: [] } },
        },
        // Dead; what it wrote is still being read. Something else may hold its pipes open, so not for ever.
        reaping: {
          initial: 'reading',
          meta: {
            ignores: {
              'child.exited': 'it exits once',
              'child.spawnFailed': 'it was spawned',
              'kill.asked': 'it is dead',
              'destroy.asked': 'it is dead',
            },
          },
          on: {
            'child.exited': { actions: [] },
            'channel.corrupted': { actions: doubt },
            'child.spawnFailed': { actions: [] },
            'kill.asked': { actions: [] },
            'destroy.asked': { actions: [] },
          },
          states: {
            reading: { after: { drainTimeout: 'emptying' } },
            // A parent that was busy for long has not read what is there: time alone proves nothing.
            emptying: { entry: 'readRest', on: { 'channel.emptied': '#worker.gone' } },
          },
        },
      },
    },
    gone: {
      entry: [
        {
          type: 'loseTasks',
          params: ({ context }) => ({
            end: context.end,
            running: context.running,
            handed: context.handed,
          }),
        },
        'releaseAll',
        {
          type: 'tell',
          params: ({ context }) => ({
            to: 'pool',
            id: 0,
            event: { type: 'worker.gone', end: context.end, served: context.served },
          }),
        },
        { type: 'forgetWorker', params: ({ context }) => ({ end: context.end, served: context.served }) },
      ],
      meta: {
        ignores: {
          'child.spawnFailed': 'over',
          'child.exited': 'over',
          'channel.closed': 'over',
          'channel.corrupted': 'over',
          'channel.emptied': 'over',
          'child.froze': 'over',
          'child.answered': 'over',
          'parent.paused': 'over',
          'child.greeted': 'over',
          'child.initialized': 'over',
          'child.initializeFailed': 'over',
          'task.started': 'over',
          'task.returned': 'over',
          'task.threw': 'over',
          'task.dropped': 'over',
          'task.cancelled': 'over',
          'task.recalled': 'over',
          'task.waits': 'over',
          'task.resumed': 'over',
          'retire.asked': 'over',
          'idleness.asked': 'over',
          'release.asked': 'over',
          'recycle.asked': 'over',
          'memory.measured': 'over',
          'stop.asked': 'over',
          'leave.asked': 'over',
          'kill.asked': 'over',
          'destroy.asked': 'over',
        },
      },
    },
  },
});
