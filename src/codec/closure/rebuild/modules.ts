/** Finds what goes by reference: exports of modules, which may have to be imported first. */
import { createRequire, isBuiltin } from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { NotSerializableError } from '../../../errors.ts';
import { isMainScript } from '../../reference/main-script.ts';
import type { CommonJsNode, GraphNode, ModuleNode } from '../wire.ts';
import { isObject } from './made-values.ts';
import type { ImportModule } from './rebuild-ports.ts';

/** The modules a child has imported for its tasks. */
export class Modules {
  readonly #importModule: ImportModule;
  readonly #namespaces = new Map<string, object>();

  constructor(importModule: ImportModule) {
    this.#importModule = importModule;
  }

  /** Imports what the nodes need; undefined if all is there already. */
  prepare(nodes: readonly GraphNode[]): Promise<unknown> | undefined {
    const missing = nodes.filter(isModuleNode).filter((node) => this.#namespaceOf(node) === undefined);
    if (missing.length === 0) return undefined;
    return Promise.all(missing.map((node) => this.#import(node)));
  }

  /** The export that a node names, once its module was prepared. */
  exportOf(node: ModuleNode): unknown {
    const { specifier, name } = node;
    const namespace = this.#namespaceOf(node);
    if (namespace === undefined) throw new TypeError(`the module '${specifier}' was not imported`);
    if (name === '*') return namespace;
    const value = valueIn(namespace, name);
    if (value === missingExport) throw lacksExport(`'${specifier}'`, name, namespace);
    return checked(value, node, `'${specifier}'`);
  }

  async #import(node: ModuleNode): Promise<void> {
    const { specifier, from, attributes } = node;
    this.#namespaces.set(keyOf(node), await this.#importModule(specifier, from, attributes));
  }

  #namespaceOf(node: ModuleNode): object | undefined {
    return this.#namespaces.get(keyOf(node)) ?? builtinOf(node);
  }
}

/** An export of a CommonJS module, which is loaded if it was not yet. */
export function commonJsExportOf(node: CommonJsNode): unknown {
  const { file, name } = node;
  if (isMainScript(pathToFileURL(file).href)) throw refuseMainScript(file);
  const exports: unknown = createRequire(file)(file);
  if (name === null) return checked(exports, node, file);
  const value: unknown = isObject(exports) && name in exports ? Reflect.get(exports, name) : missingExport;
  if (value === missingExport) throw lacksExport(file, name, isObject(exports) ? exports : {});
  return checked(value, node, file);
}

const missingExport = Symbol('missing export');

function isModuleNode(node: GraphNode): node is ModuleNode {
  return node.k === 'module';
}

function keyOf({ specifier, from, attributes }: ModuleNode): string {
  return JSON.stringify([specifier, from, attributes]);
}

/** Node's own modules can be had at once, though not their namespace objects. */
function builtinOf({ specifier, name }: ModuleNode): object | undefined {
  if (name === '*' || !isBuiltin(specifier)) return undefined;
  const exports: unknown = process.getBuiltinModule(specifier);
  return isObject(exports) ? Object.create(exports, { default: { value: exports } }) : undefined;
}

/** Node offers every export of a CommonJS module through `default`, but only some of them by name. */
function valueIn(namespace: object, name: string): unknown {
  if (name in namespace) return Reflect.get(namespace, name);
  const inner: unknown = Reflect.get(namespace, 'default');
  return isObject(inner) && Object.hasOwn(inner, name) ? Reflect.get(inner, name) : missingExport;
}

/** Throws if a class lacks methods that it has where it was sent from. */
function checked(value: unknown, { name, expects = [] }: ModuleNode | CommonJsNode, module: string): unknown {
  const prototype: unknown = typeof value === 'function' ? value.prototype : undefined;
  const missing = isObject(prototype) ? expects.filter((key) => !(key in prototype)) : [];
  if (missing.length === 0) return value;
  throw new NotSerializableError(
    'function',
    `The class \`${name ?? 'module.exports'}\` of ${module} has no ${missing.join(', ')} in the worker. ` +
      'The module adds it only when the class is first used, or the worker found another version of it. ' +
      'Make an instance inside the task, or import the module in `initialize` and use the class there once.',
  );
}

function lacksExport(module: string, name: string, exports: object): NotSerializableError {
  const names = Object.keys(exports).filter((key) => key !== 'module.exports');
  return new NotSerializableError(
    'function',
    `In the worker, ${module} has no export \`${name}\`. It exports ${names.join(', ') || 'nothing'}. ` +
      'The file was changed while the program ran, the worker found another version of it, or the export ' +
      'is only added later; import it inside the task then.',
  );
}

function refuseMainScript(file: string): NotSerializableError {
  return new NotSerializableError(
    'function',
    `${file} is the main script, which never runs in a worker because that would start the program again. ` +
      'Move what both need to a file of its own.',
  );
}
