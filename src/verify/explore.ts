/**
 * Breadth-first search through every moment of a system, so that the first way found to a moment is a
 * shortest one.
 */
import { EdgeList } from './edges.ts';
import { Frontier } from './frontier.ts';
import { allGroups, Judge } from './judge.ts';
import type { Move } from './model.ts';
import type { ModelSystem } from './model-system.ts';
import type { Property } from './property.ts';
import { nowhere, Visited } from './visited.ts';

export interface ExploreLimits {
  readonly states: number;
  readonly seconds: number;
  /** How much of what is found and not explored yet stays in memory; the rest waits in a temporary file. */
  readonly frontierBytes: number;
}

export interface Progress {
  readonly states: number;
  readonly edges: number;
  /** Found, and not explored yet. */
  readonly waiting: number;
  /** How many moves away from the start the search is. */
  readonly depth: number;
  readonly seconds: number;
  readonly statesPerSecond: number;
  /** A guess from how the layers shrink; `null` while they grow. */
  readonly secondsLeft: number | null;
}

/** What was found wrong. */
export interface Finding {
  readonly property: string;
  readonly sentence: string;
  /**
   * The number of the moment it was found in, or of the one before, if it is a step that breaks a rule:
   * `nowhere` if that is the start.
   */
  readonly state: number;
  readonly isStep: boolean;
}

export interface Exploration {
  readonly visited: Visited;
  readonly edges: EdgeList;
  /** For each moment: one bit per `eventually` that does not hold, the highest: it may rest there. */
  readonly pending: Uint8Array;
  readonly findings: readonly Finding[];
  readonly seen: ReadonlySet<string>;
  readonly moveCounts: ReadonlyMap<string, number>;
  /** Every moment that is so many moves away from the start was found. */
  readonly depth: number;
  readonly seconds: number;
  readonly spilledBytes: number;
  /** Moments that were found and not explored. */
  readonly waiting: number;
  /** Moments in which only an independent move was made. */
  readonly reduced: number;
  /** Why it stopped before everything was seen; `null` if everything was. */
  readonly stopped: 'states' | 'seconds' | 'interrupted' | null;
}

const mustHappen = (move: Move): boolean => move.kind === 'system' || move.kind === 'timer';

export class Explorer {
  readonly #system: ModelSystem;
  readonly #judge: Judge;
  readonly #isReduced: boolean;
  readonly #limits: ExploreLimits;
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  readonly #visited = new Visited();
  readonly #edges = new EdgeList();
  readonly #frontier: Frontier;
  readonly #findings: Finding[] = [];
  readonly #moveCounts = new Map<string, number>();
  readonly #layers: number[] = [];
  #pending = new Uint8Array(1 << 12);
  #layerEnd = 1;
  #explored = 0;
  #reduced = 0;
  readonly #startedAtMs = performance.now();
  #reportedAtMs = performance.now();

  constructor(
    system: ModelSystem,
    properties: readonly Property[],
    options: {
      readonly isReduced: boolean;
      readonly limits: ExploreLimits;
      readonly onProgress?: ((progress: Progress) => void) | undefined;
    },
  ) {
    this.#system = system;
    this.#judge = new Judge(properties);
    this.#isReduced = options.isReduced;
    this.#limits = options.limits;
    this.#onProgress = options.onProgress;
    this.#frontier = new Frontier(system.layout.length, options.limits.frontierBytes);
  }

  /** Searches until everything was seen, something wrong was found, or a limit is reached. */
  run(): Exploration {
    const search = this.runInParts();
    let part = search.next(false);
    while (part.done !== true) part = search.next(false);
    return part.value;
  }

  /** The same in parts that are short. Whoever answers one of them with true ends the search. */
  *runInParts(): Generator<void, Exploration, boolean> {
    const sometimes = this.#judge.unseen;
    let stopped: Exploration['stopped'] = null;
    let waiting = 0;
    let spilledBytes = 0;
    try {
      this.#begin();
      const row = new Int32Array(this.#system.layout.length);
      while (this.#findings.length === 0 && this.#frontier.shift(row)) {
        this.#expand(row);
        this.#explored += 1;
        if (this.#explored === this.#layerEnd) {
          this.#layers.push(this.#visited.size - this.#layerEnd);
          this.#layerEnd = this.#visited.size;
        }
        if ((this.#explored & 1_023) === 0) {
          stopped = this.#lookAtTime();
          if (yield) stopped = 'interrupted';
        }
        if (this.#visited.size > this.#limits.states) stopped = 'states';
        if (stopped !== null) break;
      }
    } finally {
      waiting = this.#frontier.size;
      spilledBytes = this.#frontier.spilledBytes;
      this.#frontier.close();
    }
    const { unseen } = this.#judge;
    return {
      visited: this.#visited,
      edges: this.#edges,
      pending: this.#pending,
      findings: this.#findings,
      seen: new Set(sometimes.filter((name) => !unseen.includes(name))),
      moveCounts: this.#moveCounts,
      // The last layer of a search that saw everything has nothing behind it.
      depth: this.#layers.length - (waiting === 0 && this.#findings.length === 0 ? 1 : 0),
      seconds: (performance.now() - this.#startedAtMs) / 1_000,
      spilledBytes,
      waiting,
      reduced: this.#reduced,
      stopped,
    };
  }

  #begin(): void {
    for (let script: number[] | null = []; script !== null; script = this.#system.world.nextScript()) {
      this.#system.start(script);
      this.#add(nowhere, null);
    }
    this.#layerEnd = this.#visited.size;
  }

  #expand(row: Int32Array): void {
    const { world } = this.#system;
    const from = this.#explored;
    this.#edges.begin();
    world.load(row);
    const all = this.#system.moves();
    const must = all.some(mustHappen);
    if (!must) this.#rest(from);
    const only = this.#isReduced ? all.find((move) => move.isIndependent === true) : undefined;
    // Every circle leads back somewhere. What was put off is explored there, or it might be put off for ever.
    if (only !== undefined && this.#explore(row, only) > from) {
      this.#reduced += 1;
      return;
    }
    for (const move of all) {
      if (this.#findings.length > 0) return;
      if (move !== only) this.#explore(row, move);
    }
  }

  /** Makes a move with every answer to its choices. The first of the moments that it leads to. */
  #explore(row: Int32Array, move: Move): number {
    const { world } = this.#system;
    const from = this.#explored;
    let first = Infinity;
    this.#moveCounts.set(move.name, (this.#moveCounts.get(move.name) ?? 0) + 1);
    for (let script: number[] | null = []; script !== null; script = world.nextScript()) {
      world.load(row, script);
      this.#system.apply(move, script);
      const to = this.#add(from, row);
      first = Math.min(first, to);
      this.#edges.add(to, mustHappen(move) ? move.name : null);
      if (this.#findings.length > 0) break;
    }
    return first;
  }

  /** Adds the world as it is now, if it is new. `row`: the moment it comes from. */
  #add(from: number, row: Int32Array | null): number {
    const { world, symmetry } = this.#system;
    const canonical = symmetry.canonical(world.row);
    const before = this.#visited.size;
    const index = this.#visited.add(canonical, from);
    for (const sentence of world.violations) {
      // It may lead to a moment that is known: its story ends with the step, not with the moment.
      this.#findings.push({ property: 'every step keeps the rules', sentence, state: from, isStep: true });
    }
    if (index < before) return index;
    this.#look(index, from, row === null ? allGroups : world.groupsChanged(row));
    this.#frontier.push(canonical);
    return index;
  }

  #look(index: number, from: number, changed: number): void {
    const { world } = this.#system;
    for (const name of this.#judge.broken(world, changed))
      this.#findings.push({ property: name, sentence: name, state: index, isStep: false });
    this.#judge.see(world, changed);
    if (index >= this.#pending.length) {
      const larger = new Uint8Array(this.#pending.length * 2);
      larger.set(this.#pending);
      this.#pending = larger;
    }
    this.#pending[index] = this.#judge.pending(world, changed, this.#pending[from] ?? 0);
  }

  /** Nothing has to happen any more. */
  #rest(index: number): void {
    if (this.#system.mayRest()) return;
    const sentence = 'nothing can happen any more, and somebody still waits';
    this.#findings.push({ property: 'no deadlock', sentence, state: index, isStep: false });
  }

  #lookAtTime(): 'seconds' | null {
    const now = performance.now();
    const seconds = (now - this.#startedAtMs) / 1_000;
    if (this.#onProgress !== undefined && now - this.#reportedAtMs >= 500) {
      this.#reportedAtMs = now;
      this.#onProgress(this.#progress(seconds));
    }
    return seconds >= this.#limits.seconds ? 'seconds' : null;
  }

  #progress(seconds: number): Progress {
    const last = this.#layers.at(-1) ?? 0;
    const shrinks = last / (this.#layers.at(-2) ?? last);
    const waiting = this.#frontier.size;
    const statesPerSecond = this.#explored / seconds;
    const secondsLeft = shrinks < 1 ? waiting / (1 - shrinks) / statesPerSecond : null;
    const { size: states } = this.#visited;
    return {
      states,
      edges: this.#edges.size,
      waiting,
      depth: this.#layers.length,
      seconds,
      statesPerSecond,
      secondsLeft,
    };
  }
}
