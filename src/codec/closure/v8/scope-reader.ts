/**
 * Asks V8 where functions were written, which variables surround them, and what bound functions are made of.
 * A batch of n functions takes n + 3 questions.
 */
import type { Runtime } from 'node:inspector';
import { types } from 'node:util';
import { isObjectLike, listFrom, propertyOf } from './live-values.ts';
import { noteFunction } from './scripts.ts';
import { idFor, propertiesOf, releaseSoon, valuesOf } from './session.ts';

/**
 * The variables of one scope as properties that have their live values. `kind` is V8's word for the scope:
 * `Module`, `Script`, `Global`, `Closure (f)`, `Block`… A variable that is not initialised yet throws when
 * it is read (from Node 22 on; before, it is undefined).
 */
export interface Scope {
  readonly kind: string;
  readonly variables: object;
}

/** What a bound function calls. */
export interface BoundParts {
  readonly target: object;
  readonly boundThis: unknown;
  readonly args: readonly unknown[];
}

/** What V8 knows about a function. Line and column count from 0 in the text V8 compiled. */
export interface FunctionFacts {
  /** null: it has no JavaScript text. */
  readonly scriptId: string | null;
  readonly line: number;
  readonly column: number;
  /** Innermost first. */
  readonly scopes: readonly Scope[];
  readonly bound: BoundParts | null;
  readonly isProxy: boolean;
}

interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

type Internals = ReadonlyMap<string, Runtime.RemoteObject>;

const unknownFacts: FunctionFacts = {
  scriptId: null,
  line: 0,
  column: 0,
  scopes: [],
  bound: null,
  isProxy: false,
};

const internalsWithValues = ['[[Scopes]]', '[[TargetFunction]]', '[[BoundThis]]', '[[BoundArgs]]'];

let remembered: Map<object, FunctionFacts> | null = null;

/** While `work` runs, which must change nothing, V8 is asked about each function only once. */
export function askingOnce<Result>(work: () => Result): Result {
  const before = remembered;
  remembered ??= new Map();
  try {
    return work();
  } finally {
    remembered = before;
  }
}

/** While `work` runs, V8 is asked each time again, also within `askingOnce`. */
export function askingAnew<Result>(work: () => Result): Result {
  const before = remembered;
  remembered = null;
  try {
    return work();
  } finally {
    remembered = before;
  }
}

/** The facts about each of the functions, in their order. Throws `InspectorUnavailable`. */
export function readFunctions(functions: readonly object[]): FunctionFacts[] {
  const [only] = functions;
  if (remembered === null || only === undefined || functions.length > 1) return ask(functions);
  const facts = remembered.get(only) ?? ask(functions)[0] ?? unknownFacts;
  remembered.set(only, facts);
  return [facts];
}

function ask(functions: readonly object[]): FunctionFacts[] {
  try {
    const internals = idsFor(functions).map((id) => internalsOf(id));
    const wanted = internals.flatMap((all) => internalsWithValues.flatMap((name) => all.get(name) ?? []));
    const live = new Map(zip(wanted, valuesOf(wanted)));
    return functions.map((fn, index) => factsFrom(fn, internals[index] ?? new Map(), live));
  } finally {
    releaseSoon();
  }
}

/** A Proxy is not asked about: its handler is code. */
function idsFor(functions: readonly object[]): (string | null)[] {
  const [only] = functions;
  if (functions.length === 1 && only !== undefined) return [types.isProxy(only) ? null : idFor(only)];
  const asked = Object.fromEntries(functions.map((fn, index) => [index, types.isProxy(fn) ? null : fn]));
  const { result } = propertiesOf(idFor(asked));
  const ids = new Map(result.map(({ name, value }) => [name, value?.objectId]));
  return functions.map((_, index) => ids.get(String(index)) ?? null);
}

function internalsOf(id: string | null): Internals {
  const found = new Map<string, Runtime.RemoteObject>();
  if (id === null) return found;
  for (const { name, value } of propertiesOf(id).internalProperties ?? [])
    if (value !== undefined) found.set(name, value);
  return found;
}

function zip<A, B>(first: readonly A[], second: readonly B[]): [A, B | undefined][] {
  return first.map((item, index) => [item, second[index]]);
}

function factsFrom(
  fn: object,
  internals: Internals,
  live: ReadonlyMap<Runtime.RemoteObject, unknown>,
): FunctionFacts {
  const valueOf = (name: string): unknown => {
    const remote = internals.get(name);
    return remote === undefined ? undefined : live.get(remote);
  };
  const target = valueOf('[[TargetFunction]]');
  const bound = isObjectLike(target)
    ? { target, boundThis: valueOf('[[BoundThis]]'), args: listFrom(valueOf('[[BoundArgs]]')) }
    : null;
  const facts = {
    ...unknownFacts,
    scopes: scopesIn(valueOf('[[Scopes]]')),
    bound,
    isProxy: types.isProxy(fn),
  };
  const location: unknown = internals.get('[[FunctionLocation]]')?.value;
  if (!isLocation(location)) return facts;
  const { scriptId, lineNumber: line, columnNumber: column } = location;
  noteFunction(scriptId, fn, line, column);
  return { ...facts, scriptId, line, column };
}

function scopesIn(list: unknown): Scope[] {
  return listFrom(list).map((scope) => {
    const variables = propertyOf(scope, 'object');
    return {
      kind: String(propertyOf(scope, 'description')),
      variables: isObjectLike(variables) ? variables : {},
    };
  });
}

function isLocation(location: unknown): location is Location {
  return typeof propertyOf(location, 'scriptId') === 'string';
}
