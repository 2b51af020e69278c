/**
 * Whether two sets of options mean the same pool. Plain objects and arrays are compared by what is in them,
 * functions by identity or by the address they are imported from, and everything else by identity unless
 * it is a value.
 */

import { isDeepStrictEqual, types } from 'node:util';
import { importableReference } from '../codec/function-reference.ts';

export function areSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one === 'function' && typeof other === 'function') return isSameFunction(one, other);
  if (isPlain(one) && isPlain(other)) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].every((name) => areSame(Reflect.get(one, name), Reflect.get(other, name)));
  }
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => areSame(item, other[index]));
  return isValue(one) && isValue(other) && isDeepStrictEqual(one, other);
}

/** What is compared later must not change with what the caller does to it. */
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (isPlain(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copyOf(item)]));
  return isValue(value) ? structuredClone(value) : value;
}

function isSameFunction(one: unknown, other: unknown): boolean {
  const [first, second] = [importableReference(one), importableReference(other)];
  return first !== undefined && first.url === second?.url && first.name === second.name;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether all there is to an object is its content. */
const isValue = (value: unknown): boolean =>
  types.isDate(value) || types.isRegExp(value) || ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value);
