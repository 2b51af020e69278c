/**
 * The question of the fast path: would `JSON.stringify` and `JSON.parse` give this value back exactly?
 */
import { types } from 'node:util';

/** Deeper values take the slow path, which does not recurse. */
const recursionLimit = 100;

/**
 * True if the value is a tree of null, booleans, strings, finite numbers, arrays without holes and plain
 * objects. A repeated reference, a getter or a `toJSON` makes it false. The elements of an array are read as
 * by any loop.
 */
export function isPlainJson(value: unknown): boolean {
  return isPlain(value, new Set(), 0);
}

function isPlain(value: unknown, seen: Set<object>, depth: number): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value === 'object' && isPlainContainer(value, seen, depth);
}

function isPlainContainer(container: object, seen: Set<object>, depth: number): boolean {
  if (depth > recursionLimit || types.isProxy(container) || seen.has(container)) return false;
  const prototype: unknown = Object.getPrototypeOf(container);
  const isList = prototype === Array.prototype && Array.isArray(container);
  if (!isList && prototype !== Object.prototype && prototype !== null) return false;
  if ('toJSON' in container) return false;
  seen.add(container);
  return isList
    ? isPlainList(container, seen, depth + 1)
    : !isExoticObject(container) && isPlainRecord(container, seen, depth + 1);
}

function isPlainList(list: readonly unknown[], seen: Set<object>, depth: number): boolean {
  for (let index = 0; index < list.length; index++) {
    if (!isPlain(list[index], seen, depth)) return false;
  }
  return true;
}

function isPlainRecord(record: object, seen: Set<object>, depth: number): boolean {
  for (const key of Object.keys(record)) {
    // Reading the property could run a getter; the descriptor of a getter has no value, so is not plain.
    if (!isPlain(Object.getOwnPropertyDescriptor(record, key)?.value, seen, depth)) return false;
  }
  return true;
}

/** Objects whose prototype is that of a plain object although they are something else. */
export function isExoticObject(object: object): boolean {
  return (
    Array.isArray(object) ||
    types.isArgumentsObject(object) ||
    types.isModuleNamespaceObject(object) ||
    types.isExternal(object)
  );
}
