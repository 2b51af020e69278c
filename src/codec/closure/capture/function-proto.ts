/** What functions and classes have by default: a name, and what they inherit from. */
import { ownValue } from '../../object-class.ts';
import { globalPath } from '../known.ts';
import type { Slot } from '../wire.ts';
import type { Capturing } from './capturing.ts';
import { isNativeCode } from './native-code.ts';
import { prototypeOf } from './prototype.ts';

/** The name, unless that was replaced by something that is no text. */
export function nameOf(fn: object): string {
  const name = ownValue(fn, 'name');
  return typeof name === 'string' ? name : '';
}

/** The prototype of a function; undefined for the usual one of its kind. */
export function protoOfFunction(fn: object, capturing: Capturing): Slot | undefined {
  const proto = prototypeOf(fn);
  if (proto === null) return null;
  const isUsual = globalPath(proto) !== undefined || isOtherRealms(proto);
  return isUsual ? undefined : capturing.slotOf(proto);
}

/** `Function.prototype` is a native function itself; those of generators and async functions have a tag. */
function isOtherRealms(proto: object): boolean {
  if (typeof proto === 'function') return isNativeCode(proto);
  const tag = ownValue(proto, Symbol.toStringTag);
  return typeof tag === 'string' && /^(?:Async)?(?:Generator)?Function$/u.test(tag);
}
