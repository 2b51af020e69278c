/**
 * Compares two values as graphs: the same data in the same order, and references that repeat in the same
 * places.
 */
import { isDeepStrictEqual } from 'node:util';

/** True if nothing but the identity of the objects tells the values apart. */
export function isSameGraph(left: unknown, right: unknown): boolean {
  const partners = new Map<object, object>();
  const pending: [unknown, unknown][] = [[left, right]];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [a, b] = pair;
    if (!isObject(a) || !isObject(b)) {
      if (!Object.is(a, b)) return false;
      continue;
    }
    if (partners.has(a)) {
      if (partners.get(a) !== b) return false;
      continue;
    }
    partners.set(a, b);
    const [aParts, bParts] = [partsOf(a), partsOf(b)];
    if (aParts === null || bParts === null) {
      if (!isSameLeaf(a, b)) return false;
      continue;
    }
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b) || aParts.length !== bParts.length)
      return false;
    for (const [index, part] of aParts.entries()) pending.push([part, bParts[index]]);
  }
  return new Set(partners.values()).size === partners.size;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function partsOf(object: object): unknown[] | null {
  if (object instanceof Map) return [...object].flat();
  if (object instanceof Set) return [...object];
  if (!Array.isArray(object) && Object.getPrototypeOf(object) !== Object.prototype) return null;
  const length = Array.isArray(object) ? object.length : -1;
  return [length, ...Object.keys(object).flatMap((key) => [key, Reflect.get(object, key) as unknown])];
}

function isSameLeaf(a: object, b: object): boolean {
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  return isDeepStrictEqual(a, b);
}
