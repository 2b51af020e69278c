/** DOMExceptions keep what they say to themselves, and so travel by a type that every process knows. */
import { classNamesOf } from '../../object-class.ts';
import { withSourcePositions } from '../source-positions.ts';
import type { Registered } from './options.ts';
import { readBuiltin } from './read-builtin.ts';
import { stackOf } from './stack.ts';

/** The type under which they travel. No registered serializer has such a name. */
export const domExceptionType = 'troupe/DOMException';

/** What is sent of a DOMException; undefined for any other object. */
export function encodeDomException(object: object): Registered | undefined {
  if (!classNamesOf(object).includes('DOMException')) return undefined;
  try {
    const [name, message] = ['name', 'message'].map((key) => readBuiltin('DOMException', key, object));
    return { type: domExceptionType, data: [name, message, stackOf(object)] };
  } catch {
    // It only looks like one.
    return undefined;
  }
}

/** Makes a DOMException of what was sent of another. */
export function decodeDomException(data: unknown): DOMException {
  const [name, message, stack] = Array.isArray(data) ? (data as readonly unknown[]) : [];
  const made = new DOMException(String(message), String(name));
  if (typeof stack === 'string')
    Object.defineProperty(made, 'stack', {
      value: withSourcePositions(stack),
      configurable: true,
      writable: true,
    });
  return made;
}
