/** What an object inherits from, as a slot. */
import { ownValue } from '../../object-class.ts';
import { globalPath } from '../known.ts';
import type { Slot } from '../wire.ts';
import type { Capturing } from './capturing.ts';
import { isNativeCode } from './native-code.ts';
import { classOf } from './prototype-owner.ts';

/** The slot of an object's prototype; undefined for the usual one, that of the global class `kind`. */
export function prototypeSlot(object: object, capturing: Capturing, kind: string): Slot | undefined {
  const prototype = prototypeOf(object);
  if (prototype === null) return null;
  return isPrototypeOf(prototype, kind) ? undefined : capturing.slotOf(prototype);
}

/** What an object inherits from. */
export function prototypeOf(object: object): object | null {
  const prototype: unknown = Object.getPrototypeOf(object);
  return typeof prototype === 'object' || typeof prototype === 'function' ? prototype : null;
}

/** Whether an object is the prototype of the global class of that name, be it of another realm. */
export function isPrototypeOf(prototype: object, kind: string): boolean {
  const made = classOf(prototype);
  if (made === undefined || ownValue(made, 'name') !== kind) return false;
  return made === ownValue(globalThis, kind) || globalPath(made)?.[0] === kind || isNativeCode(made);
}
