/** Scopes in which running tasks submit others to their pool, and may wait for them. */
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
};
