/**
 * Modules as objects: namespaces, and what compilers and test tools make of them. Of such an object, only the
 * members that a function names are sent.
 */
import { types } from 'node:util';
import { isPlainObject, ownValue } from '../../object-class.ts';
import type { FreeVariable } from '../source/function-source.ts';
import type { Slot } from '../wire.ts';
import type { Capturing } from './capturing.ts';
import { refuseGetter, refuseUninitialised } from './refusals.ts';

/** The names that esbuild, vite and vitest give to imported modules. */
const toolName = /^(?:import_[\w$]+|__vite_ssr_import_\d+__|__vi_import_\d+__)$/u;

/**
 * `() => name`, `() => from[key]`, `get() { try { return name } catch {} }`: only the reading of a
 * variable.
 */
const bindingGetter = new RegExp(
  [
    String.raw`^(?:(?:get|function)\s*\w*\(\)|\(\)\s*=>)\s*`,
    String.raw`(?:\{\s*(?:try\s*\{\s*)?return)?\s*`,
    String.raw`[\w$]+(?:\.[\w$]+|\[[\w$]+\])?;?\s*(?:\}[^]*)?$`,
  ].join(''),
  'u',
);

/** Whether a variable holds a module, and only members of it are used. */
export function isNamespaceLike(
  { name, isAssigned, isUsedWhole, members }: FreeVariable,
  value: object,
): boolean {
  if (isAssigned || isUsedWhole || members.size === 0 || typeof value === 'function') return false;
  if (types.isProxy(value)) return toolName.test(name);
  const isTools = toolName.test(name) || isCommonJsModule(name, value);
  return isTools || types.isModuleNamespaceObject(value) || hasOnlyBindings(value);
}

/** The variable `module` of a CommonJS file, which knows all modules of the program. */
function isCommonJsModule(name: string, value: object): boolean {
  return (
    name === 'module' && typeof ownValue(value, 'filename') === 'string' && Object.hasOwn(value, 'exports')
  );
}

/** Exports as a bundler makes them: getters, and perhaps a default. */
function hasOnlyBindings(object: object): boolean {
  // All others may have very many properties, and none that is a getter like this.
  if (!isPlainObject(object)) return false;
  let hasBinding = false;
  for (const name of Object.getOwnPropertyNames(object)) {
    if (isBinding(Object.getOwnPropertyDescriptor(object, name))) hasBinding = true;
    else if (name !== 'default' && name !== '__esModule') return false;
  }
  return hasBinding;
}

function isBinding(property: PropertyDescriptor | undefined): boolean {
  const get: unknown = property === undefined ? undefined : Reflect.get(property, 'get');
  return typeof get === 'function' && bindingGetter.test(Function.prototype.toString.call(get));
}

/** An object with the members that are used. */
export function membersSlot({ name, members }: FreeVariable, module: object, capturing: Capturing): Slot {
  const properties = [...members].flatMap((member): Slot[] => {
    const slot = memberSlot(module, member, toolName.test(name), capturing);
    return slot === undefined ? [] : [member, slot];
  });
  return capturing.slotFor({ k: 'object', properties });
}

/** The slot of a member; undefined if there is none. */
export function memberSlot(
  module: object,
  member: string,
  isTools: boolean,
  capturing: Capturing,
): Slot | undefined {
  try {
    // What vitest gives for modules of Node is a Proxy of its own.
    if (isTools && types.isProxy(module)) return capturing.slotOf(Reflect.get(module, member));
    const property = Object.getOwnPropertyDescriptor(module, member);
    if (property === undefined) return undefined;
    if ('value' in property) return capturing.slotOf(property.value);
    // Such a getter only reads a variable of the module.
    if (isTools || isBinding(property)) return capturing.slotOf(property.get?.call(module));
    return capturing.refuse(refuseGetter());
  } catch {
    return capturing.refuse(refuseUninitialised());
  }
}
