/**
 * What is sent of an error: enough to make it again on the other side without running its constructor.
 * Reading an error never throws; what cannot be sent of it stays behind and is named.
 */
import { RemoteError, TroupeError } from '../errors.ts';
import { classNameOf, classNamesOf, isErrorObject, ownValue } from './object-class.ts';
import { types } from 'node:util';

/** Whether a value can be sent, which an error is always. */
export type IsSendable = (value: unknown) => boolean;

/** Key by key what the text of an error holds; a key that says nothing is left out. */
export interface ErrorRecord {
  readonly class: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly cause?: unknown;
  /** Only of an AggregateError. */
  readonly errors?: readonly unknown[];
  /** Own enumerable properties. */
  readonly fields: readonly (readonly [string, unknown])[];
  /** Own properties that do not show, sent only of troupe's own errors. */
  readonly hidden: readonly (readonly [string, unknown])[];
  /** Names of the fields that could not be sent. */
  readonly unsent?: readonly string[];
  /** The codes of the error's classes, nearest first, if they are troupe's own. */
  readonly brands?: readonly string[];
}

const brandKey = Symbol.for('troupe.error');

/** Sent in places of their own, or made again on the other side. */
const handledKeys: ReadonlySet<string> = new Set(['stack', 'cause']);

/** Reads an error. A cause or inner error that cannot be sent is replaced by a description of it. */
export function errorRecord(error: Error, isSendable: IsSendable): ErrorRecord {
  const aggregate = classNamesOf(error).includes('AggregateError');
  const brands = ownValue(error, brandKey);
  const isOurs = Array.isArray(brands);
  const { fields, hidden, unsent } = readFields(error, { aggregate, isOurs, isSendable });
  const sendable = (value: unknown): unknown => (isSendable(value) ? value : describeThrown(value));
  const inner: unknown = aggregate ? read(error, 'errors') : undefined;
  return {
    class: classNameOf(error),
    name: readText(error, 'name') ?? 'Error',
    message: readText(error, 'message') ?? '',
    stack: readText(error, 'stack') ?? '',
    ...(hasCause(error) ? { cause: sendable(read(error, 'cause')) } : {}),
    ...(aggregate
      ? { errors: Array.isArray(inner) && !types.isProxy(inner) ? inner.map(sendable) : [] }
      : {}),
    fields,
    hidden,
    ...(unsent.length > 0 ? { unsent } : {}),
    ...(isOurs ? { brands: brands.filter((brand) => typeof brand === 'string') } : {}),
  };
}

interface Reading {
  readonly aggregate: boolean;
  readonly isOurs: boolean;
  readonly isSendable: IsSendable;
}

function readFields(error: Error, { aggregate, isOurs, isSendable }: Reading) {
  const fields: [string, unknown][] = [];
  const hidden: [string, unknown][] = [];
  const unsent: string[] = [];
  for (const key of Object.getOwnPropertyNames(error)) {
    if (handledKeys.has(key) || (aggregate && key === 'errors')) continue;
    // Not of all at once: V8 writes the stack when it is looked at, and fails if the name is a symbol.
    const property = Object.getOwnPropertyDescriptor(error, key);
    if (property === undefined) continue;
    const visible = property.enumerable === true;
    if (!visible && (!isOurs || key === 'name' || key === 'message')) continue;
    if (!('value' in property) || !isSendable(property.value)) unsent.push(key);
    else (visible ? fields : hidden).push([key, property.value]);
  }
  return { fields, hidden, unsent };
}

function hasCause(error: Error): boolean {
  return 'cause' in error;
}

/**
 * Reads through getters, because classes often give an error its name or message by one; a throwing one says
 * nothing.
 */
function read(error: object, key: string): unknown {
  try {
    return Reflect.get(error, key);
  } catch {
    return undefined;
  }
}

function readText(error: object, key: string): string | undefined {
  const value = read(error, key);
  return typeof value === 'string' ? value : undefined;
}

/**
 * Stands for something thrown that cannot be sent: says what it was, and has what can be sent of its fields.
 */
export function describeThrown(thrown: unknown): RemoteError {
  const error = standIn(
    thrown,
    `The task threw ${describe(thrown)}, which cannot be sent to another process. ` +
      'Throw an Error, with plain data in its fields.',
  );
  if (typeof thrown === 'object' && thrown !== null && !types.isProxy(thrown)) copyFields(thrown, error);
  return error;
}

/** Stands for something thrown whose text is longer than a string may be. */
export function describeTooLarge(thrown: unknown): RemoteError {
  return standIn(
    thrown,
    `The task threw ${describe(thrown)} too large to be sent. Throw less, or bytes as a Buffer.`,
  );
}

function standIn(thrown: unknown, message: string): RemoteError {
  const remoteName = typeof thrown === 'object' && thrown !== null ? classNameOf(thrown) : typeof thrown;
  const error = new RemoteError(message, { remoteName, remoteStack: '' });
  // Where the codec was is of no use to anyone.
  error.stack = `${error.name}: ${message}`;
  return error;
}

function describe(thrown: unknown): string {
  if (typeof thrown === 'function') {
    const name = types.isProxy(thrown) ? undefined : ownValue(thrown, 'name');
    return typeof name === 'string' && name !== '' ? `the function ${name}` : 'a function';
  }
  if (typeof thrown === 'symbol') return `the symbol ${String(thrown)}`;
  if (typeof thrown !== 'object' || thrown === null) return `a ${typeof thrown}`;
  if (types.isProxy(thrown)) return 'a Proxy';
  const name = classNameOf(thrown);
  return name === 'Object' ? 'an object' : `an instance of class ${name}`;
}

/**
 * Own data of what was thrown; the copy is an error, so that what cannot be sent of it is dropped and named.
 */
function copyFields(from: object, to: RemoteError): void {
  if (isErrorObject(from) || Array.isArray(from) || ArrayBuffer.isView(from)) return;
  for (const key of Object.keys(from)) {
    const property = Object.getOwnPropertyDescriptor(from, key);
    if (property !== undefined && !(key in TroupeError.prototype) && !Object.hasOwn(to, key)) {
      Object.defineProperty(to, key, { ...property, configurable: true });
    }
  }
}
