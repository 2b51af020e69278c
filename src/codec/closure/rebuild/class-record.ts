/**
 * What a class was like when it was just defined, so that a later call finds it that way again, and not as
 * tasks in between have left it.
 */
import type { Extras } from '../wire.ts';
import type { Bind } from './compile-unit.ts';
import type { AnyClass } from './data-nodes.ts';
import { isObject } from './made-values.ts';

interface Baseline {
  readonly properties: ReadonlyMap<string | symbol, PropertyDescriptor>;
  readonly proto: object | null;
}

/** One class as its text defines it, without what the other process sends beside. */
export class ClassRecord {
  readonly code: string;
  readonly isDerived: boolean;
  readonly bind: Bind | undefined;
  readonly #own: Baseline;
  readonly #prototype: Baseline;

  constructor(made: AnyClass, code: string, isDerived: boolean, bind: Bind | undefined) {
    this.code = code;
    this.isDerived = isDerived;
    this.bind = bind;
    this.#own = baselineOf(made);
    this.#prototype = baselineOf(prototypeOf(made));
  }

  /**
   * Undoes what was done to the class since. False if that cannot be, for it was frozen. Properties that
   * `extras` and `prototypeExtras` will set are left for these.
   */
  restore(made: AnyClass, extras: Extras, prototypeExtras: Extras | undefined): boolean {
    return (
      restore(made, this.#own, extras) && restore(prototypeOf(made), this.#prototype, prototypeExtras ?? {})
    );
  }
}

/** The object that instances of the class inherit from. */
export function prototypeOf(made: AnyClass): object {
  const prototype: unknown = made.prototype;
  if (isObject(prototype)) return prototype;
  throw new TypeError('a class has no prototype');
}

function baselineOf(object: object): Baseline {
  const properties = new Map(
    Reflect.ownKeys(object).map((key) => [key, Object.getOwnPropertyDescriptor(object, key) ?? {}]),
  );
  const proto: unknown = Object.getPrototypeOf(object);
  return { properties, proto: isObject(proto) ? proto : null };
}

function restore(object: object, { properties, proto }: Baseline, { properties: set = [] }: Extras): boolean {
  if (!Object.isExtensible(object)) return false;
  const isSet = new Set<unknown>(set.filter((_, index) => index % 2 === 0));
  for (const key of Reflect.ownKeys(object))
    if (!properties.has(key) && !isSet.has(key) && !Reflect.deleteProperty(object, key)) return false;
  for (const [key, property] of properties) {
    // Each definition anew would make V8 forget what it knows of the class.
    if (isSame(Object.getOwnPropertyDescriptor(object, key), property)) continue;
    if (!Reflect.defineProperty(object, key, property)) return false;
  }
  return Object.getPrototypeOf(object) === proto || Reflect.setPrototypeOf(object, proto);
}

function isSame(current: PropertyDescriptor | undefined, property: PropertyDescriptor): boolean {
  if (current === undefined) return false;
  const fields = ['value', 'get', 'set', 'writable', 'enumerable', 'configurable'] as const;
  return fields.every((field) => Object.is(current[field], property[field]));
}
