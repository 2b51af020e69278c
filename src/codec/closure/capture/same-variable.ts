/**
 * Tells whether two functions that use the same name mean the same variable. V8 gives no identity to
 * scopes, so where their contents are equal, one function is stopped at its start, and what it writes is
 * looked for in the other.
 */
import { ownValue } from '../../object-class.ts';
import { analyze } from '../source/analyze.ts';
import { sharesVariable, whichShare } from '../v8/activation.ts';
import type { Scope } from '../v8/scope-reader.ts';
import type { CodeDraft, Occurrence } from './draft.ts';
import { isNativeCode } from './native-code.ts';
import { withoutInspector } from './without-inspector.ts';

/**
 * Whether each of the others means the same variable as the first; undefined where that cannot be found out.
 */
export function areSameVariable(
  first: Occurrence,
  others: readonly Occurrence[],
): readonly (boolean | undefined)[] {
  const answers = others.map((other) => withoutAsking(first, other));
  const open = others.filter((_, index) => answers[index] === undefined);
  if (open.length === 0) return answers;
  ask(first, open);
  return others.map((other, index) => answers[index] ?? answersAbout(first).get(other.draft.fn));
}

/** undefined: V8 has to be asked, or could not tell. */
function withoutAsking(first: Occurrence, second: Occurrence): boolean | undefined {
  if (first.draft.fn === second.draft.fn || isOnlyOne(first.home.scopes)) return true;
  if (!haveEqualContents(first.home.scopes, second.home.scopes)) return false;
  return answersAbout(first).get(second.draft.fn);
}

/** Module scopes, and all that is around them, exist once. */
function isOnlyOne([scope]: readonly Scope[]): boolean {
  return scope === undefined || /^(?:Global|Script|Module)$/u.test(scope.kind);
}

/** Nothing runs while a graph is made, so that one scope has the same contents for all who read it. */
function haveEqualContents(first: readonly Scope[], second: readonly Scope[]): boolean {
  return first.every((scope, index) => {
    const other = second[index];
    if (other === undefined || other.kind !== scope.kind) return false;
    if (isOnlyOne([scope])) return true;
    // The object of a `with` may have getters.
    if (scope.kind.startsWith('With')) return scope.variables === other.variables;
    const names = Reflect.ownKeys(scope.variables);
    const others = Reflect.ownKeys(other.variables);
    return (
      names.length === others.length &&
      names.every((name) => Object.is(valueIn(scope.variables, name), valueIn(other.variables, name)))
    );
  });
}

const uninitialised = Symbol('uninitialised');

function valueIn(variables: object, name: string | symbol): unknown {
  try {
    return Reflect.get(variables, name);
  } catch {
    return uninitialised;
  }
}

/** Asking takes long, and what is the case stays so. By function, and then by the name of the variable. */
const answers = new WeakMap<object, Map<string, WeakMap<object, boolean>>>();

function answersAbout({ draft, variable }: Occurrence): WeakMap<object, boolean> {
  const byName = answers.get(draft.fn) ?? new Map<string, WeakMap<object, boolean>>();
  answers.set(draft.fn, byName);
  const { name } = variable.use;
  const known = byName.get(name) ?? new WeakMap<object, boolean>();
  byName.set(name, known);
  return known;
}

function ask(first: Occurrence, others: readonly Occurrence[]): void {
  const { name } = first.variable.use;
  const probe = standInFor(first.draft, name);
  const standIns = others.map(({ draft }) => standInFor(draft, name));
  const known = answersAbout(first);
  const found = withoutInspector(() => {
    const shared = whichShare(probe, standIns, name);
    return standIns.map((standIn, index) => shared[index] ?? sharesVariable(standIn, probe, name));
  });
  for (const [index, { draft }] of others.entries()) {
    const isSame = found?.[index];
    if (isSame !== undefined) known.set(draft.fn, isSame);
  }
}

/** A class cannot be stopped to look around, but a method of it sees the same variables. */
function standInFor({ fn, source }: CodeDraft, name: string): object {
  if (source.form !== 'class') return fn;
  const prototype = ownValue(fn, 'prototype');
  const holders = typeof prototype === 'object' && prototype !== null ? [prototype, fn] : [fn];
  const methods = holders.flatMap((holder) => Reflect.ownKeys(holder).map((key) => ownValue(holder, key)));
  return methods.find((method) => isMethodWith(method, name)) ?? fn;
}

function isMethodWith(method: unknown, name: string): method is object {
  if (typeof method !== 'function' || isNativeCode(method)) return false;
  const { form, hasPlainParameters, variables } = analyze(Function.prototype.toString.call(method));
  return form === 'method' && hasPlainParameters && variables.has(name);
}
