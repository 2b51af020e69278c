/**
 * Tells whether two functions that use the same name mean the same variable. V8 gives no identity to
 * scopes, so where their contents are equal, one function is stopped at its start, and what it writes is
 * looked for in the other.
 */
import { ownValue } from '../../object-class.ts';
import { analyze } from '../source/analyze.ts';
import { sharesVariable } from '../v8/activation.ts';
import type { Scope } from '../v8/scope-reader.ts';
import type { CodeDraft, Occurrence } from './draft.ts';
import { isNativeCode } from './prototype.ts';
import { withoutInspector } from './without-inspector.ts';

/** Whether two functions mean the same variable; undefined if that cannot be found out. */
export function isSameVariable(first: Occurrence, second: Occurrence): boolean | undefined {
  if (first.draft.fn === second.draft.fn || isOnlyOne(first.home.scopes)) return true;
  if (!haveEqualContents(first.home.scopes, second.home.scopes)) return false;
  return askOnce(first.draft, second.draft, first.variable.use.name);
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

const answers = new WeakMap<object, WeakMap<object, Map<string, boolean>>>();

/** Asking takes long, and what is the case stays so. */
function askOnce(first: CodeDraft, second: CodeDraft, name: string): boolean | undefined {
  const byFirst = answers.get(first.fn) ?? new WeakMap<object, Map<string, boolean>>();
  answers.set(first.fn, byFirst);
  const byName = byFirst.get(second.fn) ?? new Map<string, boolean>();
  byFirst.set(second.fn, byName);
  const known = byName.get(name);
  if (known !== undefined) return known;
  const found = withoutInspector(() => ask(standInFor(first, name), standInFor(second, name), name));
  if (found !== undefined) byName.set(name, found);
  return found;
}

function ask(first: object, second: object, name: string): boolean | undefined {
  return sharesVariable(first, second, name) ?? sharesVariable(second, first, name);
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
