/** Lets both checkers look at one scope, each from the definitions alone, and compares what they say. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { check } from '../../src/verify/check.ts';
import { poolModel } from '../../src/verify/pool/pool-model.ts';
import { type PoolScope, workersMax } from '../../src/verify/pool/scope.ts';
import { VerifyError } from '../../src/verify/verify-error.ts';
import { cTables, scopeMacros } from './c-tables.ts';
import { type PoolMachines, poolTables } from './pool-tables.ts';
import { runSpin, type SpinReport } from './spin.ts';

export interface Opinion {
  readonly isHealthy: boolean;
  /** What is wrong. */
  readonly sentence: string;
  readonly moments: number;
  /** Ways from one moment to the next, each choice by itself. */
  readonly ways: number;
  readonly seconds: number;
}

export interface Comparison {
  readonly own: Opinion;
  readonly second: Opinion;
  readonly spin: SpinReport;
  /** Both find something wrong, or neither does, and then as many moments. */
  readonly agrees: boolean;
  /**
   * Of the checker: it may come to a moment in two ways that are one, such as by asking the dispatcher twice
   * in a turn.
   */
  readonly moreWays: number;
}

/** Before the first turn there is no pool yet: `spin` stores that too. */
const statesBefore = 1;

/** It counts that state and what leads from it to the first moment. */
const transitionsBefore = 2;

/** What the model in Promela can do. */
const modelled: ReadonlySet<string> = new Set([
  ...['cancel', 'close', 'closeNow', 'terminate'],
  ...['crash', 'spawnFails', 'initializeFails', 'taskThrows', 'earlyTimer', 'deafToTerm', 'deafToKill'],
]);

/** Explores a scope twice. `folder` is where the model is written, compiled and run. */
export function compare(machines: PoolMachines, scope: PoolScope, folder: string): Comparison {
  refuseUnmodelled(scope);
  const own = ownOpinion(machines, scope);
  const startedAtMs = performance.now();
  writeModel(machines, scope, folder);
  const spin = runSpin(folder);
  const second: Opinion = {
    isHealthy: spin.error === null,
    sentence: spin.error ?? 'everything holds',
    moments: spin.states - statesBefore,
    ways: spin.transitions - transitionsBefore,
    seconds: (performance.now() - startedAtMs) / 1_000,
  };
  // A search that found something wrong stops there: then its numbers mean nothing.
  const isSame = !own.isHealthy || own.moments === second.moments;
  const agrees = own.isHealthy === second.isHealthy && isSame;
  return { own, second, spin, agrees, moreWays: own.ways - second.ways };
}

function refuseUnmodelled({ calls, faults, maxQueue }: PoolScope): void {
  const counts = Object.entries<number>({ ...calls, ...faults, maxQueue: maxQueue === null ? 0 : 1 });
  const strange = counts.filter(([name, count]) => count > 0 && !modelled.has(name));
  if (strange.length === 0) return;
  const names = strange.map(([name]) => name).join(', ');
  throw new Error(`The model in Promela knows nothing of ${names}. Write it there first.`);
}

/** What the checker under test says, without any reduction: one moment is one stored state. */
function ownOpinion(machines: PoolMachines, scope: PoolScope): Opinion {
  try {
    const report = check({ ...poolModel, machines }, { ...scope, symmetry: false, reduction: false });
    const { verdict, states, edges, seconds, counterexample } = report;
    // That something never happened is no fault of the pool, and not for `spin` to judge.
    const isHealthy = counterexample === null && verdict !== 'incomplete';
    const sentence = counterexample?.sentence ?? (isHealthy ? 'everything holds' : verdict);
    return { isHealthy, sentence, moments: states, ways: edges, seconds };
  } catch (error) {
    // A machine can be so wrong that questions about it have no answer.
    if (!(error instanceof VerifyError)) throw error;
    return { isHealthy: false, sentence: error.message, moments: 0, ways: 0, seconds: 0 };
  }
}

function writeModel(machines: PoolMachines, scope: PoolScope, folder: string): void {
  const workers = workersMax(scope);
  const tables = poolTables(machines, scope, workers);
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(import.meta.dirname, 'model'), folder, { recursive: true });
  writeFileSync(path.join(folder, 'tables.h'), cTables(tables));
  writeFileSync(path.join(folder, 'scope.h'), scopeMacros(tables, scope, workers));
}
