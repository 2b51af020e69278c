/**
 * Makes the nodes that hold data: first each as an empty shell, so that they may refer to each other in any
 * way, then what is in them. No code of a class runs, and no setter.
 */
import type { DataNode, ErrorNode, GraphNode, RegExpNode, Slot, SymbolNode } from '../wire.ts';
import { withSourcePositions } from '../source-positions.ts';
import { bufferOf, viewOf } from './binary-data.ts';
import { applyExtras, applyExtrasAndProto, prototypeValue } from './extras.ts';
import { isObject, type MadeValues, pending } from './made-values.ts';

/** Any class; it is never called. */
export type AnyClass = abstract new (...args: never) => unknown;

/** What the receiver knows by an id or a name. */
export interface KnownByName {
  classById(id: string): AnyClass | undefined;
  symbolById(id: string, description: string | undefined): symbol | undefined;
  decoderOf(type: string): ((data: unknown) => unknown) | undefined;
}

/** Where data is made from beside its node. */
export interface DataSources {
  readonly made: MadeValues;
  readonly binaries: readonly Uint8Array[];
  readonly known: KnownByName;
}

const dataKinds: ReadonlySet<string> = new Set<DataNode['k']>([
  'symbol',
  'object',
  'array',
  'map',
  'set',
  'weakMap',
  'weakSet',
  'date',
  'regexp',
  'boxed',
  'url',
  'searchParams',
  'error',
  'buffer',
  'view',
  'registered',
  'knownClass',
]);

export function isDataNode(node: GraphNode): node is DataNode {
  return dataKinds.has(node.k);
}

/** The slots whose values must be made before the node can be. */
export function dataNeeds(node: DataNode): readonly Slot[] {
  switch (node.k) {
    case 'object':
      return node.proto === undefined ? [] : [node.proto];
    case 'view':
      return [node.buffer];
    case 'boxed':
      return [node.value];
    default:
      return [];
  }
}

/**
 * A value of the node's kind with nothing in it yet. A registered one is made of its data, which is
 * complete.
 */
export function makeData(node: DataNode, { made, binaries, known }: DataSources): unknown {
  switch (node.k) {
    case 'object':
      return node.proto === undefined ? {} : Object.create(prototypeValue(made.ready(node.proto)));
    case 'array':
      return [];
    case 'map':
      return new Map();
    case 'set':
      return new Set();
    case 'weakMap':
      return new WeakMap();
    case 'weakSet':
      return new WeakSet();
    case 'date':
      return new Date(node.time ?? Number.NaN);
    case 'regexp':
      return makeRegExp(node);
    case 'boxed':
      return makeBoxed(made.ready(node.value));
    case 'url':
      return new URL(node.text);
    case 'searchParams':
      return new URLSearchParams(node.text);
    case 'error':
      return makeError(node);
    case 'buffer':
      return bufferOf(binaries[node.bytes]);
    case 'view':
      return viewOf(node, made.ready(node.buffer));
    case 'symbol':
      return makeSymbol(node, known);
    case 'knownClass':
      return findClass(node.id, known);
    case 'registered':
      return decode(node.type, made.ready(node.data), known.decoderOf(node.type));
  }
}

/** What a user's function makes of data. */
export function decode(
  type: string,
  data: unknown,
  decoder: ((data: unknown) => unknown) | undefined,
): unknown {
  if (decoder === undefined) throw new TypeError(`no serializer is registered for "${type}" here`);
  return decoder(data);
}

/** Fills a shell. False if something that goes into it was not made yet; then this is to be repeated. */
export function fillData(node: DataNode, value: unknown, made: MadeValues): boolean {
  switch (node.k) {
    case 'object':
      return applyExtras(shellOf(value), node, made);
    case 'array':
    case 'map':
    case 'set':
    case 'weakMap':
    case 'weakSet':
      return fillItems(value, node.items, made) && applyExtrasAndProto(shellOf(value), node, made);
    case 'date':
    case 'regexp':
    case 'boxed':
    case 'error':
      return applyExtrasAndProto(shellOf(value), node, made);
    default:
      return true;
  }
}

function shellOf(value: unknown): object {
  if (isObject(value)) return value;
  throw new TypeError('a shell is no object');
}

/** By the methods themselves: a class that extends one of these may have others under their names. */
function fillItems(shell: unknown, items: readonly Slot[], made: MadeValues): boolean {
  const values = items.map((item) => made.read(item));
  if (values.includes(pending)) return false;
  if (Array.isArray(shell)) fillArray(shell, items, values);
  else if (shell instanceof Map) eachPair(values, (key, value) => Map.prototype.set.call(shell, key, value));
  else if (shell instanceof Set) for (const value of values) Set.prototype.add.call(shell, value);
  else if (shell instanceof WeakMap)
    eachPair(values, (key, value) => WeakMap.prototype.set.call(shell, weakKey(key), value));
  else if (shell instanceof WeakSet)
    for (const value of values) WeakSet.prototype.add.call(shell, weakKey(value));
  return true;
}

function fillArray(shell: unknown[], items: readonly Slot[], values: readonly unknown[]): void {
  for (const [index, item] of items.entries()) if (!isHole(item)) shell[index] = values[index];
  shell.length = items.length;
}

/** Of the values of items, key, value, key, value…, two at a time. */
function eachPair(values: readonly unknown[], use: (key: unknown, value: unknown) => unknown): void {
  for (let index = 0; index < values.length; index += 2) use(values[index], values[index + 1]);
}

function weakKey(value: unknown): object {
  if (isObject(value)) return value;
  throw new TypeError('a weak collection holds something that is no object');
}

function isHole(slot: Slot): boolean {
  return typeof slot === 'object' && slot !== null && slot[0] === 'hole';
}

function makeRegExp({ source, flags, lastIndex }: RegExpNode): RegExp {
  const regexp = new RegExp(source, flags);
  if (lastIndex !== undefined) regexp.lastIndex = lastIndex;
  return regexp;
}

function makeBoxed(value: unknown): object {
  if (isObject(value)) throw new TypeError('what is boxed is no primitive');
  return Object(value);
}

/** An error that says nothing yet; without the stack of this place, which takes long to write. */
function makeError({ stack }: ErrorNode): Error {
  const limit = Error.stackTraceLimit;
  Reflect.set(Error, 'stackTraceLimit', 0);
  const error = new Error();
  Reflect.set(Error, 'stackTraceLimit', limit);
  if (stack === undefined) Reflect.deleteProperty(error, 'stack');
  else
    Object.defineProperty(error, 'stack', {
      value: withSourcePositions(stack),
      writable: true,
      enumerable: false,
      configurable: true,
    });
  return error;
}

function makeSymbol(node: SymbolNode, known: KnownByName): symbol {
  if ('key' in node) return Symbol.for(node.key);
  if ('id' in node) return known.symbolById(node.id, node.description) ?? Symbol(node.description);
  const symbol: unknown = Reflect.get(Symbol, node.wellKnown);
  if (typeof symbol === 'symbol') return symbol;
  throw new TypeError(`there is no symbol Symbol.${node.wellKnown} here`);
}

function findClass(id: string, known: KnownByName): AnyClass {
  const found = known.classById(id);
  if (found === undefined) throw new TypeError(`no class is known by the id ${id} here`);
  return found;
}
