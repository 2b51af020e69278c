/**
 * What the writer does when it meets an object: write its parts, or something short that stands for it.
 */
import { absolutePath, type Frame } from './frame.ts';
import { isErrorObject } from './object-class.ts';
import { custom, type Leaf, leaf } from './parts.ts';

/** Decides what is written for an object at a place; null for its parts. */
export interface Repeats {
  replace(object: object, frame: Frame | null, index: number): Leaf | null;
}

/** Deeper annotations move to a node of their own, since every one of them repeats its whole path. */
export const deepestAnnotation = 100;

/** Finds repeated references, and whether superjson's own `referentialEqualities` can restore them all. */
export class TreeRepeats implements Repeats {
  readonly shared: Set<object> = new Set();
  readonly equalities: Map<string, string[]> = new Map();
  isTree = true;
  readonly #base: string;
  readonly #first = new Map<object, Place>();

  constructor(base: string) {
    this.#base = base;
  }

  replace(object: object, frame: Frame | null, index: number): Leaf | null {
    const first = this.#first.get(object);
    if (first === undefined) {
      this.#first.set(object, { frame, index });
      return null;
    }
    this.shared.add(object);
    // superjson reorders sets and maps when it restores a reference in them, and cannot reach into an error.
    this.isTree &&= isOpen(first.frame) && isOpen(frame);
    if (this.isTree) this.#addEquality(first, { frame, index });
    return leaf(null, 'null');
  }

  #addEquality(first: Place, other: Place): void {
    const firstPath = absolutePath(this.#base, first.frame, first.index);
    const otherPath = absolutePath(this.#base, other.frame, other.index);
    const others = this.equalities.get(firstPath);
    if (others === undefined) this.equalities.set(firstPath, [otherPath]);
    else others.push(otherPath);
  }
}

interface Place {
  readonly frame: Frame | null;
  readonly index: number;
}

function isOpen(frame: Frame | null): boolean {
  return frame === null || (frame.isOpen && frame.depth <= deepestAnnotation);
}

/** Gives a node of its own to every object met more than once or too deep down. */
export class GraphNodes implements Repeats {
  readonly values: unknown[];
  readonly #shared: ReadonlySet<object>;
  readonly #nodes = new Map<unknown, number>();

  constructor(value: unknown, shared: ReadonlySet<object>) {
    this.values = [value];
    this.#nodes.set(value, 0);
    this.#shared = shared;
  }

  replace(object: object, frame: Frame | null): Leaf | null {
    if (frame === null) return null;
    const isDeep = frame.depth >= deepestAnnotation;
    if (!isDeep && !this.#shared.has(object)) return null;
    return leaf(custom('reference'), String(this.#nodeOf(object)));
  }

  #nodeOf(object: object): number {
    const known = this.#nodes.get(object);
    if (known !== undefined) return known;
    this.#nodes.set(object, this.values.length);
    return this.values.push(object) - 1;
  }
}

/** Looks at each object once, and not into errors. */
export class Trial implements Repeats {
  readonly #seen = new Set<object>();

  replace(object: object): Leaf | null {
    if (this.#seen.has(object) || isErrorObject(object)) return leaf(null, 'null');
    this.#seen.add(object);
    return null;
  }
}
