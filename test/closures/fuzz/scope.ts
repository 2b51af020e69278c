/** The names a generated program has at one place, and what each stands for. */

/** All numbers are 32-bit, all functions take and give one. */
export type Kind =
  | 'constant'
  | 'variable'
  | 'function'
  | 'functions'
  | 'list'
  | 'counter'
  | 'class'
  | 'instance'
  | 'object'
  | 'bigint'
  | 'date'
  | 'map'
  | 'bytes';

export interface Name {
  readonly name: string;
  readonly kind: Kind;
  /** About how many calls one use of it makes. */
  readonly cost: number;
}

export class Scope {
  readonly #outer: Scope | undefined;
  readonly #names: Name[] = [];

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  add(kind: Kind, name: string, cost = 1): void {
    this.#names.push({ name, kind, cost });
  }

  /** What can be used here, nearest first; a name hides those of the scopes around. */
  visible(): readonly Name[] {
    const own = new Set(this.#names.map(({ name }) => name));
    const outer = this.#outer?.visible() ?? [];
    return [...this.#names.toReversed(), ...outer.filter(({ name }) => !own.has(name))];
  }

  of(...kinds: readonly Kind[]): readonly Name[] {
    return this.visible().filter(({ kind }) => kinds.includes(kind));
  }
}
