/** Scopes in which tasks run inside others: in the same pool, or in a pool that one of them made. */
import { closes, type NamedScope, one, two } from './named-scope.ts';
import { noFaults } from './scope.ts';

export const nestingScopes: Readonly<Record<string, NamedScope>> = {
  nesting: {
    about: '1 worker, 1 task that submits 2 more and may wait for them, 1 crash',
    scope: { ...one, tasks: 1, calls: { ...closes, nest: 2 } },
    states: 5_788,
  },
  'nesting, cut off': {
    about: '1 worker, 1 task that submits another, 1 crash, 1 cancel, every way to close',
    scope: { ...one, tasks: 1, calls: { ...closes, cancel: 1, nest: 1, closeNow: 1, terminate: 1 } },
    states: 75_890,
  },
  'nesting and limits': {
    about: '1 worker, 1 task that submits another, both with limits, 1 terminate, 1 timer that is early',
    scope: {
      ...one,
      tasks: 1,
      timers: ['timeout', 'queueTimeout', 'deadline'],
      calls: { ...closes, nest: 1, terminate: 1 },
      faults: { ...noFaults, earlyTimer: 1 },
    },
    states: 12_731,
  },
  'nesting among others': {
    about: '1 worker, 2 tasks of which one may submit another, 1 crash',
    scope: { ...one, calls: { ...closes, nest: 1 } },
    states: 8_067,
  },
  'nesting on two workers': {
    about: '2 workers, 2 tasks, 2 more that they submit',
    scope: { ...two, calls: { ...closes, nest: 2 }, faults: noFaults },
    states: 36_079,
  },
  'nesting, tried again': {
    about: '2 workers, 1 task tried again that submits another, 2 crashes',
    scope: { ...two, tasks: 1, retries: 1, calls: { ...closes, nest: 1 }, faults: { ...noFaults, crash: 2 } },
    states: 21_461,
  },
  leases: {
    about: '2 workers of a pool in a worker, 2 tasks, 1 lease that may be granted, and wanted back, 1 crash',
    scope: { ...two, isLeased: true, calls: { ...closes, grant: 1, short: 1 } },
    states: 10_289,
  },
  'leases, never granted': {
    about:
      '3 workers of a pool in a worker, one kept, 3 tasks, no lease, somebody who waits for warm workers',
    scope: {
      workers: 3,
      minWorkers: 2,
      tasks: 3,
      isLeased: true,
      calls: { ...closes, warm: 1 },
      faults: { ...noFaults, crash: 1 },
    },
    states: 15_508,
  },
  'leases and sizes': {
    about: '1 to 3 workers of a pool in a worker, 3 tasks, 2 leases, wanted back, 1 resize, idle exits',
    scope: {
      workers: 3,
      tasks: 3,
      timers: ['idle'],
      isLeased: true,
      calls: { ...closes, grant: 2, short: 1, resize: 1 },
      faults: noFaults,
      sizes: [[0, 2]],
    },
    states: 61_114,
  },
  'leases and wear': {
    about: '2 workers of a pool in a worker, 2 tasks, 1 lease, wanted back, 1 worker that is worn',
    scope: {
      ...two,
      isLeased: true,
      calls: { ...closes, grant: 1, short: 1 },
      faults: { ...noFaults, wear: 1 },
    },
    states: 12_735,
  },
  'leases and failures': {
    about:
      '2 workers of a pool in a worker, 2 tasks, 2 leases, wanted back, 1 failed start, every way to close',
    scope: {
      ...two,
      isLeased: true,
      calls: { ...closes, closeNow: 1, terminate: 1, grant: 2, short: 1 },
      faults: { ...noFaults, spawnFails: 1 },
    },
    states: 287_751,
  },
};
