/**
 * Objects of the language's and Node's own classes that are data: dates, regular expressions, errors, URLs…
 * They are told by what they are inside, and read through the classes' own getters.
 */
import { types } from 'node:util';
import { classNamesOf, ownValue } from '../../object-class.ts';
import type { ErrorNode, GraphNode, SignalNode } from '../wire.ts';
import type { Capturing } from './capturing.ts';
import { extrasOf } from './own-properties.ts';
import { isPrototypeOf, prototypeOf } from './prototype.ts';
import { readBuiltin } from './read-builtin.ts';
import { stackOf } from './stack.ts';

/** The node of an object of such a class; undefined for any other object. */
export function builtinNode(object: object, capturing: Capturing): GraphNode | undefined {
  if (types.isDate(object)) return dateNode(object, capturing);
  if (types.isRegExp(object)) return regExpNode(object, capturing);
  if (types.isBoxedPrimitive(object)) return boxedNode(object, capturing);
  if (types.isNativeError(object)) return errorNode(object, capturing);
  const names = classNamesOf(object);
  if (names.includes('URL')) return textNode('url', object);
  if (names.includes('URLSearchParams')) return textNode('searchParams', object);
  // It goes to a worker, and not back.
  if (names.includes('AbortSignal') && capturing.options.isDataOnly !== true)
    return signalNode(object, capturing);
  return undefined;
}

function dateNode(object: object, capturing: Capturing): GraphNode {
  const time = Number(readBuiltin('Date', 'getTime', object));
  return { k: 'date', time: Number.isNaN(time) ? null : time, ...extrasOf(object, capturing, 'Date') };
}

function regExpNode(object: object, capturing: Capturing): GraphNode {
  const lastIndex = ownValue(object, 'lastIndex');
  return {
    k: 'regexp',
    source: String(readBuiltin('RegExp', 'source', object)),
    flags: String(readBuiltin('RegExp', 'flags', object)),
    ...(typeof lastIndex === 'number' && lastIndex !== 0 ? { lastIndex } : {}),
    ...extrasOf(object, capturing, 'RegExp', (key) => key === 'lastIndex'),
  };
}

const boxes: readonly [kind: string, isKind: (object: object) => boolean][] = [
  ['String', types.isStringObject],
  ['Number', types.isNumberObject],
  ['Boolean', types.isBooleanObject],
  ['Symbol', types.isSymbolObject],
  ['BigInt', types.isBigIntObject],
];

function boxedNode(object: object, capturing: Capturing): GraphNode | undefined {
  const [kind] = boxes.find(([, isKind]) => isKind(object)) ?? [];
  if (kind === undefined) return undefined;
  const value = readBuiltin(kind, 'valueOf', object);
  const length = typeof value === 'string' ? value.length : 0;
  const isLeftOut = (key: string | symbol): boolean =>
    kind === 'String' && typeof key === 'string' && (key === 'length' || Number(key) < length);
  return { k: 'boxed', value: capturing.slotOf(value), ...extrasOf(object, capturing, kind, isLeftOut) };
}

function errorNode(error: object, capturing: Capturing): ErrorNode {
  const stack = stackOf(error);
  return {
    k: 'error',
    ...(stack === undefined ? {} : { stack }),
    ...extrasOf(error, capturing, 'Error', (key) => key === 'stack' && stack !== undefined),
  };
}

const textOf = { url: ['URL', 'href'], searchParams: ['URLSearchParams', 'toString'] } as const;

/** One with a class of its own is an instance like any other, whose class cannot go. */
function textNode(k: 'url' | 'searchParams', object: object): GraphNode | undefined {
  const [kind, member] = textOf[k];
  const prototype = prototypeOf(object);
  if (prototype === null || !isPrototypeOf(prototype, kind)) return undefined;
  const text = readOrNone(kind, member, object);
  return typeof text === 'string' ? { k, text } : undefined;
}

function signalNode(object: object, capturing: Capturing): SignalNode | undefined {
  const isAborted = readOrNone('AbortSignal', 'aborted', object);
  if (typeof isAborted !== 'boolean' || !(object instanceof AbortSignal)) return undefined;
  return {
    k: 'signal',
    index: capturing.signals.push(object) - 1,
    ...(isAborted ? { aborted: capturing.slotOf(readBuiltin('AbortSignal', 'reason', object)) } : {}),
  };
}

/** undefined: the object only looks as if it were of that class. */
function readOrNone(kind: string, member: string, object: object): unknown {
  try {
    return readBuiltin(kind, member, object);
  } catch {
    return undefined;
  }
}
