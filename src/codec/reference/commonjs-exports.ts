/**
 * Finds a function among the exports of the CommonJS modules this process has loaded, by identity. Getters
 * are left alone, except those a compiler writes for a plain binding in the very module that defines the
 * function.
 */
import { createRequire } from 'node:module';
import { types } from 'node:util';
import { pathToFileURL } from 'node:url';
import type { FunctionReference } from '../../../machines/protocol.ts';
import { isMainScript } from './main-script.ts';

const loadedModules: NodeJS.Dict<NodeJS.Module> = createRequire(import.meta.url).cache;
const references = new WeakMap<object, FunctionReference>();
const indexed = new Set<string>();

// `() => name`, `() => from[key]`, `function () { return module_1.name; }`: only the reading of a variable.
const bindingGetter =
  /^(?:function\s*\w*\(\)|get\(\)|\(\)\s*=>)\s*(?:\{\s*return)?\s*[\w$]+(?:\.[\w$]+|\[[\w$]+\])?;?\s*\}?$/u;

/** The reference of an export of a loaded CommonJS module other than the main script. */
export function commonJsReference(fn: object): FunctionReference | undefined {
  const known = references.get(fn);
  if (known !== undefined) return known;
  for (const file of Object.keys(loadedModules)) {
    // An addon (.node) cannot be imported by its URL; the module that required it usually exports it again.
    if (indexed.has(file) || loadedModules[file]?.loaded !== true || file.endsWith('.node')) continue;
    indexed.add(file);
    indexExports(pathToFileURL(file).href, loadedModules[file].exports);
  }
  return references.get(fn);
}

/** What the CommonJS module in `file` exports now, if it is loaded. */
export function loadedExports(file: string): unknown {
  return loadedModules[file]?.exports;
}

/** The name under which `exported`, the exports of the module that defines `fn`, holds it. */
export function exportNameIn(exported: unknown, fn: object): string | undefined {
  if (exported === fn) return 'default';
  if (!isInspectable(exported)) return undefined;
  return exportNames(exported).find((name) => {
    const descriptor = Object.getOwnPropertyDescriptor(exported, name);
    if (descriptor === undefined || 'value' in descriptor) return descriptor?.value === fn;
    return isBindingGetter(Reflect.get(descriptor, 'get')) && Reflect.get(exported, name) === fn;
  });
}

function isBindingGetter(getter: unknown): boolean {
  return typeof getter === 'function' && bindingGetter.test(Function.prototype.toString.call(getter));
}

function indexExports(url: string, exported: unknown): void {
  if (!isInspectable(exported) || isMainScript(url)) return;
  remember(exported, { url, name: 'default' });
  for (const name of exportNames(exported))
    remember(Object.getOwnPropertyDescriptor(exported, name)?.value, { url, name });
}

/** `default` of a function would be taken for the function itself by whoever imports the module. */
function exportNames(exported: object): string[] {
  const names = Object.getOwnPropertyNames(exported);
  return typeof exported === 'function' ? names.filter((name) => name !== 'default') : names;
}

function remember(value: unknown, reference: FunctionReference): void {
  if (typeof value === 'function' && !references.has(value)) references.set(value, reference);
}

function isInspectable(value: unknown): value is object {
  const isObjectLike = (typeof value === 'object' && value !== null) || typeof value === 'function';
  // A module that require() loaded may be an ES module, whose variables throw until they are initialised.
  return isObjectLike && !types.isProxy(value) && !types.isModuleNamespaceObject(value);
}
