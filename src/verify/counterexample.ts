/** How a finding comes about: the shortest way to it, walked again with names that stay the same. */
import type { Exploration } from './explore.ts';
import type { Move } from './model.ts';
import type { ModelSystem } from './model-system.ts';
import type { Happening } from './happening.ts';
import type { World } from './world.ts';

/** One move on the way, and everything it led to. */
export interface PathStep {
  /** What happened, as a sentence. */
  readonly move: string;
  readonly kind: Move['kind'];
  /** Where the move stands among those that were possible, and how its choices were answered: for replays. */
  readonly index: number;
  readonly script: readonly number[];
  readonly happenings: readonly Happening[];
  /** Rules the step broke. */
  readonly violations: readonly string[];
  /** The state of every member after it. */
  readonly states: Readonly<Record<string, string>>;
}

/** How it begins. */
export interface Beginning {
  /** How the choices of the start were answered. */
  readonly script: readonly number[];
  readonly happenings: readonly Happening[];
  readonly violations: readonly string[];
  readonly states: Readonly<Record<string, string>>;
}

export interface Counterexample {
  readonly property: string;
  readonly sentence: string;
  readonly start: Beginning;
  readonly steps: readonly PathStep[];
  /** Steps that can go round for ever, after the others. */
  readonly circle: readonly PathStep[];
}

/** What a step must come to: a moment, and the name of the move if that is not all the same. */
interface Goal {
  readonly state: number;
  readonly name?: string | null;
}

/** Walks from a first moment through others, by their numbers. */
export class PathWalker {
  readonly start: Beginning;
  readonly #system: ModelSystem;
  readonly #visited: Exploration['visited'];
  #row: Int32Array;

  /** `first`: the moment to start in; `null`: the one that breaks a rule. */
  constructor(system: ModelSystem, visited: Exploration['visited'], first: number | null) {
    this.#system = system;
    this.#visited = visited;
    this.start = this.#begin(first);
    this.#row = system.world.row.slice();
  }

  /** The steps to moments, one after the other. */
  walk(goals: readonly Goal[]): PathStep[] {
    return goals.map(({ state, name }) =>
      this.#stepTo((move) => this.#here() === state && (name === undefined || nameOf(move) === name)),
    );
  }

  /** The step that breaks a rule from here. */
  breakRule(): PathStep {
    return this.#stepTo(() => this.#system.world.violations.length > 0);
  }

  #begin(first: number | null): Beginning {
    const { world } = this.#system;
    for (let script: number[] | null = []; script !== null; script = world.nextScript()) {
      const beginning = playStart(this.#system, script);
      if (first === null ? beginning.violations.length > 0 : this.#here() === first) return beginning;
    }
    throw notFound();
  }

  #here(): number {
    return this.#visited.indexOf(this.#system.symmetry.canonical(this.#system.world.row));
  }

  #stepTo(isWanted: (move: Move) => boolean): PathStep {
    const { world } = this.#system;
    world.load(this.#row);
    for (const [index, move] of this.#system.moves().entries()) {
      for (let script: number[] | null = []; script !== null; script = world.nextScript()) {
        world.load(this.#row, script);
        this.#system.apply(move, script);
        if (!isWanted(move)) continue;
        const step = playStep(this.#system, this.#row, index, script);
        this.#row = world.row.slice();
        return step;
      }
    }
    throw notFound();
  }
}

const notFound = (): RangeError =>
  new RangeError('The way to a finding could not be walked again: two moments share a fingerprint.');

/** The name of a move that has to happen; `null` for others. */
const nameOf = ({ name, kind }: Move): string | null => (kind === 'system' || kind === 'timer' ? name : null);

/** Starts the system and writes down what happens. Leaves the world after it. */
export function playStart(system: ModelSystem, script: readonly number[]): Beginning {
  const happenings = listen(system.world, () => system.start(script));
  return { script, happenings, violations: system.world.violations, states: statesOf(system) };
}

/** Makes one move and writes down what happens. Leaves the world after it. */
export function playStep(
  system: ModelSystem,
  row: Int32Array,
  index: number,
  script: readonly number[],
): PathStep {
  const { world } = system;
  world.load(row, script);
  const move = system.moves()[index];
  if (move === undefined) throw new RangeError(`There is no move ${index} here.`);
  const sentence = system.describe(move);
  world.load(row, script);
  const happenings = listen(world, () => system.apply(move));
  const { violations } = world;
  return { move: sentence, kind: move.kind, index, script, happenings, violations, states: statesOf(system) };
}

function listen(world: World, run: () => void): Happening[] {
  const happenings: Happening[] = [];
  world.onHappening = (happening) => void happenings.push(happening);
  try {
    run();
  } finally {
    world.onHappening = null;
  }
  return happenings;
}

/** The state of every member, by its name. */
function statesOf(system: ModelSystem): Record<string, string> {
  const states: Record<string, string> = {};
  for (const kind of system.kinds.keys())
    for (const id of system.world.ids(kind))
      states[id === 0 ? kind : `${kind} ${id}`] = system.world.stateOf(kind, id) ?? '';
  return states;
}
