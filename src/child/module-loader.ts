/**
 * Imports, in the child, the modules whose functions the parent refers to, and finds the function in them.
 * The program's main script is never imported, because that would run the program a second time.
 */
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FunctionReference } from '../../machines/protocol.ts';
import { globalUrl } from '../codec/reference/builtin-exports.ts';
import { isMainScript } from '../codec/reference/main-script.ts';
import { NotSerializableError } from '../errors.ts';
import { missingGrant } from './access-denied.ts';
import { guardMainScript } from './main-script-guard.ts';
import { importWithTypeScript } from './typescript-import.ts';

type LoadedFunction = (...args: unknown[]) => unknown;

const functions = new Map<string, Map<string, LoadedFunction>>();
const imports = new Map<string, Promise<object>>();
const annotated = new WeakSet<Error>();

/** The function of `reference`, if `loadFunction` has found it before. */
export function loadedFunction({ url, name }: FunctionReference): LoadedFunction | undefined {
  return functions.get(url)?.get(name);
}

/**
 * Imports the module of `reference` and finds its function. Rejects with what the module threw, or with a
 * `NotSerializableError` that names the file and the export that could not be found.
 */
export async function loadFunction(reference: FunctionReference): Promise<LoadedFunction> {
  const loaded = loadedFunction(reference);
  if (loaded !== undefined) return loaded;
  const { url, name } = reference;
  const fn =
    url === globalUrl ? globalFunction(name) : exportedFunction(await importOnce(reference), reference);
  const ofModule = functions.get(url) ?? new Map<string, LoadedFunction>();
  functions.set(url, ofModule.set(name, fn));
  return fn;
}

function globalFunction(path: string): LoadedFunction {
  let value: unknown = globalThis;
  for (const name of path.split('.')) value = isObjectLike(value) ? Reflect.get(value, name) : undefined;
  if (isCallable(value)) return value;
  throw notFound(`The worker has no global function \`${path}\`; it may run another version of Node.`);
}

/** Several tasks may ask for one module at once; a failed import is tried again by the next task. */
async function importOnce(reference: FunctionReference): Promise<object> {
  const { url } = reference;
  const started = imports.get(url);
  if (started !== undefined) return started;
  const importing = importModule(reference);
  imports.set(url, importing);
  try {
    return await importing;
  } catch (error) {
    imports.delete(url);
    throw error;
  }
}

async function importModule(reference: FunctionReference): Promise<object> {
  const { url, name } = reference;
  if (isMainScript(url))
    throw notFound(
      `\`${name}\` is in ${fileOf(url)}, the main script, which never runs in a worker. ` +
        'Move it to its own file, export it, and import it in the main script.',
    );
  guardMainScript(url);
  try {
    return await importWithTypeScript(url);
  } catch (error) {
    // Under the permission model what may not be read is said not to exist.
    const mayBeMissing = url.startsWith('file:') && missingGrant(error) === undefined;
    if (mayBeMissing && !fs.existsSync(fileURLToPath(url)))
      throw notFound(
        `\`${name}\` could not be loaded, because the worker found no file ${fileOf(url)}. ` +
          'Check the URL given to pool.module(), or whether the file was moved while the program ran.',
        error,
      );
    throw withNote(error, reference);
  }
}

function exportedFunction(namespace: object, { url, name }: FunctionReference): LoadedFunction {
  const value: unknown = Reflect.get(namespace, name);
  if (isCallable(value)) return value;
  // Node offers every export of a CommonJS module through `default`, but only some of them by name.
  const inner: unknown = Reflect.get(namespace, 'default');
  const interop: unknown = isObjectLike(inner) ? Reflect.get(inner, name) : undefined;
  if (isCallable(interop)) return interop;
  const found = value ?? interop;
  const names = exportNames(namespace, inner);
  if (found !== undefined)
    throw notFound(`\`${name}\` of ${fileOf(url)} is not a function but a value of type ${typeof found}.`);
  throw notFound(
    `${fileOf(url)} has no export \`${name}\`. It exports ${names.join(', ') || 'nothing'}. ` +
      'Check the spelling, or whether the file was changed while the program ran.',
  );
}

function exportNames(namespace: object, inner: unknown): string[] {
  const names = Object.keys(namespace).filter((name) => name !== 'module.exports');
  const isInterop = typeof inner === 'object' && inner !== null;
  return [...new Set(isInterop ? [...names, ...Object.keys(inner)] : names)];
}

/** The module's own error, which the caller must recognise, with where it came from added to its message. */
function withNote(error: unknown, { url, name }: FunctionReference): unknown {
  const grant = missingGrant(error);
  const note = `while a worker imported ${fileOf(url)} to run \`${name}\``;
  if (!(error instanceof Error)) return notFound(`A value that is no error was thrown ${note}.`, error);
  if (annotated.has(error) || error instanceof NotSerializableError) return error;
  annotated.add(error);
  // A frozen error, or one whose message is a getter, stays as it is.
  Reflect.set(error, 'message', `${error.message} (${note}${grant === undefined ? '' : `. ${grant}`})`);
  return error;
}

function notFound(message: string, cause?: unknown): NotSerializableError {
  return new NotSerializableError('function', message, cause === undefined ? {} : { cause });
}

function fileOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : url;
}

function isObjectLike(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function isCallable(value: unknown): value is LoadedFunction {
  return typeof value === 'function';
}
