/** Plays many paths, several at a time, until one of them differs. */
import { coveringPaths, type CoveringPath, type MachinePair } from '../../src/verify/paths.ts';
import { poolModel } from '../../src/verify/pool/pool-model.ts';
import type { PoolScope } from '../../src/verify/pool/scope.ts';
import { bundleChild } from './bundle.ts';
import { Control } from './control.ts';
import type { Random } from '../workload/random.ts';
import { randomPath } from './random-path.ts';
import { play } from './play.ts';
import { isRealChoice, isReproducible, type PlannedStep, planOf } from './plan.ts';
import type { Stage } from './reality.ts';

/** A path of one of the scopes. */
export interface Assignment {
  readonly about: string;
  readonly scope: PoolScope;
  readonly path: CoveringPath;
}

export interface Assignments {
  readonly all: readonly Assignment[];
  /** How many (state, event) pairs can be reached in the scopes. */
  readonly pairs: number;
}

/** Most walks end before, because the pool is closed. */
const walkStepsMax = 120;

export interface LockstepReport {
  readonly agreed: number;
  /** Paths with a choice that a real pool does not have, or that a real child cannot be made to take. */
  readonly dropped: number;
  readonly processes: number;
  readonly steps: number;
  /** (State, event) pairs on the paths that agree. */
  readonly pairs: number;
  /** The first difference, as a story. */
  readonly story: string | null;
}

/** All paths that cover the scopes; with `perScope`, the longest of each. */
export function assign(scopes: Readonly<Record<string, PoolScope>>, perScope = Infinity): Assignments {
  const all: Assignment[] = [];
  const pairs = new Set<string>();
  for (const [about, scope] of Object.entries(scopes)) {
    const cover = coveringPaths(poolModel, scope);
    for (const pair of cover.pairs) pairs.add(keyOf(pair));
    const chosen = cover.paths
      .toSorted((one, other) => other.steps.length - one.steps.length)
      .slice(0, perScope);
    all.push(...chosen.map((path) => ({ about, scope, path })));
  }
  return { all, pairs: pairs.size };
}

/** So many random walks through each scope. */
export function walk(
  scopes: Readonly<Record<string, PoolScope>>,
  walks: number,
  random: Random,
): Assignment[] {
  return Object.entries(scopes).flatMap(([about, scope]) =>
    Array.from({ length: walks }, () => ({ about, scope, path: randomPath(scope, random, walkStepsMax) })),
  );
}

export async function runAll(assignments: readonly Assignment[], lanes: number): Promise<LockstepReport> {
  const bundle = await bundleChild();
  const control = await Control.open(bundle.folder);
  const run = new Run(assignments, { entry: bundle.entry, control });
  try {
    await Promise.all(Array.from({ length: lanes }, () => run.work()));
  } finally {
    control.close();
    await bundle.remove();
  }
  return run.report();
}

class Run {
  readonly #waiting: Assignment[];
  readonly #stage: Stage;
  readonly #pairs = new Set<string>();
  #agreed = 0;
  #dropped = 0;
  #processes = 0;
  #steps = 0;
  #story: string | null = null;

  constructor(assignments: readonly Assignment[], stage: Stage) {
    this.#waiting = [...assignments];
    this.#stage = stage;
  }

  async work(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (this.#story !== null) return;
      const { about, scope, path } = next;
      const plan = planOf(scope, path);
      if (!plan.steps.every(isReal)) {
        this.#dropped += 1;
        continue;
      }
      const { story, processes, steps } = await play(plan, this.#stage);
      this.#processes += processes;
      this.#steps += steps;
      if (story === null) this.#agreed += 1;
      else this.#story ??= `In "${about}" the model and reality do this:\n\n${story}`;
      if (story === null) for (const pair of path.pairs) this.#pairs.add(keyOf(pair));
    }
  }

  report(): LockstepReport {
    return {
      agreed: this.#agreed,
      dropped: this.#dropped,
      processes: this.#processes,
      steps: this.#steps,
      pairs: this.#pairs.size,
      story: this.#story,
    };
  }
}

const isReal = ({ path, move, before }: PlannedStep): boolean =>
  isRealChoice(path, move) && isReproducible(before.processes, move);

const keyOf = ({ machine, state, event }: MachinePair): string => `${machine} ${state} ${event}`;
