/**
 * Reads an object by a method or getter that its builtin class has, whatever the object or its class puts
 * before it.
 */

/** What the method or getter gives. Throws TypeError if the object is not of that class. */
export function readBuiltin(kind: string, member: string, object: object): unknown {
  const made: unknown = Reflect.get(globalThis, kind);
  if (typeof made !== 'function') throw new TypeError(`there is no class ${kind}`);
  const prototype: unknown = made.prototype;
  const property = Object.getOwnPropertyDescriptor(Object(prototype), member);
  return readBy(property, object);
}

/** The value of a property; a getter is run on the object. */
export function readBy(property: PropertyDescriptor | undefined, object: object): unknown {
  const read: unknown = property && Reflect.get(property, 'get' in property ? 'get' : 'value');
  return typeof read === 'function' ? Reflect.apply(read, object, []) : read;
}
