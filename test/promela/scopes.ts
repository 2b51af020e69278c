/** The scopes in which both checkers look at every moment, the smallest first. */
import { noCalls, noFaults, type PoolScope, smallScope } from '../../src/verify/pool/scope.ts';

export interface SharedScope {
  readonly about: string;
  readonly scope: PoolScope;
}

const alone: PoolScope = { ...smallScope, tasks: 1, window: 0, calls: noCalls, faults: noFaults };
const closes = { ...noCalls, close: 1 };
const crashes = { ...noFaults, crash: 1 };

export const sharedScopes: Readonly<Record<string, SharedScope>> = {
  alone: { about: '1 worker, 1 task', scope: alone },
  closes: { about: '1 worker, 1 task, 1 close', scope: { ...alone, calls: closes } },
  crashes: { about: '1 worker, 1 task, 1 crash', scope: { ...alone, faults: crashes } },
  smallest: {
    about: '1 worker, 1 task, 1 crash, 1 close',
    scope: { ...alone, calls: closes, faults: crashes },
  },
  small: { about: '1 worker, 2 tasks, 1 crash, 1 close', scope: smallScope },
  cancels: {
    about: '1 worker, 2 tasks, 1 crash, 1 cancel, 1 close',
    scope: { ...smallScope, calls: { ...closes, cancel: 1 } },
  },
  'closes twice': {
    about: '1 worker, 2 tasks, 1 crash, 1 close, 1 close without draining, 1 terminate',
    scope: { ...smallScope, calls: { ...closes, closeNow: 1, terminate: 1 } },
  },
  retries: {
    about: '1 worker, 2 tasks tried again after a pause, 1 crash, 1 error, 1 cancel',
    scope: {
      ...smallScope,
      retries: 1,
      timers: ['backoff'],
      calls: { ...noCalls, cancel: 1 },
      faults: { ...crashes, taskThrows: 1 },
    },
  },
  'fails to start': {
    about: '1 worker, 2 tasks, 2 children that cannot be spawned, 1 that cannot be initialized',
    scope: { ...smallScope, faults: { ...noFaults, spawnFails: 2, initializeFails: 1 } },
  },
  'early timers': {
    about: '1 worker, 2 tasks with a timeout, idle exits, 1 crash, 1 timer before its time',
    scope: { ...smallScope, timers: ['timeout', 'idle'], faults: { ...crashes, earlyTimer: 1 } },
  },
  limits: {
    about: '1 worker, 2 tasks with every limit, deaf to one signal of each kind, 1 close, 1 terminate',
    scope: {
      ...smallScope,
      timers: ['timeout', 'queueTimeout', 'deadline'],
      calls: { ...closes, terminate: 1 },
      faults: { ...crashes, deafToTerm: 1, deafToKill: 1 },
    },
  },
  'at a time': {
    about: '1 worker that runs 2 tasks at a time, 1 crash, 1 close',
    scope: { ...smallScope, concurrency: 2, window: 0 },
  },
  two: { about: '2 workers, 2 tasks, 1 crash, 1 close', scope: { ...smallScope, workers: 2 } },
  recalls: {
    about: '2 workers, 3 tasks, some handed over ahead and taken back, 1 timer before its time',
    scope: {
      ...smallScope,
      workers: 2,
      tasks: 3,
      calls: noCalls,
      faults: { ...noFaults, earlyTimer: 1 },
    },
  },
  'two, cancels': {
    about: '2 workers, 2 tasks, 1 crash, 1 cancel, 1 close',
    scope: { ...smallScope, workers: 2, calls: { ...closes, cancel: 1 } },
  },
  three: { about: '1 worker, 3 tasks, 1 crash, 1 close', scope: { ...smallScope, tasks: 3 } },
};
