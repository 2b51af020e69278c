/**
 * Recognises what every Node process has: well-known global functions and the exports of builtin modules. It
 * reads plain own properties only, since a getter may load a large part of Node.
 */
import { builtinModules } from 'node:module';
import process from 'node:process';
import { types } from 'node:util';
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

/** An export of a builtin module, such as `gzipSync` of `node:zlib`. */
export interface BuiltinExport {
  readonly specifier: string;
  readonly name: string;
}

const exported = new WeakMap<object, BuiltinExport>();
const indexed = new Set<string>();
let loadedAtLastIndexing = -1;

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

/** The reference of a function that a builtin module exports. */
export function builtinReference(fn: object): FunctionReference | undefined {
  const found = builtinExport(fn);
  return found === undefined ? undefined : { url: found.specifier, name: found.name };
}

/**
 * The loaded builtin module that exports `value`. Objects of plain data are left out: they can be copied, and
 * some are of this process alone, such as `workerData`.
 */
export function builtinExport(value: object): BuiltinExport | undefined {
  const known = exported.get(value);
  if (known !== undefined) return known;
  const entries: unknown = Reflect.get(process, 'moduleLoadList');
  const loaded = Array.isArray(entries) ? entries.length : 0;
  if (loaded === loadedAtLastIndexing) return undefined;
  for (const id of loadedBuiltins(entries)) indexBuiltin(id);
  loadedAtLastIndexing = loaded;
  return exported.get(value);
}

/** Only a module that is loaded can have given its functions away. */
function* loadedBuiltins(entries: unknown): Generator<string> {
  yield 'process';
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
  const specifier = `node:${id}`;
  const all: unknown = process.getBuiltinModule(specifier);
  if (!isObjectLike(all)) return;
  remember(all, { specifier, name: 'default' });
  for (const name of Object.getOwnPropertyNames(all)) {
    const value = ownValue(all, name);
    if (!isObjectLike(value)) continue;
    if (publicModules.has(`${id}/${name}`)) indexBuiltin(`${id}/${name}`);
    else if (!isPlainData(value)) remember(value, { specifier, name });
  }
}

function remember(value: object, from: BuiltinExport): void {
  if (!exported.has(value)) exported.set(value, from);
}

/** Tables of constants, which have no prototype, count as part of their module. */
function isPlainData(value: object): boolean {
  if (typeof value === 'function') return false;
  if (types.isProxy(value)) return true;
  if (Object.getPrototypeOf(value) === null) return false;
  return !Object.getOwnPropertyNames(value).some((name) => typeof ownValue(value, name) === 'function');
}

function ownValue(holder: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(holder, name)?.value;
}

function isObjectLike(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
