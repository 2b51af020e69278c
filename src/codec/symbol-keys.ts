/** Finds symbols among the keys of data, which plain data leaves behind. Runs no code of its owner. */
import { types } from 'node:util';

/** Whether an object in `value` has an own property whose key is a symbol that `matters`. */
export function hasSymbolKey(value: unknown, matters: (key: symbol) => boolean): boolean {
  const found = new Set<object>();
  const add = (part: unknown): void => {
    if (typeof part === 'object' && part !== null && !types.isProxy(part)) found.add(part);
  };
  add(value);
  // A set goes on to what is added while it is walked.
  for (const object of found) {
    if (Object.getOwnPropertySymbols(object).some((key) => matters(key))) return true;
    for (const part of partsOf(object)) add(part);
  }
  return false;
}

function partsOf(object: object): unknown[] {
  if (ArrayBuffer.isView(object)) return [];
  if (Array.isArray(object)) return object;
  if (types.isMap(object)) return [...Map.prototype.entries.call(object)].flat();
  if (types.isSet(object)) return [...Set.prototype.values.call(object)];
  return Object.keys(object).map((key): unknown => Object.getOwnPropertyDescriptor(object, key)?.value);
}
