/**
 * The scopes that are explored: a broad one with everything that happens most, and a small one for each other
 * call and fault. With each stands how many moments it has, so that a change of the model shows.
 */
import { closes, type NamedScope, one, two } from './named-scope.ts';
import { nestingScopes } from './nesting-scopes.ts';
import { noCalls, noFaults } from './scope.ts';

/** Explored by `troupe verify`, in this order. */
export const scopes: Readonly<Record<string, NamedScope>> = {
  small: { about: '1 worker, 2 tasks, 1 crash, 1 close', scope: {}, states: 878 },
  calls: {
    about: '1 worker, 2 tasks, every way to close, callbacks, announced work',
    scope: {
      ...one,
      calls: { ...noCalls, closeNow: 1, closeLimited: 1, terminate: 1, callback: 1, expect: 1 },
      faults: noFaults,
    },
    states: 9_413,
  },
  'closes twice': {
    about: '2 workers, 2 tasks, a crash, close after close',
    scope: { ...two, calls: { ...closes, closeNow: 1, terminate: 1 } },
    states: 178_113,
  },
  full: {
    about: '1 worker, 3 tasks, a queue of one, 1 crash, 1 resize',
    scope: { ...one, tasks: 3, maxQueue: 1, calls: { ...closes, resize: 1 }, sizes: [[0, 2]] },
    states: 12_435,
  },
  room: {
    about: '1 worker, 2 tasks, no queue, somebody who waits for room, 1 crash, 1 resize',
    scope: { ...one, maxQueue: 0, calls: { ...closes, resize: 1, room: 2 }, sizes: [[0, 2]] },
    states: 10_908,
  },
  heavy: {
    about: '2 workers, 3 tasks that weigh 1 of 2, somebody who waits for room, callbacks, 1 crash, 1 cancel',
    scope: {
      ...two,
      tasks: 3,
      maxQueueBytes: 2,
      window: 0,
      calls: { ...closes, room: 1, callback: 1, cancel: 1 },
    },
    states: 137_502,
  },
  grow: {
    about: '1 to 2 workers, 3 tasks, 1 crash, resizes up and down',
    scope: {
      ...one,
      tasks: 3,
      calls: { ...closes, resize: 2 },
      sizes: [
        [0, 1],
        [1, 2],
      ],
    },
    states: 62_161,
  },
  warm: {
    about: '2 workers kept warm, 2 tasks, idle exits, 1 crash, 1 resize to none',
    scope: { ...two, minWorkers: 1, timers: ['idle'], calls: { ...closes, resize: 1 }, sizes: [[0, 2]] },
    states: 19_012,
  },
  'warm on demand': {
    about: '2 workers, 1 task, somebody who waits for warm workers, idle exits, a failed start, a resize',
    scope: {
      workers: 2,
      tasks: 1,
      timers: ['idle'],
      sizes: [[0, 1]],
      faults: { ...noFaults, spawnFails: 1, crash: 1 },
      calls: { ...closes, warm: 2, resize: 1 },
    },
    states: 256_269,
  },
  worn: {
    about: '1 worker, 2 tasks, 2 workers worn at any moment, 1 failed start, 1 resize',
    scope: {
      ...one,
      restarts: 2,
      faults: { ...noFaults, wear: 2, spawnFails: 1 },
      calls: { ...closes, resize: 1 },
      sizes: [[0, 2]],
    },
    states: 122_916,
  },
  'worn and warm': {
    about:
      '2 workers, one kept, 2 tasks, one is worn, idle exits, somebody who waits for warm ones, 1 resize',
    scope: {
      ...two,
      minWorkers: 1,
      timers: ['idle'],
      faults: { ...noFaults, wear: 1 },
      calls: { ...closes, warm: 1, resize: 1 },
      sizes: [[0, 1]],
    },
    states: 155_956,
  },
  'last tasks': {
    about: '1 worker that runs 2 tasks, 3 tasks, 1 crash',
    scope: { ...one, tasks: 3, tasksMax: 2, calls: closes },
    states: 75_162,
  },
  released: {
    about:
      '2 workers, one kept, 2 tasks, the pool is released, 1 crash, 1 resize, somebody waits for warm ones',
    scope: {
      ...two,
      minWorkers: 1,
      calls: { ...closes, release: 1, resize: 1, warm: 1 },
      sizes: [[1, 2]],
    },
    states: 170_929,
  },
  limits: {
    about: '1 worker, 2 tasks with every limit, 1 crash, 1 timer that is early',
    scope: {
      ...one,
      timers: ['timeout', 'queueTimeout', 'deadline'],
      faults: { ...noFaults, crash: 1, earlyTimer: 1 },
      calls: closes,
    },
    states: 10_364,
  },
  retries: {
    about: '1 worker, 2 tasks tried again after a pause, 1 crash, 1 error, 1 cancel',
    scope: {
      ...one,
      retries: 1,
      timers: ['backoff'],
      faults: { ...noFaults, crash: 1, taskThrows: 1 },
      calls: { ...closes, cancel: 1 },
    },
    states: 13_079,
  },
  'retries at once': {
    about: '2 workers, 2 tasks tried again at once, 1 crash, 1 error',
    scope: {
      ...two,
      retries: 1,
      faults: { ...noFaults, crash: 1, taskThrows: 1 },
      calls: { ...noCalls, closeNow: 1 },
    },
    states: 83_589,
  },
  'at a time': {
    about: '1 worker that runs 2 of 3 tasks at a time, 1 crash, 1 cancel',
    scope: { ...one, tasks: 3, concurrency: 2, calls: { ...closes, cancel: 1 } },
    states: 56_744,
  },
  'fails to start': {
    about: '1 worker, 2 tasks, children that cannot be spawned or initialized, 1 crash',
    scope: {
      ...one,
      faults: { ...noFaults, spawnFails: 2, initializeFails: 2, crash: 1 },
      calls: { ...closes, closeNow: 1 },
    },
    states: 114_848,
  },
  'one fails to start': {
    about: '2 workers, 2 tasks, failed starts while another serves',
    scope: { ...two, faults: { ...noFaults, spawnFails: 1, initializeFails: 1, crash: 1 } },
    states: 56_173,
  },
  'early timers': {
    about: '1 worker, 2 tasks, 2 timers before their time, 1 crash',
    scope: { ...one, timers: ['timeout', 'idle'], faults: { ...noFaults, earlyTimer: 2, crash: 1 } },
    states: 39_911,
  },
  recall: {
    about: '2 workers, 2 tasks, tasks taken back early, 1 crash, 1 cancel',
    scope: { ...two, faults: { ...noFaults, earlyTimer: 1, crash: 1 }, calls: { ...closes, cancel: 1 } },
    states: 195_002,
  },
  hang: {
    about: '2 workers, 2 tasks with a timeout, a child that hangs, SIGTERM ignored',
    scope: {
      ...two,
      timers: ['timeout'],
      faults: { ...noFaults, hang: 1, deafToTerm: 1 },
      calls: { ...closes, terminate: 1 },
    },
    states: 51_554,
  },
  silent: {
    about: '1 worker, 2 tasks, a child that hangs and is reported, 1 crash',
    scope: { ...one, unresponsive: 'report', faults: { ...noFaults, hang: 1, crash: 1 }, calls: closes },
    states: 8_112,
  },
  'silent and early': {
    about: '1 worker, 2 tasks, a child that hangs and is reported, 2 early timers',
    scope: { ...one, unresponsive: 'report', faults: { ...noFaults, hang: 1, earlyTimer: 2 }, calls: closes },
    states: 33_245,
  },
  'silent and killed': {
    about: '2 workers, 2 tasks tried again, a child that hangs or stops and is killed',
    scope: {
      ...two,
      unresponsive: 'kill',
      retries: 1,
      faults: { ...noFaults, hang: 1, freeze: 1 },
      calls: closes,
    },
    states: 67_846,
  },
  freeze: {
    about: '2 workers, 2 tasks, a child that is stopped, SIGKILL late',
    scope: { ...two, faults: { ...noFaults, freeze: 1, deafToKill: 1 }, calls: { ...closes, terminate: 1 } },
    states: 202_393,
  },
  'channel breaks': {
    about: '2 workers, 2 tasks, the channel of a living child closes, 1 crash',
    scope: { ...two, faults: { ...noFaults, channelBreaks: 1, crash: 1 } },
    states: 60_511,
  },
  'pipe held open': {
    about: "2 workers, 2 tasks, something keeps a dead child's channel open, 1 crash",
    scope: { ...two, faults: { ...noFaults, pipeStuck: 1, crash: 1 } },
    states: 7_513,
  },
  corrupt: {
    about: '2 workers, 2 tasks, a channel whose bytes are no frames, 1 crash',
    scope: { ...two, faults: { ...noFaults, corrupt: 1, crash: 1 } },
    states: 28_818,
  },
  babble: {
    about: '1 worker, 2 tasks, a frame out of turn, 1 crash, 1 cancel',
    scope: { ...one, faults: { ...noFaults, babble: 1, crash: 1 }, calls: { ...closes, cancel: 1 } },
    states: 245_565,
  },
  'babble tried again': {
    about: '1 worker, 2 tasks that are tried again, a frame out of turn',
    scope: { ...one, retries: 1, faults: { ...noFaults, babble: 1 }, calls: closes },
    states: 4_485,
  },
  'babble taken back': {
    about: '2 workers, 2 tasks, tasks taken back early, a frame out of turn',
    scope: { ...two, faults: { ...noFaults, babble: 1, earlyTimer: 1 }, calls: noCalls },
    states: 115_098,
  },
  unsendable: {
    about: '2 workers, 2 tasks, arguments that can no longer be sent, 1 crash, 1 cancel',
    scope: { ...two, faults: { ...noFaults, unsendable: 1, crash: 1 }, calls: { ...closes, cancel: 1 } },
    states: 18_003,
  },
  'slow flush': {
    about: '1 worker, 2 tasks, an announcement that leaves late, 1 crash, 1 cancel',
    scope: { ...one, faults: { ...noFaults, slowFlush: 2, crash: 1 }, calls: { ...closes, cancel: 1 } },
    states: 18_978,
  },
  ...nestingScopes,
  broad: {
    about: '2 workers, 3 tasks, window 2, 2 crashes, 1 cancel, 1 resize, 1 close',
    scope: {
      workers: 2,
      tasks: 3,
      window: 2,
      faults: { ...noFaults, crash: 2 },
      calls: { ...closes, cancel: 1, resize: 1 },
      sizes: [[0, 1]],
      callsAfterClose: false,
    },
    states: 2_558_756,
  },
};

/** Explored only when asked for: hours. */
export const nightlyScopes: Readonly<Record<string, NamedScope>> = {
  nightly: {
    about: '3 workers, 4 tasks, window 2, 3 crashes, 1 close',
    scope: {
      workers: 3,
      tasks: 4,
      window: 2,
      faults: { ...noFaults, crash: 3 },
      calls: closes,
      callsAfterClose: false,
    },
    states: 0,
  },
};
