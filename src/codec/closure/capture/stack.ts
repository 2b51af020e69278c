/** Stacks of errors: text, however V8 keeps it. */
import { isNativeCode } from './native-code.ts';
import { readBy } from './read-builtin.ts';

/**
 * An own property. Newer versions of V8 keep a stack behind a getter of their own; here it is a value, as it
 * is in others.
 */
export function ownProperty(object: object, key: PropertyKey): PropertyDescriptor | undefined {
  const property = Object.getOwnPropertyDescriptor(object, key);
  const get: unknown = key === 'stack' && property !== undefined ? Reflect.get(property, 'get') : undefined;
  if (property === undefined || typeof get !== 'function' || !isNativeCode(get)) return property;
  const { enumerable = false, configurable = false } = property;
  return { value: readBy(property, object), writable: true, enumerable, configurable };
}

/** The stack of an error, if it has one that no code of the program makes. */
export function stackOf(error: object): string | undefined {
  const stack: unknown = ownProperty(error, 'stack')?.value;
  return typeof stack === 'string' ? stack : undefined;
}
