/**
 * Finds what Node adds to the globals of the language. Most of that Node loads when it is first used, so
 * nothing is read that a program has not read itself.
 */
import process from 'node:process';
import { types } from 'node:util';
import vm from 'node:vm';
import type { GlobalPath } from './intrinsics.ts';
import { isObjectLike, propertyOf } from './v8/live-values.ts';
import { isPartOfNode } from './v8/part-of-node.ts';

/** No version of Node has all of them. */
const names: ReadonlySet<string> = new Set(
  `AbortController AbortSignal Blob BroadcastChannel Buffer ByteLengthQueuingStrategy CloseEvent
  CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DecompressionStream
  ErrorEvent Event EventSource EventTarget File FormData Headers MessageChannel MessageEvent
  MessagePort Navigator Performance PerformanceEntry PerformanceMark PerformanceMeasure
  PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming QuotaExceededError
  ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest
  ReadableStreamDefaultController ReadableStreamDefaultReader Request Response Storage SubtleCrypto
  TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream
  TransformStreamDefaultController URL URLPattern URLSearchParams WebSocket WritableStream
  WritableStreamDefaultController WritableStreamDefaultWriter atob btoa clearImmediate clearInterval
  clearTimeout console crypto fetch global localStorage navigator performance process queueMicrotask
  sessionStorage setImmediate setInterval setTimeout structuredClone`.split(/\s+/u),
);

/**
 * Those that are there from the start. Even to look at the property of another may load tens of
 * milliseconds of code.
 */
const loadedNames = `URL URLSearchParams Event EventTarget TextDecoder TextEncoder atob btoa clearImmediate
  clearInterval clearTimeout console fetch queueMicrotask setImmediate setInterval setTimeout
  structuredClone`.split(/\s+/u);

/** The only instances of their classes. */
const instances: ReadonlyMap<string, string> = new Map([
  ['Crypto', 'crypto'],
  ['Navigator', 'navigator'],
  ['Performance', 'performance'],
]);

const streams = ['stdin', 'stdout', 'stderr'];

let table: Map<object, GlobalPath> | undefined;

/** Whether Node, if it is new enough, has a global of this name beside those of the language. */
export function isNodeName(name: string): boolean {
  return names.has(name) && Object.hasOwn(globalThis, name);
}

/** The way to what Node adds to the globals, as far as it is still Node's own. */
export function nodeGlobalPath(value: object): GlobalPath | undefined {
  if (types.isProxy(value)) return undefined;
  // It is like any other object, except for what it does.
  if (value === process.env) return ['process', 'env'];
  if (isPlain(value)) return undefined;
  table ??= findLoaded();
  const path = table.get(value) ?? lazyPath(value, table);
  return path !== undefined && isNodesOwn(value) ? path : streamPath(value);
}

/** Whether a global of Node has the value that Node gave it, read or not. */
export function isOriginalNodeGlobal(name: string, realm: object = globalThis): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(realm, name);
  const value = propertyOf(descriptor, 'value');
  // In the vm contexts of test tools it may be the global object of the main one.
  if (name === 'global') return isObjectLike(value) && ownValue(value, name) === value;
  const getter = propertyOf(descriptor, 'get');
  if (!isObjectLike(getter)) return isObjectLike(value) && isOriginal(value, name);
  if (!isPartOfNode(getter)) return false;
  // These two getters give whatever was set.
  if (name === 'process') return Reflect.get(realm, name) === process;
  return name !== 'Buffer' || isNodesOwn(Buffer);
}

function isOriginal(value: object, name: string): boolean {
  if (types.isProxy(value) || !isNodesOwn(value)) return false;
  return typeof value !== 'function' || ownValue(value, 'name') === name;
}

/** Most objects are, so that they are told quickly. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Array.prototype) return true;
  return prototype === Object.prototype && !Object.hasOwn(value, 'constructor');
}

function findLoaded(): Map<object, GlobalPath> {
  const found = new Map<object, GlobalPath>();
  addMembers(process, ['process'], found);
  addMembers(process.hrtime, ['process', 'hrtime'], found);
  addMembers(Buffer, ['Buffer'], found);
  addMembers(process.getBuiltinModule('node:console'), ['console'], found);
  for (const name of loadedNames) {
    const value = ownValue(globalThis, name);
    if (isObjectLike(value) && value !== globalThis && !types.isProxy(value))
      addMembers(value, [name], found);
  }
  return found;
}

/** Functions and prototypes only: data can be copied. */
function addMembers(holder: object, path: GlobalPath, found: Map<object, GlobalPath>): void {
  if (!found.has(holder)) found.set(holder, path);
  for (const name of Object.getOwnPropertyNames(holder)) {
    const value = ownValue(holder, name);
    if (name === 'prototype' && isObjectLike(value)) addMembers(value, [...path, name], found);
    else if (typeof value === 'function' && !found.has(value)) found.set(value, [...path, name]);
  }
}

/** A global that Node loads when it is needed. */
function lazyPath(value: object, found: Map<object, GlobalPath>): GlobalPath | undefined {
  const made = typeof value === 'function' ? value : constructorOf(value);
  const className = made === undefined ? undefined : ownValue(made, 'name');
  if (made === undefined || typeof className !== 'string') return undefined;
  const instance = instances.get(className);
  if (instance !== undefined && originalValue(instance) === value) return [instance];
  if (!names.has(className) || originalValue(className) !== made) return undefined;
  addMembers(made, [className], found);
  return found.get(value);
}

/** The vm contexts of test tools may have getters of their own in the places of the main context's. */
function originalValue(name: string): unknown {
  const main: unknown = vm.runInThisContext('globalThis');
  const realms = [globalThis, ...(isObjectLike(main) ? [main] : [])];
  const realm = realms.find((candidate) => isOriginalNodeGlobal(name, candidate));
  return realm === undefined ? undefined : Reflect.get(realm, name);
}

/** One of the standard streams, which Node opens when they are first asked for. */
function streamPath(value: object): GlobalPath | undefined {
  const number = ownValue(value, 'fd');
  const name = typeof number === 'number' ? streams[number] : undefined;
  if (name === undefined) return undefined;
  const getter = propertyOf(Object.getOwnPropertyDescriptor(process, name), 'get');
  if (!isObjectLike(getter) || !isPartOfNode(getter)) return undefined;
  return Reflect.get(process, name) === value ? ['process', name] : undefined;
}

function isNodesOwn(value: object): boolean {
  if (value === process || value === process.getBuiltinModule('node:console')) return true;
  if (typeof value === 'function') return isPartOfNode(value);
  const made = constructorOf(value);
  if (made === undefined || !isPartOfNode(made)) return false;
  const className = ownValue(made, 'name');
  // Test tools make a console of their own, to print elsewhere.
  if (className === 'Console') return value === ownValue(globalThis, 'console');
  return typeof className === 'string' && names.has(className);
}

/** The class of an instance, or whose prototype `value` is. */
function constructorOf(value: object): object | undefined {
  const prototype: unknown = Object.hasOwn(value, 'constructor') ? value : Object.getPrototypeOf(value);
  if (!isObjectLike(prototype) || types.isProxy(prototype)) return undefined;
  const made = ownValue(prototype, 'constructor');
  return typeof made === 'function' && !types.isProxy(made) ? made : undefined;
}

function ownValue(object: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value;
}
