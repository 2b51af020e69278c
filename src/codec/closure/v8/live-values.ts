/** Takes apart the objects in which V8 hands out live values. They are of no realm, and have no accessors. */

/** Whether a value has properties of its own. */
export function isObjectLike(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** A property; undefined if there is none. */
export function propertyOf(value: unknown, name: PropertyKey): unknown {
  return isObjectLike(value) ? Reflect.get(value, name) : undefined;
}

/** What is in a list of V8's; nothing if it is none. */
export function listFrom(list: unknown): unknown[] {
  const length = propertyOf(list, 'length');
  return typeof length === 'number' ? Array.from({ length }, (_, index) => propertyOf(list, index)) : [];
}
