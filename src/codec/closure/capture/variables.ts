/** Finds a variable in the scopes around a function, as the function itself would. */
import type { Scope } from '../v8/scope-reader.ts';

/** A variable, and the scope it is in before those around that. */
export interface FoundVariable {
  readonly value: unknown;
  readonly scopes: readonly Scope[];
  /** Why the value is not known: it is not initialised yet, or behind a getter. */
  readonly failure: 'uninitialised' | 'getter' | null;
}

/** The nearest variable of that name; undefined if there is none. */
export function findVariable(scopes: readonly Scope[], name: string): FoundVariable | undefined {
  const at = scopes.findIndex((scope) => hasVariable(scope, name));
  const scope = scopes[at];
  return scope === undefined ? undefined : { ...valueIn(scope, name), scopes: scopes.slice(at) };
}

/** Whether a scope is made of an object that programs can put getters on. */
function isObjectScope({ kind }: Scope): boolean {
  return kind === 'Global' || kind.startsWith('With Block');
}

function hasVariable(scope: Scope, name: string): boolean {
  if (isObjectScope(scope)) return name in scope.variables;
  try {
    return Object.hasOwn(scope.variables, name);
  } catch {
    // It is there, but not initialised yet.
    return true;
  }
}

function valueIn(scope: Scope, name: string): Pick<FoundVariable, 'value' | 'failure'> {
  if (isObjectScope(scope)) {
    const property = descriptorOf(scope.variables, name);
    const isGetter = property !== undefined && !('value' in property);
    return { value: isGetter ? undefined : property?.value, failure: isGetter ? 'getter' : null };
  }
  try {
    return { value: Reflect.get(scope.variables, name), failure: null };
  } catch {
    return { value: undefined, failure: 'uninitialised' };
  }
}

/** The property itself, or the one it inherits. */
function descriptorOf(object: object, name: string): PropertyDescriptor | undefined {
  let holder: unknown = object;
  while (typeof holder === 'object' && holder !== null) {
    const property = Object.getOwnPropertyDescriptor(holder, name);
    if (property !== undefined) return property;
    holder = Object.getPrototypeOf(holder);
  }
  return undefined;
}
