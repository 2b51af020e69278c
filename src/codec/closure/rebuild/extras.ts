/** Puts properties, prototypes and integrity on objects, without ever running a setter. */
import type { Extras, PlainProperties, Slot, SpecialProperty } from '../wire.ts';
import { isObject, type MadeValues, pending } from './made-values.ts';

/**
 * Gives an object its properties and its integrity. False if some value was not made yet; then this is to be
 * repeated.
 */
export function applyExtras(target: object, extras: Extras, made: MadeValues): boolean {
  let isComplete = true;
  if (extras.properties !== undefined) isComplete = define(target, extras.properties, made);
  for (const property of extras.special ?? [])
    isComplete = defineSpecial(target, property, made) && isComplete;
  if (isComplete) applyIntegrity(target, extras.integrity);
  return isComplete;
}

/** The same with the prototype, for objects that were made with the usual one of their kind. */
export function applyExtrasAndProto(target: object, extras: Extras, made: MadeValues): boolean {
  if (extras.proto === undefined) return applyExtras(target, extras, made);
  const proto = made.read(extras.proto);
  if (proto === pending) return false;
  Object.setPrototypeOf(target, prototypeValue(proto));
  return applyExtras(target, extras, made);
}

/** Throws for what cannot be a prototype. */
export function prototypeValue(value: unknown): object | null {
  if (value === null || isObject(value)) return value;
  throw new TypeError('a prototype is no object');
}

function define(target: object, properties: PlainProperties, made: MadeValues): boolean {
  let isComplete = true;
  for (let index = 0; index < properties.length; index += 2) {
    const value = made.read(properties[index + 1] ?? null);
    if (value === pending) isComplete = false;
    else setOwn(target, String(properties[index]), value);
  }
  return isComplete;
}

/** An assignment is much faster, but would run a setter of the prototype: that of `__proto__`, for one. */
function setOwn(target: object, key: string, value: unknown): void {
  if (isFree(target, key)) target[key] = value;
  else Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

function isFree(target: object, key: string): target is Record<string, unknown> {
  return !(key in target);
}

function defineSpecial(target: object, property: SpecialProperty, made: MadeValues): boolean {
  const key = made.read(property.key);
  const parts = [property.value, property.get, property.set].map((slot) => readOptional(slot, made));
  if (key === pending || parts.includes(pending)) return false;
  if (typeof key !== 'string' && typeof key !== 'symbol')
    throw new TypeError('the key of a property is neither text nor a symbol');
  const [value, get, set] = parts;
  const { enumerable = false, configurable = false, writable = false } = property;
  const isAccessor = property.get !== undefined || property.set !== undefined;
  if (isAccessor) {
    const descriptor = { get: accessor(get), set: accessor(set), enumerable, configurable };
    // `get: undefined` is fine for JavaScript, though not for the type.
    Reflect.apply(Object.defineProperty, Object, [target, key, descriptor]);
  } else Object.defineProperty(target, key, { value, writable, enumerable, configurable });
  return true;
}

function readOptional(slot: Slot | undefined, made: MadeValues): unknown {
  return slot === undefined ? undefined : made.read(slot);
}

type Accessor = (this: unknown, ...args: unknown[]) => unknown;

function accessor(value: unknown): Accessor | undefined {
  if (value === undefined || isAccessor(value)) return value;
  throw new TypeError('a getter or setter is no function');
}

const isAccessor = (value: unknown): value is Accessor => typeof value === 'function';

function applyIntegrity(target: object, integrity: Extras['integrity']): void {
  if (integrity === 'frozen') Object.freeze(target);
  else if (integrity === 'sealed') Object.seal(target);
  else if (integrity === 'fixed') Object.preventExtensions(target);
}
