/**
 * What an object is, found out without running any code of its owner: no getters, no Proxy traps, no
 * `toJSON`.
 */
import { types } from 'node:util';

/** The value of an own data property; undefined if there is none, or if reading it would run a getter. */
export function ownValue(object: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value;
}

/** The object's prototype; null if it has none, or if asking for it would run a trap. */
function prototypeOf(object: object): object | null {
  if (types.isProxy(object)) return null;
  const prototype: unknown = Object.getPrototypeOf(object);
  return typeof prototype === 'object' && !types.isProxy(prototype) ? prototype : null;
}

function classNameAt(prototype: object): string | undefined {
  const made = ownValue(prototype, 'constructor');
  if (typeof made !== 'function' || types.isProxy(made)) return undefined;
  const name = ownValue(made, 'name');
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** The name of the object's class; `'Object'` if it has none. */
export function classNameOf(object: object): string {
  for (let prototype = prototypeOf(object); prototype !== null; prototype = prototypeOf(prototype)) {
    const name = classNameAt(prototype);
    if (name !== undefined) return name;
  }
  return 'Object';
}

/** The names of the object's classes, nearest first: `['Socket', 'Duplex', …, 'Object']`. */
export function classNamesOf(object: object): string[] {
  const names: string[] = [];
  for (let prototype = prototypeOf(object); prototype !== null; prototype = prototypeOf(prototype)) {
    const name = classNameAt(prototype);
    if (name !== undefined) names.push(name);
  }
  return names;
}

/** The object's classes, nearest first. */
export function classesOf(object: object): object[] {
  const classes: object[] = [];
  for (let prototype = prototypeOf(object); prototype !== null; prototype = prototypeOf(prototype)) {
    const made = ownValue(prototype, 'constructor');
    if (typeof made === 'function' && !types.isProxy(made)) classes.push(made);
  }
  return classes;
}

/** True for `{…}` and `Object.create(null)`, also those of another realm (`node:vm`, jest). */
export function isPlainObject(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === Object.prototype || prototype === null) return true;
  if (typeof prototype !== 'object' || types.isProxy(prototype)) return false;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'hasOwnProperty');
}

/** True for errors of any realm, DOMExceptions, and objects that inherit from `Error.prototype`. */
export function isErrorObject(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  return types.isNativeError(value) || inheritsFromError(value);
}

function inheritsFromError(object: object): boolean {
  for (let prototype = prototypeOf(object); prototype !== null; prototype = prototypeOf(prototype)) {
    if (prototype === Error.prototype) return true;
  }
  return false;
}
