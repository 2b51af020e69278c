/**
 * Recognises, by identity, what a child has as well: globals, exports of builtin modules, exports of
 * CommonJS modules. None of a program's getters and Proxies is run, and what a program has put in the
 * place of a global or a builtin export counts as its own.
 */
import process from 'node:process';
import { types } from 'node:util';
import * as builtins from '../reference/builtin-exports.ts';
import * as commonJs from '../reference/commonjs-exports.ts';
import { findIntrinsics, hiddenIntrinsics, isLanguageGlobal, type GlobalPath } from './intrinsics.ts';
import { isNodeName, isOriginalNodeGlobal, nodeGlobalPath } from './node-globals.ts';
import { isObjectLike, propertyOf } from './v8/live-values.ts';
import { isPartOfNode } from './v8/part-of-node.ts';

/** An export of a builtin module; `*` is the namespace object. */
export type BuiltinExport = builtins.BuiltinExport;
/** An export of a CommonJS module; null for all its exports. */
export type CommonJsExport = commonJs.CommonJsExport;

let intrinsics: ReadonlyMap<object, GlobalPath> | undefined;

/**
 * The way to a global: `['Math', 'max']`. `%AsyncFunction` has no name, `@@iterator` is a symbol, `get
 * size` is the getter of a property.
 */
export function globalPath(value: object): GlobalPath | undefined {
  if (value === globalThis) return ['globalThis'];
  return knownIntrinsics().get(value) ?? nodeGlobalPath(value);
}

function knownIntrinsics(): ReadonlyMap<object, GlobalPath> {
  intrinsics ??= findIntrinsics();
  return intrinsics;
}

/** What is at a path that `globalPath` gave; undefined if there is nothing. */
export function globalAt(path: GlobalPath): unknown {
  const [first = '', ...rest] = path;
  let value = first.startsWith('%') ? hiddenIntrinsics().get(first.slice(1)) : rootAt(first);
  for (const step of rest) value = memberAt(value, step);
  return value;
}

function rootAt(name: string): unknown {
  if (name === 'process') return process;
  return name === 'Buffer' ? Buffer : Reflect.get(globalThis, name);
}

function memberAt(holder: unknown, step: string): unknown {
  if (!isObjectLike(holder)) return undefined;
  const [, symbol] = /^@@(\w+)$/u.exec(step) ?? [];
  if (symbol !== undefined) return propertyAt(holder, Reflect.get(Symbol, symbol));
  const [, kind, name = ''] = /^(get|set) (.+)$/u.exec(step) ?? [];
  if (kind === undefined) return propertyOf(holder, step);
  const key: unknown = name.startsWith('@@') ? Reflect.get(Symbol, name.slice(2)) : name;
  return propertyOf(isKey(key) ? Object.getOwnPropertyDescriptor(holder, key) : undefined, kind);
}

function propertyAt(holder: object, key: unknown): unknown {
  return isKey(key) ? propertyOf(holder, key) : undefined;
}

function isKey(key: unknown): key is string | symbol {
  return typeof key === 'string' || typeof key === 'symbol';
}

/** Whether this version of Node has a global of this name. */
export function isNodeGlobal(name: string): boolean {
  return isLanguageGlobal(name) || isNodeName(name);
}

/** Whether it does, and the global still has its original value, so that it need not be sent. */
export function isPristineGlobal(name: string): boolean {
  // Node replaces V8's console.
  if (name === 'console' || !isLanguageGlobal(name)) return isNodeName(name) && isOriginalNodeGlobal(name);
  const value: unknown = Object.getOwnPropertyDescriptor(globalThis, name)?.value;
  // `undefined`, `NaN` and `Infinity` cannot be changed.
  if (!isObjectLike(value)) return value === undefined || typeof value === 'number';
  const path = globalPath(value);
  return path?.length === 1 && path[0] === name;
}

/** The loaded builtin module that exports `value`, or whose namespace it is. */
export function builtinExport(value: object): BuiltinExport | undefined {
  if (types.isModuleNamespaceObject(value)) return namespaceOf(value);
  const found = builtins.builtinExport(value);
  if (found === undefined) return undefined;
  // All exports together cannot be replaced.
  return found.name === 'default' || isModulesOwn(value) ? found : undefined;
}

function namespaceOf(namespace: object): BuiltinExport | undefined {
  const whole = defaultOf(namespace);
  const found = isObjectLike(whole) ? builtins.builtinExport(whole) : undefined;
  return found?.name === 'default' ? { specifier: found.specifier, name: '*' } : undefined;
}

/** A module that is still being evaluated throws. */
function defaultOf(namespace: object): unknown {
  try {
    return propertyOf(namespace, 'default');
  } catch {
    return undefined;
  }
}

/** Whether a program has not put it there: then it, or the first function it holds, is Node's. */
function isModulesOwn(value: object): boolean {
  if (typeof value === 'function') return isPartOfNode(value);
  for (const name of Object.getOwnPropertyNames(value)) {
    const member: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
    if (typeof member === 'function') return isPartOfNode(member);
  }
  return true;
}

/** The loaded CommonJS module, other than the main script, that exports `value`, or whose exports it is. */
export function commonJsExport(value: object): CommonJsExport | undefined {
  return commonJs.commonJsExport(value);
}
