/**
 * What every mutant of the machines is put through: their scenarios, totality, and small scopes in which each
 * call and each fault happens once or twice, so that all of them take seconds.
 */
import type { AnyStateMachine } from 'xstate';
import { machines } from '../../../machines/index.ts';
import { compile } from '../../runtime/compile.ts';
import { check } from '../check.ts';
import { model } from '../model.ts';
import { type Mutant, mutantsOf } from '../mutate.ts';
import type { Killer } from '../mutation-run.ts';
import { isPlayedBy, type Scenario } from '../scenario.ts';
import { findGaps } from '../totality.ts';
import { poolModel } from './pool-model.ts';
import { type Calls, type Faults, noCalls, noFaults, type PoolScope } from './scope.ts';

const calls = (counts: Partial<Calls>): Calls => ({ ...noCalls, ...counts });
const faults = (counts: Partial<Faults>): Faults => ({ ...noFaults, ...counts });

const battery: Readonly<Record<string, Partial<PoolScope>>> = {
  small: {},
  cancel: { calls: calls({ close: 1, cancel: 1 }), faults: noFaults },
  calls: {
    calls: calls({ closeNow: 1, closeLimited: 1, callback: 1, expect: 1 }),
    faults: noFaults,
  },
  closes: { calls: calls({ close: 1, closeNow: 1 }), window: 0 },
  terminates: { tasks: 1, calls: calls({ close: 1, terminate: 1 }) },
  limited: { tasks: 1, faults: faults({ hang: 1 }), calls: calls({ closeLimited: 1 }) },
  'closes after a failure': {
    window: 0,
    faults: faults({ spawnFails: 1 }),
    calls: calls({ close: 1, closeNow: 1 }),
  },
  'both fail to start': {
    workers: 2,
    restarts: 3,
    faults: faults({ spawnFails: 2 }),
    calls: calls({ close: 1 }),
  },
  'all fail while it closes': {
    workers: 2,
    restarts: 1,
    faults: faults({ spawnFails: 3 }),
    calls: calls({ close: 1 }),
  },
  'babble while it drains': {
    workers: 2,
    faults: faults({ babble: 1 }),
    calls: calls({ resize: 1 }),
    sizes: [[0, 1]],
  },
  'grow up': {
    window: 0,
    calls: calls({ resize: 1, room: 1 }),
    sizes: [[1, 2]],
    maxQueue: 1,
    faults: noFaults,
  },
  full: {
    maxQueue: 0,
    calls: calls({ close: 1, resize: 1, room: 1 }),
    sizes: [[0, 2]],
    faults: noFaults,
  },
  heavy: { tasks: 3, window: 0, maxQueueBytes: 1, calls: calls({ room: 1 }), faults: noFaults },
  grow: { workers: 2, calls: calls({ resize: 1 }), sizes: [[0, 1]], faults: noFaults },
  warm: {
    workers: 2,
    minWorkers: 1,
    timers: ['idle'],
    calls: calls({ resize: 1 }),
    sizes: [
      [0, 2],
      [0, 1],
    ],
    faults: noFaults,
  },
  'warm on demand': {
    workers: 2,
    tasks: 1,
    timers: ['idle'],
    calls: calls({ warm: 2, resize: 1, close: 1 }),
    sizes: [[0, 1]],
    faults: faults({ spawnFails: 1 }),
  },
  worn: {
    faults: faults({ wear: 1, spawnFails: 1 }),
    calls: calls({ close: 1, resize: 1 }),
    sizes: [[0, 2]],
  },
  'two worn': { workers: 2, faults: faults({ wear: 2 }), calls: calls({ resize: 1 }), sizes: [[0, 1]] },
  'last tasks': { tasks: 3, tasksMax: 2, faults: noFaults },
  released: {
    workers: 2,
    minWorkers: 1,
    calls: calls({ release: 1, resize: 1 }),
    sizes: [[1, 2]],
    faults: noFaults,
  },
  limits: {
    timers: ['timeout', 'queueTimeout', 'deadline'],
    faults: faults({ earlyTimer: 1 }),
    calls: noCalls,
  },
  deadline: { tasks: 1, timers: ['deadline'], faults: faults({ hang: 1 }), calls: calls({ close: 1 }) },
  timeout: { tasks: 1, timers: ['timeout'], faults: faults({ hang: 1 }), calls: calls({ closeNow: 1 }) },
  'deadline of a retry': {
    tasks: 1,
    retries: 1,
    timers: ['backoff', 'deadline'],
    faults: faults({ crash: 1, earlyTimer: 1 }),
    calls: noCalls,
  },
  nesting: { tasks: 1, calls: calls({ nest: 1 }), faults: noFaults },
  'nesting, cut off': { tasks: 1, calls: calls({ nest: 1, cancel: 1 }) },
  'nesting, tried again': { tasks: 1, retries: 1, calls: calls({ nest: 1 }) },
  'nesting and limits': {
    tasks: 1,
    timers: ['timeout', 'deadline'],
    calls: calls({ nest: 1, terminate: 1 }),
    faults: faults({ earlyTimer: 1 }),
  },
  'nesting among others': { window: 0, calls: calls({ nest: 1, close: 1 }), faults: noFaults },
  'nesting and room': {
    maxQueue: 0,
    tasks: 2,
    window: 0,
    calls: calls({ nest: 1, room: 1 }),
    faults: noFaults,
  },
  leases: { workers: 2, isLeased: true, window: 0, calls: calls({ close: 1, grant: 1, short: 1 }) },
  'leases and starts': {
    workers: 3,
    isLeased: true,
    window: 0,
    calls: calls({ grant: 2, short: 1 }),
    faults: faults({ spawnFails: 1 }),
  },
  recall: { workers: 2, faults: faults({ earlyTimer: 1 }), calls: noCalls },
  'recall and cancel': {
    workers: 2,
    faults: faults({ hang: 1 }),
    calls: calls({ cancel: 1 }),
  },
  retries: {
    tasks: 1,
    retries: 1,
    timers: ['backoff'],
    faults: faults({ crash: 1, taskThrows: 1 }),
    calls: calls({ cancel: 1, closeNow: 1, terminate: 1 }),
  },
  'retries at once': { retries: 1, faults: faults({ crash: 1, taskThrows: 1 }), calls: noCalls },
  'at a time': { tasks: 3, concurrency: 2, faults: noFaults, calls: calls({ cancel: 1 }) },
  'fails to start': {
    tasks: 1,
    faults: faults({ spawnFails: 2, initializeFails: 1 }),
    calls: calls({ close: 1, closeNow: 1, terminate: 1 }),
  },
  'one fails to start': { workers: 2, faults: faults({ spawnFails: 1 }), calls: noCalls },
  'early timers': {
    timers: ['timeout', 'idle'],
    faults: faults({ earlyTimer: 1, crash: 1 }),
    calls: noCalls,
  },
  hang: {
    tasks: 1,
    timers: ['timeout'],
    faults: faults({ hang: 1, deafToTerm: 1, deafToKill: 1 }),
    calls: calls({ close: 1, terminate: 1 }),
  },
  silent: { unresponsive: 'report', faults: faults({ hang: 1 }), calls: calls({ close: 1 }) },
  'silent and early': {
    tasks: 1,
    unresponsive: 'report',
    faults: faults({ hang: 1, earlyTimer: 2 }),
    calls: calls({ close: 1 }),
  },
  'silent and killed': { tasks: 1, unresponsive: 'kill', faults: faults({ hang: 1 }), calls: noCalls },
  freeze: { faults: faults({ freeze: 1, deafToKill: 1 }), calls: noCalls },
  'channel breaks': { faults: faults({ channelBreaks: 1 }), calls: calls({ close: 1 }) },
  'pipe held open': { tasks: 1, faults: faults({ pipeStuck: 1, crash: 1 }), calls: calls({ close: 1 }) },
  corrupt: { faults: faults({ corrupt: 1 }), calls: calls({ close: 1 }) },
  babble: { faults: faults({ babble: 1 }), calls: calls({ close: 1 }) },
  'babble and cancel': { tasks: 1, faults: faults({ babble: 1 }), calls: calls({ cancel: 1 }) },
  'slow flush': { tasks: 1, faults: faults({ slowFlush: 1, crash: 1 }), calls: calls({ cancel: 1 }) },
  unsendable: { faults: faults({ unsendable: 1 }), calls: calls({ cancel: 1 }) },
};

/** Every mutant of the machines that run troupe. */
export const poolMutants = (): Mutant[] =>
  Object.entries(machines).flatMap(([name, machine]) => mutantsOf(machine, name));

type Machines = Readonly<Record<string, AnyStateMachine>>;

/** Puts mutants through the battery, what takes milliseconds first. */
export class Battery {
  readonly #scenarios: readonly Scenario[];
  readonly #order: string[] = Object.keys(battery);

  constructor(scenarios: readonly Scenario[] = []) {
    this.#scenarios = scenarios;
  }

  /** What may notice a mutant, in the order in which it is asked. */
  get means(): string[] {
    return [...(this.#scenarios.length === 0 ? [] : ['scenario']), 'totality', 'model'];
  }

  /** A scenario that is not as the machines themselves play it: it would kill every mutant. */
  staleScenario(): Scenario | undefined {
    const compiled = new Map(
      Object.entries<AnyStateMachine>(machines).map(([of, each]) => [of, compile(each)]),
    );
    return this.#scenarios.find((scenario) => {
      const machine = compiled.get(scenario.machine);
      return machine === undefined || !isPlayedBy(machine, scenario);
    });
  }

  /** What notices the mutant; null if nothing does. */
  killerOf({ of, machine }: Mutant): Killer | null {
    const compiled = compile(machine);
    const scenario = this.#scenarios.find((each) => each.machine === of && !isPlayedBy(compiled, each));
    if (scenario !== undefined) return { means: 'scenario', by: `${of}/${scenario.name}` };
    const [gap] = findGaps(machine);
    if (gap !== undefined) return { means: 'totality', by: gap };
    return this.#explore({ ...poolModel.machines, [of]: machine });
  }

  /** The scope that killed the one before is tried first: neighbours die alike. */
  #explore(mutated: Machines): Killer | null {
    for (const [at, name] of this.#order.entries()) {
      const reason = judge(mutated, battery[name] ?? {});
      if (reason === null) continue;
      this.#order.splice(at, 1);
      this.#order.unshift(name);
      return { means: 'model', by: `${name}: ${reason}` };
    }
    return null;
  }
}

function judge(mutated: Machines, scope: Partial<PoolScope>): string | null {
  try {
    const report = check(model({ ...poolModel, machines: mutated }), {
      ...scope,
      limits: { states: 100_000 },
    });
    if (report.verdict === 'passed') return null;
    if (report.verdict === 'incomplete') return 'does not end';
    return report.counterexample?.property ?? report.unseen[0] ?? 'fails';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
