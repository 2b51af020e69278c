/**
 * Recognises functions every Node process has: well-known globals and the exports of builtin modules. It
 * reads plain own properties only, since a getter may load a large part of Node.
 */
import { builtinModules } from 'node:module';
import process from 'node:process';
import type { FunctionReference } from '../../../machines/protocol.ts';

/** The URL of references to globals: their name is a path from `globalThis`, such as `Math.max`. */
export const globalUrl = 'global:';

const globalFunctions: ReadonlySet<string> = new Set([
  'BigInt',
  'Boolean',
  'Number',
  'String',
  'atob',
  'btoa',
  'decodeURI',
  'decodeURIComponent',
  'encodeURI',
  'encodeURIComponent',
  'escape',
  'isFinite',
  'isNaN',
  'parseFloat',
  'parseInt',
  'structuredClone',
  'unescape',
]);

const languageObjects = ['Array', 'Date', 'JSON', 'Math', 'Number', 'Object', 'Reflect', 'String'];

const publicModules: ReadonlySet<string> = new Set(
  builtinModules
    .map((name) => name.replace(/^node:/u, ''))
    .filter((name) => !/^(?:_|sys$|punycode$)/u.test(name)),
);

const references = new WeakMap<object, FunctionReference>();
const indexed = new Set<string>();

/** The reference of a global function such as `parseInt`, `Math.max` or `JSON.parse`. */
export function globalReference(fn: object): FunctionReference | undefined {
  const name = ownValue(fn, 'name');
  if (typeof name !== 'string') return undefined;
  if (globalFunctions.has(name) && ownValue(globalThis, name) === fn) return { url: globalUrl, name };
  if (ownValue(console, name) === fn) return { url: globalUrl, name: `console.${name}` };
  if (ownValue(Buffer, name) === fn) return { url: globalUrl, name: `Buffer.${name}` };
  // What a program has added to the language's objects itself, a child may lack.
  if (!isNative(fn)) return undefined;
  const owner = languageObjects.find((candidate) => {
    const holder = ownValue(globalThis, candidate);
    return isObjectLike(holder) && ownValue(holder, name) === fn;
  });
  return owner === undefined ? undefined : { url: globalUrl, name: `${owner}.${name}` };
}

/** True for a function without JavaScript text: one of V8, of an addon, or made by bind(). */
export function isNative(fn: object): boolean {
  return /\{\s*\[native code\]\s*\}$/u.test(Function.prototype.toString.call(fn));
}

/** The reference of an export of a builtin module, such as `gzipSync` of `node:zlib`. */
export function builtinReference(fn: object): FunctionReference | undefined {
  const known = references.get(fn);
  if (known !== undefined) return known;
  for (const id of loadedBuiltins()) indexBuiltin(id);
  return references.get(fn);
}

/** Only a module that is loaded can have given its functions away. */
function* loadedBuiltins(): Generator<string> {
  yield 'process';
  const entries: unknown = Reflect.get(process, 'moduleLoadList');
  if (!Array.isArray(entries)) {
    yield* publicModules;
    return;
  }
  for (const entry of entries) {
    if (typeof entry !== 'string' || !entry.startsWith('NativeModule ')) continue;
    // `fs.promises` loads `internal/fs/promises`, of which `fs/promises` is only another name.
    const id = entry.slice('NativeModule '.length).replace(/^internal\/(?=.*\/)/u, '');
    if (publicModules.has(id)) yield id;
  }
}

function indexBuiltin(id: string): void {
  if (indexed.has(id)) return;
  indexed.add(id);
  const url = `node:${id}`;
  const exported: unknown = process.getBuiltinModule(url);
  if (!isObjectLike(exported)) return;
  remember(exported, { url, name: 'default' });
  for (const name of Object.getOwnPropertyNames(exported)) {
    const value = ownValue(exported, name);
    if (!isObjectLike(value)) continue;
    if (publicModules.has(`${id}/${name}`)) indexBuiltin(`${id}/${name}`);
    else if (typeof value === 'function') remember(value, { url, name });
  }
}

function remember(value: object, reference: FunctionReference): void {
  if (typeof value === 'function' && !references.has(value)) references.set(value, reference);
}

function ownValue(holder: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(holder, name)?.value;
}

function isObjectLike(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
