/** Makes the nodes of a trusted graph: those that hold data, and those that hold code. */
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { globalAt } from '../known.ts';
import { withoutMark } from '../source-positions.ts';
import type {
  BoundNode,
  ClassNode,
  CodeNode,
  Extras,
  FunctionNode,
  GraphNode,
  SignalNode,
  Slot,
} from '../wire.ts';
import { fillCell, makeCell } from './cells.ts';
import { type Classes, privateValues } from './classes.ts';
import type { LoadedUnit, UnitOutput } from './compile-unit.ts';
import type { NodeMaker } from './construction.ts';
import {
  type AnyClass,
  dataNeeds,
  type DataSources,
  decode,
  fillData,
  isDataNode,
  makeData,
} from './data-nodes.ts';
import { fillFunction, giveName } from './functions.ts';
import { importMetaOf } from './import-meta.ts';
import type { KnownTypes } from './known-types.ts';
import { isObject } from './made-values.ts';
import { commonJsExportOf, type Modules } from './modules.ts';
import type { PrivateAccess } from './private-members.ts';
import type { RebuildPorts } from './rebuild-ports.ts';

/** Where code is made from beside its node. */
export interface CodeSources extends DataSources {
  readonly ports: RebuildPorts;
  readonly modules: Modules;
  readonly classes: Classes;
  readonly access: PrivateAccess;
  readonly types: KnownTypes;
  unitOf(id: string): LoadedUnit;
}

type Callable = (...args: unknown[]) => unknown;

const bindFunction: unknown = Object.getOwnPropertyDescriptor(Function.prototype, 'bind')?.value;

/** Makes the nodes of one graph. */
export class CodeMaker implements NodeMaker {
  readonly #sources: CodeSources;
  readonly #functions = new Map<number, UnitOutput>();

  constructor(sources: CodeSources) {
    this.#sources = sources;
  }

  needs(node: GraphNode): readonly Slot[] {
    if (!isDataNode(node)) return codeNeeds(node);
    const { privates } = extrasOf(node);
    return privates === undefined ? dataNeeds(node) : [...dataNeeds(node), ...privates.map(({ of }) => of)];
  }

  make(node: GraphNode, index: number): unknown {
    if (!isDataNode(node)) return this.#makeCode(node, index);
    const { made, known, classes } = this.#sources;
    if (node.k === 'registered') {
      const sent = node.decode === undefined ? undefined : made.ready(node.decode);
      const decoder = known.decoderOf(node.type) ?? (isCallable(sent) ? sent : undefined);
      return decode(node.type, made.ready(node.data), decoder);
    }
    const shell = makeData(node, this.#sources);
    const { privates } = extrasOf(node);
    if (privates === undefined) return shell;
    return classes.install(
      privates.map(({ of }) => made.ready(of)),
      shell,
    );
  }

  fill(node: GraphNode, value: unknown, index: number): boolean {
    const { made, classes } = this.#sources;
    const output = this.#functions.get(index);
    if (node.k === 'function') return output === undefined || fillFunction(node, output, made);
    if (node.k === 'class') return classes.fill(node, value, made);
    if (node.k === 'cell') return fillCell(node, value, made);
    if (!isDataNode(node)) return true;
    const hasPrivates = this.#fillPrivates(extrasOf(node), value);
    return fillData(node, value, made) && hasPrivates;
  }

  #fillPrivates({ privates = [] }: Extras, value: unknown): boolean {
    const { made, access } = this.#sources;
    let isComplete = true;
    for (const { of, members } of privates) {
      const values = privateValues(members, made);
      const declaring = made.ready(of);
      if (values === undefined || !isObject(declaring) || !isObject(value)) isComplete = false;
      else access.setFields(declaring, value, values);
    }
    return isComplete;
  }

  #makeCode(node: CodeNode, index: number): unknown {
    const { made, modules, classes, ports, types } = this.#sources;
    switch (node.k) {
      case 'global':
        return globalAt(node.path);
      case 'module':
        return noteClass(node, modules.exportOf(node), types);
      case 'commonjs':
        return noteClass(node, commonJsExportOf(node), types);
      case 'require':
        return createRequire(node.file);
      case 'cell':
        return makeCell(node);
      case 'function':
        return this.#makeFunction(node, index);
      case 'class':
        return classes.make(node, made, () => this.#define(node));
      case 'bound':
        return this.#bind(node);
      case 'promisified':
        return promisify(this.#callable(node.target));
      case 'signal':
        return this.#signal(node);
      case 'pool':
        return ports.pool(node);
    }
  }

  #makeFunction(node: FunctionNode, index: number): unknown {
    const output = this.#define(node);
    giveName(output.made, node.name);
    this.#functions.set(index, output);
    return output.made;
  }

  #define(node: FunctionNode | ClassNode): UnitOutput {
    const { made, access, ports } = this.#sources;
    const { unit, compiled } = this.#sources.unitOf(node.code);
    const read = (slot: Slot | undefined): unknown => (slot === undefined ? undefined : made.ready(slot));
    const script = withoutMark(unit.url);
    const usesMeta = unit.usesImportMeta === true || unit.importMetaName !== undefined;
    return compiled({
      lexicalThis: node.k === 'function' ? read(node.lexicalThis) : undefined,
      importMeta: usesMeta ? importMetaOf(script) : undefined,
      importModule: (specifier: unknown) => ports.importModule(String(specifier), script),
      superclass: node.k === 'class' ? read(node.superclass) : undefined,
      keys: node.k === 'class' ? (node.keys ?? []).map(read) : [],
      hatch: access.hatch,
      cells: (node.cells ?? []).map((cell) => made.at(cell)),
    });
  }

  #bind({ target, boundThis, args }: BoundNode): unknown {
    const { made } = this.#sources;
    const values = args.map((slot) => made.ready(slot));
    // The method itself, because a function may have a property of its own with this name.
    if (!isCallable(bindFunction)) throw new TypeError('functions cannot be bound');
    return Reflect.apply(bindFunction, this.#callable(target), [made.ready(boundThis), ...values]);
  }

  #callable(slot: Slot): Callable {
    const value = this.#sources.made.ready(slot);
    if (isCallable(value)) return value;
    throw new TypeError('what is to be called is no function');
  }

  /** A signal that was aborted before it was sent needs no news from the sender. */
  #signal({ index, aborted }: SignalNode): AbortSignal {
    const { made, ports } = this.#sources;
    return aborted === undefined ? ports.signal(index) : AbortSignal.abort(made.ready(aborted));
  }
}

function codeNeeds(node: CodeNode): readonly Slot[] {
  switch (node.k) {
    case 'function':
      return [...cellSlots(node), ...given(node.lexicalThis)];
    case 'class':
      return [...cellSlots(node), ...given(node.superclass), ...(node.keys ?? [])];
    case 'bound':
      return [node.target, node.boundThis, ...node.args];
    case 'promisified':
      return [node.target];
    case 'signal':
      return given(node.aborted);
    default:
      return [];
  }
}

function cellSlots({ cells = [] }: FunctionNode | ClassNode): Slot[] {
  return cells.map((cell) => [cell]);
}

function given(slot: Slot | undefined): Slot[] {
  return slot === undefined ? [] : [slot];
}

/** Of a node whose kind has none, nothing. */
function extrasOf(node: GraphNode): Extras {
  return 'privates' in node ? node : {};
}

function isCallable(value: unknown): value is Callable {
  return typeof value === 'function';
}

/** Results name an imported class by the id its sender gave it. */
function noteClass({ id }: { readonly id?: string }, value: unknown, types: KnownTypes): unknown {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only classes get ids
  if (id !== undefined && typeof value === 'function') types.addClass(id, value as unknown as AnyClass);
  return value;
}
