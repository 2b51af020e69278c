/**
 * Finds values among the exports of the CommonJS modules this process has loaded, by identity. Getters are
 * left alone, except those a compiler writes for a plain binding.
 */
import { subscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import type { FunctionReference } from '../../../machines/protocol.ts';
import { isMainScript } from './main-script.ts';

/** An export of a CommonJS module; null for all its exports. */
export interface CommonJsExport {
  readonly file: string;
  readonly name: string | null;
}

const loadedModules: NodeJS.Dict<NodeJS.Module> = createRequire(import.meta.url).cache;
const found = new WeakMap<object, CommonJsExport>();
const indexed = new Set<string>();
let isIndexCurrent = false;
let isWatching = false;

// `() => name`, `() => from[key]`, `function () { return module_1.name; }`: only the reading of a variable.
const bindingGetter =
  /^(?:function\s*\w*\(\)|get\(\)|\(\)\s*=>)\s*(?:\{\s*return)?\s*[\w$]+(?:\.[\w$]+|\[[\w$]+\])?;?\s*\}?$/u;
// Of those, the ones that cannot meet another getter on their way.
const variableGetter = /^[^.[]*$/u;

/** The reference of an export of a loaded CommonJS module other than the main script. */
export function commonJsReference(fn: object): FunctionReference | undefined {
  if (!found.has(fn)) indexNewModules();
  const known = found.get(fn);
  return known === undefined
    ? undefined
    : { url: pathToFileURL(known.file).href, name: known.name ?? 'default' };
}

/**
 * The loaded CommonJS module, other than the main script, that exports `value`. What was loaded by
 * require() only a moment ago may be missed on Node 20.
 */
export function commonJsExport(value: object): CommonJsExport | undefined {
  const known = found.get(value);
  if (known !== undefined || isIndexCurrent) return known;
  indexNewModules();
  isIndexCurrent = true;
  setImmediate(outdateIndex).unref();
  // A module that import brings comes in another turn. For Node 20, which publishes nothing, so does all
  // else.
  if (!isWatching) subscribe('tracing:module.require:end', outdateIndex);
  isWatching = true;
  return found.get(value);
}

function outdateIndex(): void {
  isIndexCurrent = false;
}

function indexNewModules(): void {
  for (const file of Object.keys(loadedModules)) {
    // An addon (.node) cannot be imported by its URL; the module that required it usually exports it again.
    if (indexed.has(file) || loadedModules[file]?.loaded !== true || file.endsWith('.node')) continue;
    indexed.add(file);
    indexExports(file, loadedModules[file].exports);
  }
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
  return bindingGetter.test(textOf(getter));
}

function textOf(getter: unknown): string {
  return typeof getter === 'function' ? Function.prototype.toString.call(getter) : '';
}

function indexExports(file: string, exported: unknown): void {
  if (!isInspectable(exported) || isMainScript(pathToFileURL(file).href)) return;
  remember(exported, { file, name: null });
  for (const name of exportNames(exported)) remember(exportedValue(exported, name), { file, name });
}

function exportedValue(exported: object, name: string): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(exported, name);
  if (descriptor === undefined || 'value' in descriptor) return descriptor?.value;
  const getter: unknown = Reflect.get(descriptor, 'get');
  if (!isBindingGetter(getter) || !variableGetter.test(textOf(getter))) return undefined;
  try {
    return Reflect.get(exported, name);
  } catch {
    // It is not initialised yet.
    return undefined;
  }
}

/** `default` of a function would be taken for the function itself by whoever imports the module. */
function exportNames(exported: object): string[] {
  const names = Object.getOwnPropertyNames(exported);
  return typeof exported === 'function' ? names.filter((name) => name !== 'default') : names;
}

function remember(value: unknown, from: CommonJsExport): void {
  if (isObjectLike(value) && !found.has(value)) found.set(value, from);
}

function isInspectable(value: unknown): value is object {
  // A module that require() loaded may be an ES module, whose variables throw until they are initialised.
  return isObjectLike(value) && !types.isProxy(value) && !types.isModuleNamespaceObject(value);
}

function isObjectLike(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
