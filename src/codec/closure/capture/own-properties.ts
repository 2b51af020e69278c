/**
 * What an object has of its own, read from descriptors so that no getter runs: properties, whether it may
 * still change, and its prototype.
 */
import type { Extras, Slot, SpecialProperty } from '../wire.ts';
import type { Capturing } from './capturing.ts';
import { ownProperty } from './stack.ts';
import { prototypeSlot } from './prototype.ts';

/** Which of an object's keys are left out, as part of what its kind is made of. */
export type IsLeftOut = (key: string | symbol) => boolean;

const leaveOutNone: IsLeftOut = () => false;

/** Properties, and whether the object may still change. */
export function propertiesOf(
  object: object,
  capturing: Capturing,
  isLeftOut: IsLeftOut = leaveOutNone,
): Pick<Extras, 'properties' | 'special' | 'integrity'> {
  return {
    ...propertiesAmong(Reflect.ownKeys(object), object, capturing, isLeftOut),
    ...integrityOf(object),
  };
}

/** The same, and the prototype if it is not the usual one of its kind, which the global `kind` has. */
export function extrasOf(
  object: object,
  capturing: Capturing,
  kind: string,
  isLeftOut: IsLeftOut = leaveOutNone,
): Extras {
  return { ...propertiesOf(object, capturing, isLeftOut), ...protoOf(object, capturing, kind) };
}

/** The properties with these keys. */
export function propertiesAmong(
  keys: readonly (string | symbol)[],
  object: object,
  capturing: Capturing,
  isLeftOut: IsLeftOut = leaveOutNone,
): Pick<Extras, 'properties' | 'special'> {
  const properties: Slot[] = [];
  const special: SpecialProperty[] = [];
  for (const key of keys) {
    if (isLeftOut(key)) continue;
    const property = ownProperty(object, key);
    if (property === undefined) continue;
    noteHome(property, object, capturing);
    if (isPlain(key, property)) properties.push(key, capturing.slotOf(property.value));
    else special.push(specialProperty(key, property, capturing));
  }
  return {
    ...(properties.length > 0 ? { properties } : {}),
    ...(special.length > 0 ? { special } : {}),
  };
}

/** A function may be found again on another object, but it was most likely written for the first. */
function noteHome(property: PropertyDescriptor, object: object, { homes }: Capturing): void {
  if ('value' in property && typeof property.value !== 'function') return;
  for (const part of ['value', 'get', 'set'] as const) {
    const fn: unknown = Reflect.get(property, part);
    if (typeof fn === 'function' && !homes.has(fn)) homes.set(fn, object);
  }
}

/** An assignment to `__proto__` would be no property. */
function isPlain(key: string | symbol, property: PropertyDescriptor): key is string {
  const { writable, enumerable, configurable } = property;
  const isChangeable = writable === true && enumerable === true && configurable === true;
  return isChangeable && typeof key === 'string' && key !== '__proto__';
}

function specialProperty(
  key: string | symbol,
  property: PropertyDescriptor,
  capturing: Capturing,
): SpecialProperty {
  const slotOfPart = (part: 'value' | 'get' | 'set'): Slot => capturing.slotOf(Reflect.get(property, part));
  return {
    key: capturing.slotOf(key),
    ...('value' in property ? { value: slotOfPart('value') } : {}),
    ...(property.get === undefined ? {} : { get: slotOfPart('get') }),
    ...(property.set === undefined ? {} : { set: slotOfPart('set') }),
    ...(property.writable === true ? { writable: true } : {}),
    ...(property.enumerable === true ? { enumerable: true } : {}),
    ...(property.configurable === true ? { configurable: true } : {}),
  };
}

function protoOf(object: object, capturing: Capturing, kind: string): Pick<Extras, 'proto'> {
  const slot = prototypeSlot(object, capturing, kind);
  return slot === undefined ? {} : { proto: slot };
}

/** Whether properties may be added or changed. */
export function integrityOf(object: object): Pick<Extras, 'integrity'> {
  if (Object.isExtensible(object)) return {};
  if (Object.isFrozen(object)) return { integrity: 'frozen' };
  return { integrity: Object.isSealed(object) ? 'sealed' : 'fixed' };
}
