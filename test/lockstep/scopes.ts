/** The pools of the lockstep: each small enough to be explored in seconds, together all that can happen. */
import process from 'node:process';
import {
  type Calls,
  type Faults,
  noCalls,
  noFaults,
  type PoolScope,
  smallScope,
} from '../../src/verify/pool/scope.ts';

type Changes = Partial<Omit<PoolScope, 'calls' | 'faults'>> & {
  readonly calls?: Partial<Calls>;
  readonly faults?: Partial<Faults>;
};

function scope({ calls, faults, ...changes }: Changes): PoolScope {
  return {
    ...smallScope,
    workers: 1,
    minWorkers: 0,
    tasks: 1,
    concurrency: 1,
    window: 0,
    maxQueue: null,
    maxQueueBytes: null,
    restarts: 1,
    retries: 0,
    timers: [],
    sizes: [],
    ...changes,
    calls: { ...noCalls, ...calls },
    faults: { ...noFaults, ...faults },
  };
}

export const scopes: Readonly<Record<string, PoolScope>> = {
  'one worker, two tasks, a crash': scope({ tasks: 2, calls: { close: 1 }, faults: { crash: 1 } }),
  'a task is cancelled': scope({ tasks: 2, window: 1, calls: { cancel: 1, close: 1 } }),
  'a task is cancelled, and its child dies': scope({ calls: { cancel: 1 }, faults: { crash: 1 } }),
  'closing and terminating': scope({ tasks: 2, window: 1, calls: { closeNow: 1, terminate: 1 } }),
  'closing within a time': scope({ calls: { closeLimited: 1, close: 1 }, faults: { hang: 1 } }),
  'starts fail': scope({ calls: { close: 1 }, faults: { spawnFails: 1, initializeFails: 1, crash: 1 } }),
  'the pool breaks': scope({ restarts: 0, calls: { close: 1, expect: 1 }, faults: { spawnFails: 1 } }),
  'tasks throw and are tried again': scope({
    retries: 1,
    timers: ['backoff'],
    calls: { cancel: 1, closeNow: 1 },
    faults: { taskThrows: 1, crash: 1 },
  }),
  'limits of a task': scope({
    tasks: 2,
    timers: ['timeout', 'queueTimeout', 'deadline'],
    faults: { earlyTimer: 1 },
  }),
  'an idle worker leaves': scope({ timers: ['idle'], minWorkers: 0, calls: { close: 1 } }),
  'two workers, two tasks': scope({ workers: 2, tasks: 2, calls: { close: 1 }, faults: { crash: 1 } }),
  'the size changes': scope({
    workers: 2,
    minWorkers: 1,
    tasks: 2,
    calls: { resize: 1 },
    sizes: [
      [0, 1],
      [2, 2],
    ],
  }),
  'tasks are taken back': scope({ workers: 2, tasks: 3, window: 1 }),
  'two tasks at a time': scope({ tasks: 3, concurrency: 2, window: 1, calls: { cancel: 1 } }),
  'a full queue': scope({ tasks: 2, maxQueue: 0, calls: { close: 1 } }),
  'callers react at once': scope({ tasks: 2, calls: { callback: 1, cancel: 1, close: 1 } }),
  'a task is cancelled while its start is announced': scope({
    calls: { cancel: 1 },
    faults: { slowFlush: 1 },
  }),
  'two workers, and everything is cancelled': scope({
    workers: 2,
    tasks: 2,
    window: 1,
    calls: { cancel: 2, terminate: 1 },
  }),
  'SIGKILL comes late': scope({ calls: { terminate: 1 }, faults: { deafToKill: 1, hang: 1 } }),
  'a child hangs': scope({ calls: { cancel: 1, close: 1 }, faults: { hang: 1, deafToTerm: 1 } }),
  'a child breaks its channel': scope({ calls: { close: 1 }, faults: { channelBreaks: 1 } }),
  'something holds the pipe': scope({ calls: { close: 1 }, faults: { crash: 1, pipeStuck: 1 } }),
  'a child writes garbage': scope({ calls: { close: 1 }, faults: { corrupt: 1 } }),
  'a child speaks out of turn': scope({ calls: { close: 1 }, faults: { babble: 1 } }),
  'arguments cannot be sent': scope({ retries: 1, calls: { close: 1 }, faults: { unsendable: 1 } }),
  'announcements leave late': scope({ tasks: 2, window: 1, faults: { slowFlush: 1, crash: 1 } }),
  'warm workers are asked for': scope({ workers: 2, calls: { warm: 1, close: 1 } }),
  'warm workers fail to start': scope({ calls: { warm: 2, close: 1 }, faults: { spawnFails: 1, crash: 1 } }),
  'no warm workers in a broken pool': scope({
    restarts: 0,
    calls: { warm: 2, terminate: 1 },
    faults: { initializeFails: 1 },
  }),
  'others get another pool': scope({ timers: ['idle'], minWorkers: 1, calls: { release: 1, close: 1 } }),
  'a worker is worn by its tasks': scope({ tasks: 3, tasksMax: 1, calls: { close: 1 } }),
  'a worker is worn by its tasks, and dies': scope({
    tasks: 2,
    tasksMax: 1,
    retries: 1,
    faults: { crash: 1 },
  }),
  'a worker is worn by its memory': scope({ tasks: 2, calls: { close: 1 }, faults: { wear: 1, crash: 1 } }),
  'a child is silent': scope({ unresponsive: 'report', calls: { close: 1 }, faults: { hang: 1 } }),
  'a child is late to answer': scope({ unresponsive: 'report', faults: { earlyTimer: 2 } }),
  'a silent child is let go': scope({
    workers: 2,
    unresponsive: 'report',
    calls: { resize: 1 },
    faults: { hang: 1 },
    sizes: [[0, 1]],
  }),
  'a silent child is killed': scope({
    unresponsive: 'kill',
    retries: 1,
    calls: { close: 1 },
    faults: { hang: 1 },
  }),
  ...(process.platform === 'linux'
    ? { 'a child is stopped': scope({ calls: { close: 1 }, faults: { freeze: 1 } }) }
    : {}),
};

/** These take longer to explore. */
export const largeScopes: Readonly<Record<string, PoolScope>> = {
  'tasks are taken back while they start': scope({
    workers: 2,
    tasks: 3,
    window: 1,
    faults: { earlyTimer: 1 },
  }),
  'a busy worker is let go': scope({
    workers: 2,
    tasks: 2,
    calls: { cancel: 1, resize: 1 },
    faults: { taskThrows: 1 },
    sizes: [[0, 1]],
  }),
  'a busy worker is let go for its limits': scope({
    workers: 2,
    tasks: 2,
    timers: ['timeout'],
    calls: { resize: 1 },
    faults: { earlyTimer: 1 },
    sizes: [[0, 1]],
  }),
  'limits pass early': scope({
    tasks: 2,
    window: 1,
    retries: 1,
    timers: ['timeout', 'queueTimeout', 'deadline', 'backoff'],
    faults: { earlyTimer: 2, taskThrows: 1 },
  }),
  'many starts fail': scope({
    workers: 2,
    restarts: 2,
    calls: { close: 1, resize: 1, expect: 1 },
    faults: { spawnFails: 2, initializeFails: 1 },
    sizes: [[1, 2]],
  }),
  'a child hangs without its channel': scope({
    tasks: 2,
    window: 1,
    calls: { close: 1, terminate: 1 },
    faults: { channelBreaks: 1, hang: 1 },
  }),
  'everything late comes after the exit': scope({
    calls: { cancel: 1, terminate: 1 },
    faults: { pipeStuck: 1, crash: 1, earlyTimer: 1 },
  }),
};

/** Too large to be covered: walked through at random. */
export const wideScopes: Readonly<Record<string, PoolScope>> = {
  'everything goes wrong': scope({
    workers: 2,
    tasks: 4,
    window: 1,
    retries: 1,
    restarts: 2,
    timers: ['timeout', 'queueTimeout', 'deadline', 'idle', 'backoff'],
    calls: { cancel: 2, resize: 2, close: 1, closeNow: 1, expect: 1, callback: 1 },
    faults: { crash: 3, spawnFails: 1, initializeFails: 1, taskThrows: 2, earlyTimer: 2, slowFlush: 1 },
    sizes: [
      [0, 1],
      [1, 2],
      [2, 3],
    ],
  }),
  'many tasks at a time': scope({
    workers: 2,
    tasks: 6,
    concurrency: 2,
    window: 2,
    retries: 1,
    calls: { cancel: 3, closeLimited: 1, terminate: 1 },
    faults: { crash: 1, taskThrows: 1, unsendable: 1, babble: 1 },
  }),
  'pipes and processes': scope({
    workers: 2,
    tasks: 3,
    window: 1,
    retries: 2,
    calls: { cancel: 1, close: 1 },
    faults: { crash: 1, pipeStuck: 1, hang: 1, deafToTerm: 1, deafToKill: 1, corrupt: 1, channelBreaks: 1 },
  }),
};
