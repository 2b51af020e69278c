/**
 * Why a value cannot travel, in words: what it is, and what to do instead.
 */
import { types } from 'node:util';
import { analyze } from './closure/source/analyze.ts';
import { classNameOf, classNamesOf, classesOf } from './object-class.ts';

/** `suffix` is the part of the path below the value that was being looked at. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly what: string;
  readonly advice: string;
  readonly suffix: string;
}

/** Makes a refusal: `what` completes "it is …". */
export function refusal(what: string, advice: string, suffix = ''): Refusal {
  return { kind: 'refusal', what, advice, suffix };
}

const awaitIt = 'Await it first and send what it gives.';
const openThere = 'Open it inside the task or in `initialize`.';

/** What no class name can tell, checked first because it runs no code of the object. */
const kinds: readonly [(value: unknown) => boolean, what: string, advice: string][] = [
  [types.isProxy, 'a Proxy, whose handler is code', 'Send the object behind it, or a copy: `{ ...proxy }`.'],
  [types.isPromise, 'a Promise', awaitIt],
  [types.isWeakMap, 'a WeakMap, whose entries cannot be listed', 'Send a Map.'],
  [types.isWeakSet, 'a WeakSet, whose members cannot be listed', 'Send a Set.'],
  [
    types.isSharedArrayBuffer,
    'a SharedArrayBuffer, and processes share no memory',
    'Send a copy: `new Uint8Array(shared).slice()`.',
  ],
  [types.isGeneratorObject, 'a generator, which is running code', 'Send the values: `[...generator]`.'],
  [types.isMapIterator, 'an iterator over a Map', 'Send the values: `[...iterator]`.'],
  [types.isSetIterator, 'an iterator over a Set', 'Send the values: `[...iterator]`.'],
  [types.isArgumentsObject, 'an `arguments` object', 'Send a copy: `[...arguments]`.'],
  [types.isModuleNamespaceObject, 'a module', 'Import the module inside the task.'],
  [types.isExternal, 'a handle of native code', openThere],
  [types.isBoxedPrimitive, 'a primitive in an object', 'Send the primitive: `object.valueOf()`.'],
];

/** The same for classes, by the name of the object's class or of one it extends. */
const classes: Readonly<Record<string, readonly [what: string, advice: string]>> = {
  WeakRef: ['a WeakRef', 'Send the object itself: `ref.deref()`.'],
  AbortSignal: [
    'an AbortSignal, which goes to a worker and not back',
    'Make its controller in the main program, and send the signal.',
  ],
  AbortController: [
    'an AbortController',
    'Send its signal, `controller.signal`: it aborts in the task, too.',
  ],
  Timeout: ['a timer', 'Send the number of milliseconds and start the timer inside the task.'],
  Immediate: ['a timer', 'Call `setImmediate` inside the task.'],
  URLSearchParams: ['URLSearchParams', 'Send its text: `params.toString()`.'],
  Blob: ['a Blob', 'Send its bytes: `await blob.arrayBuffer()`.'],
  ReadableStream: ['a stream', openThere],
  WritableStream: ['a stream', openThere],
  TransformStream: ['a stream', openThere],
  MessagePort: ['a MessagePort', openThere],
  KeyObject: ['a key', 'Send `key.export()` and make the key again inside the task.'],
  CryptoKey: ['a key', 'Send what `crypto.subtle.exportKey()` gives, and import it inside the task.'],
  FinalizationRegistry: ['a FinalizationRegistry', 'Make it inside the task.'],
  Headers: ['Headers', 'Send their entries: `[...headers]`.'],
  FormData: ['FormData', 'Send its entries: `[...form]`.'],
};

/** Names that are not enough by themselves, as their users know them. */
const fullNames: Readonly<Record<string, string>> = {
  Socket: 'net.Socket',
  Server: 'net.Server',
  TLSSocket: 'tls.TLSSocket',
  ReadStream: 'fs.ReadStream',
  WriteStream: 'fs.WriteStream',
  IncomingMessage: 'http.IncomingMessage',
  ServerResponse: 'http.ServerResponse',
  ClientRequest: 'http.ClientRequest',
  FileHandle: 'fs.FileHandle',
};

/** Why this object, which is not one of the kinds that travel, cannot be sent. */
export function refuseObject(object: object): Refusal {
  const known = refuseKnownObject(object);
  if (known !== undefined) return known;
  const name = classNameOf(object);
  if (name === 'Object') {
    return refusal('an object with a prototype of its own', 'Send a plain object: `{ ...object }`.');
  }
  if (hasPrivateMembers(object))
    return refusal(
      `an instance of class ${name}, whose #private members only its own code can set`,
      'Register a serializer for the class with `registerSerializer`.',
    );
  return refusal(
    `an instance of class ${name}`,
    'Register the class with `registerClass` or `registerSerializer`, or send its fields as a plain object.',
  );
}

function hasPrivateMembers(object: object): boolean {
  return classesOf(object).some((made) => {
    const text = Function.prototype.toString.call(made);
    if (!text.startsWith('class') || !text.includes('#')) return false;
    try {
      return analyze(text).class?.hasPrivateMembers === true;
    } catch {
      // The text cannot be read.
      return false;
    }
  });
}

/** The same for objects of the language and of Node that need an explanation of their own. */
export function refuseKnownObject(object: object): Refusal | undefined {
  for (const [matches, what, advice] of kinds) {
    if (matches(object)) return refusal(what, advice);
  }
  const names = classNamesOf(object);
  for (const name of names) {
    const known = Object.hasOwn(classes, name) ? classes[name] : undefined;
    if (known !== undefined) return refusal(known[0], known[1]);
  }
  const name = classNameOf(object);
  if (!names.includes('EventEmitter') && name !== 'FileHandle') return undefined;
  return refusal(`a ${fullNames[name] ?? name}, which lives in this process`, openThere);
}

/** Why a function or a symbol is no data. */
export function refusePrimitive(value: unknown): Refusal {
  if (typeof value === 'function') {
    return refusal(
      'a function, and from a worker only data travels',
      'Send data, and make what needs code of it in the main program.',
    );
  }
  return refusal('a symbol, which is unique to this process', 'Send a string.');
}
