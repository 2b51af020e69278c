/**
 * Turns a function into the module URL and export name by which a child can import it, starting from nothing
 * but the function itself. What was found is remembered, so a function is looked up once.
 */
import fs from 'node:fs';
import path from 'node:path';
import { types } from 'node:util';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FunctionReference } from '../../machines/protocol.ts';
import { builtinReference, globalReference, isNative } from './reference/builtin-exports.ts';
import { commonJsReference, exportNameIn, loadedExports } from './reference/commonjs-exports.ts';
import { inspectFunction, type FunctionOrigin } from './reference/function-inspector.ts';
import { isMainScript, withoutQuery } from './reference/main-script.ts';
import type { ErrorConstructorLike } from './remote-error.ts';
import { parseExports, searchExports, type Extent, type ModuleExport } from './reference/module-exports.ts';
import { refuseClass, refuseValue } from './reference/refusals.ts';
import { writtenExport } from './reference/written-export.ts';

type AnyFunction = (...args: never) => unknown;

const references = new WeakMap<object, FunctionReference>();
/** Those that no child can import. */
const privateFunctions = new WeakSet<object>();
/** The variables of the module around a function, or the exports of the CommonJS module it is from. */
const surroundings = new WeakMap<FunctionReference, object>();

/**
 * The module URL and export name of a function that a child can import; undefined for one that must travel by
 * itself. Throws `NotSerializableError` for what is no function, and for a class.
 */
export function importableReference(fn: unknown): FunctionReference | undefined {
  if (!isFunction(fn)) throw refuseValue(fn);
  const known = references.get(fn);
  if (known !== undefined || privateFunctions.has(fn)) return known;
  const reference = findReference(fn);
  if (reference === undefined) privateFunctions.add(fn);
  else references.set(fn, reference);
  return reference;
}

/** What `importableReference(fn)` answered before, if it found something. */
export function knownReference(fn: unknown): FunctionReference | undefined {
  return isFunction(fn) ? references.get(fn) : undefined;
}

/** Whether `importableReference(fn)` would answer at once; the first time it takes tens of milliseconds. */
export function isReferenceKnown(fn: unknown): boolean {
  return !isFunction(fn) || references.has(fn) || privateFunctions.has(fn);
}

/**
 * The class of errors that goes by this name where the function was written, so that what a task throws can
 * be made again as itself. Nothing is known of functions that this process has not imported.
 */
export function errorClassNear(reference: FunctionReference, name: string): ErrorConstructorLike | undefined {
  const around = surroundings.get(reference) ?? commonJsModule(reference);
  const value = readVariable(around, name);
  return isErrorClass(value) ? value : undefined;
}

function commonJsModule({ url }: FunctionReference): unknown {
  return url.startsWith('file:') ? loadedExports(fileURLToPath(url)) : undefined;
}

/** Whether it is a class whose instances are errors. */
export function isErrorClass(value: unknown): value is ErrorConstructorLike {
  return typeof value === 'function' && !types.isProxy(value) && value.prototype instanceof Error;
}

/**
 * Makes `importableReference(handle)` answer `reference`, whatever `handle` is made of. Returns the handle.
 */
export function attachReference<F extends object>(handle: F, reference: FunctionReference): F {
  references.set(handle, reference);
  return handle;
}

function findReference(fn: AnyFunction): FunctionReference | undefined {
  if (types.isProxy(fn)) return undefined;
  if (/^class\b/u.test(Function.prototype.toString.call(fn))) throw refuseClass(fn);
  const reference = globalReference(fn) ?? builtinReference(fn) ?? commonJsReference(fn);
  if (reference !== undefined || isNative(fn)) return reference;
  return referenceFromOrigin(fn);
}

/** Functions of ES modules are found through V8, which knows their script and the variables around them. */
function referenceFromOrigin(fn: AnyFunction): FunctionReference | undefined {
  const origin = inspect(fn);
  const url = origin === undefined ? undefined : sourceFileUrl(origin.url);
  if (origin === undefined || url === undefined || isMainScript(url)) return undefined;
  const reference = commonJsExport(fn, url, origin) ?? moduleExport(fn, url, origin);
  if (reference === undefined) return undefined;
  const around = origin.scopes.at(-1);
  if (around !== undefined) surroundings.set(reference, around.variables);
  return reference;
}

/** Without the inspector nothing can be learned; whoever captures the function says what to do then. */
function inspect(fn: AnyFunction): FunctionOrigin | undefined {
  try {
    return inspectFunction(fn);
  } catch {
    return undefined;
  }
}

/** The URL and name by which a module exports a function or class, whatever a child may do with it. */
export function exportReference(fn: object): FunctionReference | undefined {
  return isFunction(fn) ? (commonJsReference(fn) ?? referenceFromOrigin(fn)) : undefined;
}

const fileUrls = new Map<string, string | undefined>();

/** The URL of the file a script was read from; loaders and test tools may name it by a plain path. */
export function sourceFileUrl(scriptUrl: string): string | undefined {
  const known = fileUrls.get(scriptUrl);
  if (known !== undefined || fileUrls.has(scriptUrl)) return known;
  const found = findFileUrl(scriptUrl);
  // A data: URL may be long, and another one each time.
  if (!scriptUrl.startsWith('data:')) fileUrls.set(scriptUrl, found);
  return found;
}

function findFileUrl(scriptUrl: string): string | undefined {
  // On Node 20, tsx gives the CommonJS it made of a file as a data: URL that ends in the file's path.
  const [, encoded] = /^data:.*\?filePath=([^?&]+)$/su.exec(scriptUrl) ?? [];
  const named = encoded === undefined ? scriptUrl : decodeURIComponent(encoded);
  const isUrl = named.startsWith('file:');
  const file = isUrl ? fileURLToPath(named) : withoutQuery(named);
  // Evaluated text may be named like a file: `file:///app/[eval1]`.
  if (!path.isAbsolute(file) || !fs.existsSync(file)) return undefined;
  // A child that fell back to tsx added this query to the URL it was given.
  return isUrl ? named.replace(/\?tsx$/u, '') : pathToFileURL(file).href;
}

/** An export that was added after its module was first looked at, or of a module no cache holds. */
function commonJsExport(fn: AnyFunction, url: string, origin: FunctionOrigin): FunctionReference | undefined {
  const file = fileURLToPath(url);
  const name = exportNameIn(loadedExports(file) ?? ownExports(file, origin), fn);
  return name === undefined ? undefined : { url, name };
}

/** The exports of the CommonJS module around a function, from its variable `module`. */
function ownExports(file: string, { scopes, url }: FunctionOrigin): unknown {
  const ownModule = readVariable(scopes.at(-1)?.variables, 'module');
  // A bundle holds modules of its own, whose exports nobody can import.
  const filename = readVariable(ownModule, 'filename');
  return filename === file || filename === url ? readVariable(ownModule, 'exports') : undefined;
}

/**
 * The export of an ES module that names a variable holding `fn`. Reading the variables in place has no effect
 * on the module: asking for its namespace by require() would run it again under a loader that transforms it.
 */
function moduleExport(fn: AnyFunction, url: string, origin: FunctionOrigin): FunctionReference | undefined {
  const outermost = origin.scopes.at(-1);
  const written = writtenExport(fn, origin);
  if (
    written === fn.name &&
    outermost?.kind === 'Module' &&
    readVariable(outermost.variables, written) === fn
  )
    return { url, name: written };
  const compiled = parseExports(origin.source);
  if (compiled.length > 0) {
    // Without exported variables there is no module scope, and the outermost one is a function's.
    const locals = outermost?.kind === 'Module' ? namesHolding(outermost.variables, fn) : [];
    const found =
      preferred(fn, compiled, ({ local }) => local !== undefined && locals.includes(local)) ??
      compiled.find(({ unnamedAt }) => fn.name === 'default' && contains(unnamedAt, origin));
    return found === undefined ? undefined : { url, name: found.name };
  }
  // A test tool compiled the exports away: the file still has them, under the same local names.
  const locals = outermost === undefined ? [] : namesHolding(outermost.variables, fn);
  const searched = searchExports(fs.readFileSync(fileURLToPath(url), 'utf8'));
  const kept = preferred(fn, searched, (candidate) => isHeldBy(candidate, locals));
  return kept === undefined ? undefined : { url: withoutQuery(url), name: kept.name };
}

/** One function may have several names: its own comes first. */
function preferred(
  fn: AnyFunction,
  exports: readonly ModuleExport[],
  isOf: (candidate: ModuleExport) => boolean,
): ModuleExport | undefined {
  const candidates = exports.filter((candidate) => isOf(candidate));
  return candidates.find(({ name }) => name === fn.name) ?? candidates[0];
}

function isHeldBy({ name, local }: ModuleExport, locals: readonly string[]): boolean {
  if (local !== undefined && locals.includes(local)) return true;
  return name === 'default' && locals.includes('__vite_ssr_export_default__');
}

function namesHolding(variables: object, fn: AnyFunction): string[] {
  return Object.getOwnPropertyNames(variables).filter((name) => readVariable(variables, name) === fn);
}

/** A variable that is not initialised yet throws when it is read. */
function readVariable(variables: unknown, name: string): unknown {
  if (typeof variables !== 'object' || variables === null) return undefined;
  try {
    return Object.getOwnPropertyDescriptor(variables, name)?.value;
  } catch {
    return undefined;
  }
}

function contains(extent: Extent | undefined, { line, column }: FunctionOrigin): boolean {
  if (extent === undefined) return false;
  const { start, end } = extent;
  const isAfterStart = line > start.line || (line === start.line && column >= start.column);
  const isBeforeEnd = line < end.line || (line === end.line && column < end.column);
  return isAfterStart && isBeforeEnd;
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}
