/**
 * What a walk over a syntax tree collects, and where in the program it is. Offsets are those of the
 * function's own text.
 */
import type { AnyNode, Identifier } from 'acorn';
import type { FreeVariable, Range, VariableUse } from './function-source.ts';
import { Scope } from './scope.ts';

/**
 * Whose `this`, `super` and `new.target` are meant: those of the function around the text, of the method that
 * the text is, or of some function of the text.
 */
export type Owner = 'outer' | 'method' | 'inner';

/** Where a walk is. */
export interface Place {
  readonly scope: Scope;
  readonly owner: Owner;
  /** The private names of the classes of the text around the place. */
  readonly privateNames: readonly string[];
  /** Whether that is known: sloppy code may turn out to be strict by what is around the text. */
  readonly isStrict: boolean;
}

/** How a variable is used, where that is out of the ordinary. */
export type UseFacts = Partial<Omit<VariableUse, keyof Range>> & { readonly isEval?: boolean };

interface Reference {
  readonly name: string;
  readonly scope: Scope;
  readonly use: VariableUse;
  readonly isEval: boolean;
}

/** A variable whose uses are still being counted. */
interface Tally {
  isOwnIfSloppy: boolean;
  isInWith: boolean;
  readonly uses: VariableUse[];
}

type OuterUse = 'usesThis' | 'usesSuper' | 'usesNewTarget' | 'usesArguments';

export class Findings {
  readonly privateNames: Set<string> = new Set();
  readonly importMeta: Range[] = [];
  readonly outer: Record<OuterUse, boolean> = {
    usesThis: false,
    usesSuper: false,
    usesNewTarget: false,
    usesArguments: false,
  };
  importsDynamically = false;
  usesHome = false;
  readonly #offset: number;
  readonly #references: Reference[] = [];
  readonly #listedStatements = new Set<number>();
  readonly #blockFunctions: { readonly name: string; readonly scope: Scope }[] = [];

  constructor(offset: number) {
    this.#offset = offset;
  }

  rangeOf({ start, end }: Range): Range {
    return { start: start - this.#offset, end: end - this.#offset };
  }

  refer({ name, start, end }: Identifier, { scope }: Place, { isEval = false, ...facts }: UseFacts): void {
    const use: VariableUse = {
      ...this.rangeOf({ start, end }),
      kind: 'read',
      member: null,
      innerMember: null,
      changedMember: null,
      isShorthand: false,
      isCallee: false,
      startsStatement: this.#listedStatements.has(start),
      named: null,
      ...facts,
    };
    this.#references.push({ name, scope, use, isEval });
  }

  /** One of the statements of a block or function, which is about to be walked. */
  listStatement(statement: AnyNode): void {
    if (statement.type === 'ExpressionStatement') this.#listedStatements.add(statement.start);
  }

  /** A function declared in a block of code not known to be strict. */
  declareInBlock(name: string, scope: Scope): void {
    this.#blockFunctions.push({ name, scope });
  }

  /** The free variables, after the walk, and whether `eval` is called such that it sees them. */
  resolve(): { variables: Map<string, FreeVariable>; callsEval: boolean } {
    for (const { name, scope } of this.#blockFunctions) scope.declareSloppily(name);
    const tallies = new Map<string, Tally>();
    let callsEval = false;
    for (const { name, scope, use, isEval } of this.#references) {
      const { isFree, isInWith, isOwnIfSloppy } = scope.lookUp(name);
      if (!isFree) continue;
      const tally = tallies.get(name) ?? { isOwnIfSloppy: true, isInWith: false, uses: [] };
      tallies.set(name, tally);
      tally.uses.push(use);
      tally.isOwnIfSloppy &&= isOwnIfSloppy;
      tally.isInWith ||= isInWith;
      callsEval ||= isEval;
    }
    return {
      variables: new Map([...tallies].map(([name, tally]) => [name, freeVariable(name, tally)])),
      callsEval,
    };
  }
}

function freeVariable(name: string, { isOwnIfSloppy, isInWith, uses }: Tally): FreeVariable {
  const reads = uses.filter(({ kind }) => kind === 'read');
  return {
    name,
    isAssigned: uses.some(({ kind }) => kind === 'write'),
    isOnlyTypeof: uses.every(({ kind }) => kind === 'typeof'),
    hasTypeof: uses.some(({ kind }) => kind === 'typeof'),
    members: new Set(reads.flatMap(({ member }) => member ?? [])),
    isUsedWhole: reads.some(({ member }) => member === null),
    isInWith,
    isOwnIfSloppy,
    uses: uses.toSorted((first, second) => first.start - second.start),
  };
}
