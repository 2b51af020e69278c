/**
 * Makes the error that a task threw again, from what the child sent of it and without running a constructor
 * of the user.
 */
import * as errors from '../errors.ts';
import { withSourcePositions } from './closure/source-positions.ts';

/** A class of errors; only its prototype is used, its constructor never runs. */
export interface ErrorConstructorLike {
  readonly name: string;
  readonly prototype: Error;
}

/** Finds the user's class of a name, if this process has it. */
export type FindErrorClass = (name: string) => ErrorConstructorLike | undefined;

const builtinClasses: ReadonlyMap<string, ErrorConstructorLike> = new Map(
  [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, AggregateError].map(
    (made): [string, ErrorConstructorLike] => [made.name, made],
  ),
);

const brandKey = Symbol.for('troupe.error');

const ownClasses: ReadonlyMap<string, ErrorConstructorLike> = new Map(
  Object.values(errors)
    .filter((made) => typeof made === 'function')
    .map((made): [string, ErrorConstructorLike] => [made.code, made]),
);

interface ReceivedError {
  readonly class: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly fields: readonly (readonly [string, unknown])[];
  readonly hidden: readonly (readonly [string, unknown])[];
  readonly unsent: readonly string[];
  readonly brands: readonly string[];
  /** The cause and inner errors, where there are any. */
  readonly links: readonly (readonly [string, unknown])[];
}

/** The error a record stands for; throws if the record is not one. */
export function rebuildError(record: unknown, known: FindErrorClass | undefined): Error {
  const received = readRecord(record);
  const error = withoutStack(() => makeError(received, known));
  const stack = received.stack === '' ? `${error.name}: ${error.message}` : received.stack;
  define(error, 'stack', stack + unsentLine(received.unsent));
  for (const [key, value] of [...received.links, ...received.hidden]) define(error, key, value);
  for (const [key, value] of received.fields) {
    Object.defineProperty(error, key, { value, enumerable: true, configurable: true, writable: true });
  }
  if (received.unsent.length > 0) define(error, 'unsentFields', received.unsent);
  return error;
}

/** Capturing a stack that is then replaced costs ten times what the rest does. */
function withoutStack(make: () => Error): Error {
  const limit = Error.stackTraceLimit;
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    return make();
  } finally {
    Reflect.set(Error, 'stackTraceLimit', limit);
  }
}

function makeError(received: ReceivedError, known: FindErrorClass | undefined): Error {
  const { name, message, brands } = received;
  if (received.class === 'DOMException') return new DOMException(message, name);
  const own = brands.map((code) => ownClasses.get(code)).find((made) => made !== undefined);
  const made = own ?? builtinClasses.get(received.class) ?? findKnown(received, known);
  if (made === undefined) return makeRemoteError(received);
  const error = new Error(message);
  Object.setPrototypeOf(error, made.prototype);
  if (own !== undefined) define(error, brandKey, brands);
  // Compared as data, for a getter of the name could need a constructor to have run.
  if (own !== undefined || nameOf(made.prototype) !== name) define(error, 'name', name);
  return error;
}

function nameOf(prototype: object): unknown {
  const own = Object.getOwnPropertyDescriptor(prototype, 'name');
  if (own !== undefined) return own.value;
  const parent: unknown = Object.getPrototypeOf(prototype);
  return typeof parent === 'object' && parent !== null ? nameOf(parent) : undefined;
}

function findKnown(
  received: ReceivedError,
  known: FindErrorClass | undefined,
): ErrorConstructorLike | undefined {
  const made = known?.(received.class) ?? known?.(received.name);
  return made?.prototype instanceof Error ? made : undefined;
}

/** An error whose class gave it no name of its own goes by the name of the class. */
function makeRemoteError(received: ReceivedError): Error {
  const remoteName = received.name === 'Error' ? received.class : received.name;
  const error = new errors.RemoteError(received.message, { remoteName, remoteStack: received.stack });
  define(error, 'name', remoteName);
  return error;
}

function define(error: Error, key: PropertyKey, value: unknown): void {
  Object.defineProperty(error, key, { value, enumerable: false, configurable: true, writable: true });
}

function unsentLine(unsent: readonly string[]): string {
  return unsent.length === 0 ? '' : `\n    (fields that could not be sent: ${unsent.join(', ')})`;
}

function readRecord(record: unknown): ReceivedError {
  if (typeof record !== 'object' || record === null) throw new TypeError('an error has no record');
  const links = ['cause', 'errors'].filter((key) => Object.hasOwn(record, key));
  return {
    class: textOf(record, 'class'),
    name: textOf(record, 'name'),
    message: textOf(record, 'message'),
    stack: withSourcePositions(textOf(record, 'stack')),
    fields: listOf(record, 'fields', isEntry),
    hidden: listOf(record, 'hidden', isEntry),
    unsent: listOf(record, 'unsent', isText),
    brands: listOf(record, 'brands', isText),
    links: links.map((key): [string, unknown] => [key, Reflect.get(record, key)]),
  };
}

function textOf(record: object, key: string): string {
  const value: unknown = Reflect.get(record, key);
  if (typeof value !== 'string') throw new TypeError(`an error has no ${key}`);
  return value;
}

function listOf<Item>(record: object, key: string, isItem: (value: unknown) => value is Item): Item[] {
  const list: unknown = Object.hasOwn(record, key) ? Reflect.get(record, key) : [];
  if (!Array.isArray(list) || !list.every(isItem)) throw new TypeError(`an error has wrong ${key}`);
  return list;
}

const isText = (value: unknown): value is string => typeof value === 'string';

const isEntry = (value: unknown): value is readonly [string, unknown] =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';
