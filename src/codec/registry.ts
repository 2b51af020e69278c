/**
 * Classes whose instances travel as their program says: with `registerClass` by their own fields, with
 * `registerSerializer` by what its `encode` makes of them.
 */
import { types } from 'node:util';
import { InvalidOptionError } from '../errors.ts';
import { decodeDomException, domExceptionType } from './closure/capture/dom-exception.ts';

/** A class, abstract or not, of which only instances are looked at. */
export type AnyClass<Instance extends object = object> = abstract new (...args: never[]) => Instance;

/** How instances of a class become data, and are made again. Both run as closures do: in the workers, too. */
export interface Serializer<Instance extends object, Data> {
  /** Makes data of an instance: anything that can be sent. Runs where the instance is. */
  readonly encode: (instance: Instance) => Data;
  /** Makes the instance again. Runs where the data arrives. */
  readonly decode: (data: Data) => Instance;
  /** What the class is called in messages. Default: its own name. */
  readonly name?: string;
}

/** What is known of a registered class. Without a serializer its own fields travel. */
export interface Registration {
  readonly name: string;
  readonly type: AnyClass;
  readonly serializer: Serializer<object, unknown> | null;
}

interface Registry {
  readonly byName: Map<string, Registration>;
  readonly byClass: Map<object, Registration>;
  /** What the parent registered. A module that this process imports may register the same under its name. */
  readonly adopted: WeakSet<Registration>;
}

// Shared by every copy of troupe in this process: a worker's own, and the one its modules import.
const key = Symbol.for('troupe.registry');

function registry(): Registry {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ours alone, by its symbol
  const holder = globalThis as { [key]?: Registry };
  return (holder[key] ??= { byName: new Map(), byClass: new Map(), adopted: new WeakSet() });
}

const { byName, byClass, adopted } = registry();

/**
 * Lets instances of a class travel in both directions by their own fields; the constructor does not run when
 * they are made again. A class that a task captures travels without this: register a class whose instances
 * only workers make. Subclasses are registered for themselves. `#private` fields need `registerSerializer`.
 *
 * Throws `InvalidOptionError` if `type` is no class, or another class has the name.
 *
 * @example
 *   import { Point } from './geometry.js';
 *   registerClass(Point);
 *   const center = await pool.submit(centerOf, points); // center instanceof Point
 */
export function registerClass<Instance extends object>(
  type: AnyClass<Instance>,
  options: { readonly name?: string } = {},
): void {
  register({ name: nameFor('registerClass', type, options.name), type, serializer: null });
}

/**
 * Lets instances of a class, and of its subclasses, travel in both directions as what `encode` makes of them.
 * Both functions are sent to the workers as closures are, and may capture what those may.
 *
 * Throws `InvalidOptionError` if `type` is no class, a function is missing, or another class has the name.
 *
 * @example
 *   registerSerializer(Matrix, {
 *     encode: (matrix) => ({ columns: matrix.columns, values: matrix.toArray() }),
 *     decode: ({ columns, values }) => Matrix.of(columns, values),
 *   });
 */
export function registerSerializer<Instance extends object, Data>(
  type: AnyClass<Instance>,
  serializer: Serializer<Instance, Data>,
): void {
  const name = nameFor('registerSerializer', type, serializer?.name);
  for (const method of ['encode', 'decode'] as const) {
    if (typeof serializer?.[method] === 'function') continue;
    throw new InvalidOptionError(
      method,
      `registerSerializer(${name}) got no function \`${method}\`. Pass { encode, decode }.`,
    );
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only ever called with instances of `type`
  register({ name, type, serializer: serializer as unknown as Serializer<object, unknown> });
}

/** The registration an object falls under, found without running any code of it. */
function registrationOf(object: object): Registration | undefined {
  if (byClass.size === 0 || types.isProxy(object)) return undefined;
  let isOwn = true;
  for (
    let proto: unknown = Object.getPrototypeOf(object);
    typeof proto === 'object' && proto !== null;
    proto = Object.getPrototypeOf(proto)
  ) {
    if (types.isProxy(proto)) return undefined;
    const made: unknown = Object.getOwnPropertyDescriptor(proto, 'constructor')?.value;
    const found = typeof made === 'function' ? byClass.get(made) : undefined;
    if (found !== undefined && (isOwn || found.serializer !== null)) return found;
    isOwn = false;
  }
  return undefined;
}

/** All registrations, in their order. */
export function registrations(): Iterable<Registration> {
  return byName.values();
}

/** How the data of a registered name is made an object again here. */
export function decoderNamed(name: string): ((data: unknown) => object) | undefined {
  if (name === domExceptionType) return decodeDomException;
  const serializer = byName.get(name)?.serializer;
  return serializer ? (data) => serializer.decode(data) : undefined;
}

/** What its serializer makes of an object; undefined if there is none for it. */
export function registeredData(
  object: object,
): { readonly type: string; readonly data: unknown; readonly decode: object } | undefined {
  const { name, serializer } = registrationOf(object) ?? {};
  if (name === undefined || serializer === undefined || serializer === null) return undefined;
  return { type: name, data: serializer.encode(object), decode: serializer.decode };
}

/** Takes over what the parent registered: its own classes are told by identity, whatever has the name. */
export function adoptRegistration(registration: Registration): void {
  adopted.add(registration);
  keep(registration);
}

function keep(registration: Registration): void {
  byName.set(registration.name, registration);
  byClass.set(registration.type, registration);
}

function register(registration: Registration): void {
  const { name, type } = registration;
  const other = byName.get(name);
  if (other !== undefined && other.type !== type && !adopted.has(other))
    throw new InvalidOptionError(
      'name',
      `Another class is registered as "${name}". Give one of them a name of its own: { name: 'Other' }.`,
    );
  const before = byClass.get(type);
  if (before !== undefined) byName.delete(before.name);
  keep(registration);
}

function nameFor(caller: string, type: unknown, given: unknown): string {
  if (typeof type !== 'function' || typeof type.prototype !== 'object')
    throw new InvalidOptionError(
      'type',
      `${caller}() got ${type === null ? 'null' : typeof type} as its first argument. Pass the class itself.`,
    );
  const name: unknown = given ?? type.name;
  if (typeof name === 'string' && name !== '') return name;
  throw new InvalidOptionError('name', `${caller}() got a class without a name. Pass { name: 'Point' }.`);
}
