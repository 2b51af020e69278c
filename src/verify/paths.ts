/**
 * A small set of shortest paths through a system which together meet every (state, event) pair that can be
 * reached, with every state it leads to: what a test plays step by step when the real thing has to do the
 * same.
 */
import { type PathStep, PathWalker, playStart, playStep } from './counterexample.ts';
import type { Happening } from './happening.ts';
import type { MetPair } from './machine-kind.ts';
import { bind, type BoundModel, type Model } from './model.ts';
import { ModelSystem } from './model-system.ts';
import { nowhere, Visited } from './visited.ts';

/** A machine in a state gets an event, and is in a state afterwards. */
export interface MachinePair extends MetPair {
  readonly machine: string;
  readonly to: string;
}

/** One step of a path: which of the possible moves is made, and how its choices are answered. */
export type PathChoice = Pick<PathStep, 'index' | 'script' | 'move'>;

/** A way through the system, to be played with a system that takes no two moments for one. */
export interface CoveringPath {
  /** How the choices of the start are answered. */
  readonly start: readonly number[];
  readonly steps: readonly PathChoice[];
  /** What it meets on its way, each once. */
  readonly pairs: readonly MachinePair[];
}

export interface PathCover {
  readonly paths: readonly CoveringPath[];
  /** Every pair that was found. */
  readonly pairs: readonly MachinePair[];
  /** How many moments were explored. */
  readonly states: number;
  /** Whether every moment was explored. */
  readonly isWhole: boolean;
}

export interface CoverSettings {
  /** Moments to explore at most. Default: 1,000,000. */
  readonly states?: number | undefined;
}

/** The step of the search on which a pair was met first. */
interface Goal {
  readonly key: string;
  /** The number of the moment before the step; `nowhere` if it is the start that meets it. */
  readonly from: number;
}

/** A path while it is being chosen. */
interface Candidate extends CoveringPath {
  readonly keys: ReadonlySet<string>;
}

/**
 * Explores a model and chooses paths. What else stands in the options overrides parts of the model's scope.
 *
 * @example
 *   const { paths } = coveringPaths(lamps, { lamps: 2 });
 *   for (const { start, steps } of paths) playForReal(start, steps);
 */
export function coveringPaths<Scope extends object>(
  model: Model<Scope>,
  options: Partial<Scope> & CoverSettings = {},
): PathCover {
  const { states = 1_000_000, ...scope } = options;
  return coverBound(bind(model, { ...model.scope, ...scope }), states);
}

function coverBound(model: BoundModel, statesMax: number): PathCover {
  // What is played for real has names, and two moments that differ in these only need not go on alike there.
  const search = new PairSearch(new ModelSystem(model, false), statesMax);
  search.run();
  const met = new Set<string>();
  const paths: Candidate[] = [];
  // The farthest first: on the way they meet most of the others.
  for (const goal of search.goals.toReversed()) {
    if (met.has(goal.key)) continue;
    const path = search.walkTo(goal, met);
    for (const key of path.keys) met.add(key);
    paths.push(path);
  }
  return {
    paths: withoutSpare(paths).map(({ start, steps, pairs }) => ({ start, steps, pairs })),
    pairs: search.goals.map(({ key }) => pairOf(key)),
    states: search.states,
    isWhole: search.isWhole,
  };
}

/** Leaves out paths that meet nothing alone. */
function withoutSpare(paths: readonly Candidate[]): Candidate[] {
  const counts = new Map<string, number>();
  for (const { keys } of paths) for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return paths.filter(({ keys }) => {
    const isSpare = [...keys].every((key) => (counts.get(key) ?? 0) > 1);
    if (isSpare) for (const key of keys) counts.set(key, (counts.get(key) ?? 0) - 1);
    return !isSpare;
  });
}

class PairSearch {
  /** In the order in which they were found: the nearest first. */
  readonly goals: Goal[] = [];
  readonly #system: ModelSystem;
  readonly #statesMax: number;
  readonly #visited = new Visited();
  readonly #known = new Set<string>();
  readonly #waiting: Int32Array[] = [];
  #explored = 0;
  #steps = 0;

  constructor(system: ModelSystem, statesMax: number) {
    this.#system = system;
    this.#statesMax = statesMax;
  }

  get states(): number {
    return this.#explored;
  }

  get isWhole(): boolean {
    return this.#explored === this.#visited.size;
  }

  run(): void {
    const { world } = this.#system;
    for (let script: number[] | null = []; script !== null; script = world.nextScript()) {
      this.#note(playStart(this.#system, script).happenings, nowhere);
      this.#add(nowhere);
    }
    for (let row = this.#waiting[0]; row !== undefined; row = this.#waiting[this.#explored]) {
      if (this.#explored >= this.#statesMax) return;
      this.#expand(row);
      // It is not needed any more, and its place keeps the count.
      this.#waiting[this.#explored] = new Int32Array();
      this.#explored += 1;
    }
  }

  /** A path that ends with a step that meets the pair, and with as many of the unmet ones as one step can. */
  walkTo({ key, from }: Goal, met: ReadonlySet<string>): Candidate {
    const [first = null, ...rest] = from === nowhere ? [] : this.#visited.pathTo(from);
    if (first === null) return this.#walkToStart(key);
    const walker = new PathWalker(this.#system, this.#visited, first);
    const steps = walker.walk(rest.map((state) => ({ state })));
    const tries = this.#tryAll().filter((step) => keysOf(step.happenings).has(key));
    const gain = (step: PathStep): number =>
      [...keysOf(step.happenings)].filter((each) => !met.has(each)).length;
    const best = tries.toSorted((one, other) => gain(other) - gain(one))[0];
    if (best === undefined) throw new RangeError(`The step that meets "${key}" was not found again.`);
    return candidate(walker.start, [...steps, best]);
  }

  #walkToStart(key: string): Candidate {
    const { world } = this.#system;
    for (let script: number[] | null = []; script !== null; script = world.nextScript()) {
      const start = playStart(this.#system, script);
      if (keysOf(start.happenings).has(key)) return candidate(start, []);
    }
    throw new RangeError(`The start that meets "${key}" was not found again.`);
  }

  /** Every step that is possible now. */
  #tryAll(): PathStep[] {
    const { world } = this.#system;
    const row = world.row.slice();
    world.load(row);
    const count = this.#system.moves().length;
    const steps: PathStep[] = [];
    for (let index = 0; index < count; index += 1) {
      for (let script: number[] | null = []; script !== null; script = world.nextScript())
        steps.push(playStep(this.#system, row, index, script));
    }
    return steps;
  }

  #expand(row: Int32Array): void {
    const { world } = this.#system;
    world.load(row);
    for (const [index, move] of this.#system.moves().entries()) {
      for (let script: number[] | null = []; script !== null; script = world.nextScript()) {
        world.load(row, script);
        this.#system.apply(move, script);
        // Only a machine's step that was never made before can meet a new pair.
        if (this.#system.stepCount > this.#steps)
          this.#note(playStep(this.#system, row, index, script).happenings, this.#explored);
        this.#add(this.#explored);
      }
    }
  }

  #note(happenings: readonly Happening[], from: number): void {
    this.#steps = this.#system.stepCount;
    for (const key of keysOf(happenings)) {
      if (this.#known.has(key)) continue;
      this.#known.add(key);
      this.goals.push({ key, from });
    }
  }

  #add(from: number): void {
    const canonical = this.#system.symmetry.canonical(this.#system.world.row);
    const before = this.#visited.size;
    if (this.#visited.add(canonical, from) === before) this.#waiting.push(canonical.slice());
  }
}

function candidate(
  start: { readonly script: readonly number[]; readonly happenings: readonly Happening[] },
  steps: readonly PathStep[],
): Candidate {
  const keys = keysOf([start, ...steps].flatMap(({ happenings }) => happenings));
  return {
    start: start.script,
    steps: steps.map(({ index, script, move }) => ({ index, script, move })),
    pairs: [...keys].map(pairOf),
    keys,
  };
}

function keysOf(happenings: readonly Happening[]): Set<string> {
  const keys = new Set<string>();
  for (const happening of happenings) {
    if (happening.type !== 'step' || happening.event.type === 'xstate.init') continue;
    const { member, from, event, to } = happening;
    keys.add(JSON.stringify([member.replace(/ \d+$/u, ''), from, event.type, to]));
  }
  return keys;
}

function pairOf(key: string): MachinePair {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as `keysOf` wrote it
  const [machine, state, event, to] = JSON.parse(key) as [string, string, string, string];
  return { machine, state, event, to };
}
