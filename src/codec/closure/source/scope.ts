/** A scope of a program: the names declared in it, and the scope around it. */

/** `variables`: what `var` declares goes here. `with`: any name may be a property of its object. */
export type ScopeKind = 'variables' | 'block' | 'with';

/** What looking up a name found out. */
export interface Lookup {
  readonly isFree: boolean;
  readonly isInWith: boolean;
  /** A function declaration in an inner block declares the name too, unless the code is strict. */
  readonly isOwnIfSloppy: boolean;
}

export class Scope {
  readonly #around: Scope | null;
  readonly #kind: ScopeKind;
  readonly #names = new Set<string>();
  readonly #sloppyNames = new Set<string>();

  constructor(kind: ScopeKind, around: Scope | null) {
    this.#kind = kind;
    this.#around = around;
  }

  declare(names: Iterable<string>): void {
    for (const name of names) this.#names.add(name);
  }

  declareVar(names: Iterable<string>): void {
    if (this.#kind === 'variables' || this.#around === null) this.declare(names);
    else this.#around.declareVar(names);
  }

  /**
   * What sloppy code makes of a function declared in this block: a variable of the function around, unless a
   * block between has the same name. To be told when all is declared.
   */
  declareSloppily(name: string): void {
    if (this.#kind !== 'variables') this.#around?.declareFromBlock(name);
  }

  declareFromBlock(name: string): void {
    if (this.#kind === 'variables') this.#sloppyNames.add(name);
    else if (!this.#names.has(name)) this.#around?.declareFromBlock(name);
  }

  /** To be asked when all is declared. */
  lookUp(name: string): Lookup {
    if (this.#names.has(name)) return { isFree: false, isInWith: false, isOwnIfSloppy: false };
    const { isFree, isInWith, isOwnIfSloppy } = this.#around?.lookUp(name) ?? nowhere;
    return {
      isFree,
      isInWith: isInWith || this.#kind === 'with',
      isOwnIfSloppy: isOwnIfSloppy || this.#sloppyNames.has(name),
    };
  }
}

const nowhere: Lookup = { isFree: true, isInWith: false, isOwnIfSloppy: false };
