/**
 * Finds what a task calls and with what: by the address of its function, or built from what was sent with the
 * task.
 */
import type { TaskId } from '../../machines/ids.ts';
import { type CapturedRoots, closureUrl, type FunctionReference } from '../../machines/protocol.ts';
import { Rebuilder } from '../codec/closure/rebuild/rebuilder.ts';
import type { Graph, PoolNode } from '../codec/closure/wire.ts';
import type { KnownByName } from '../codec/closure/rebuild/data-nodes.ts';
import type { CodeUnit } from '../codec/closure/unit.ts';
import { type AnyClass, adoptRegistration, decoderNamed } from '../codec/registry.ts';
import type { KnownIds } from '../codec/result.ts';
import { guardMainScript } from './main-script-guard.ts';
import { loadedFunction, loadFunction } from './module-loader.ts';
import { importSpecifier } from './specifier-import.ts';

/** A function and what it is called with. */
export interface LoadedCall {
  readonly fn: (...args: unknown[]) => unknown;
  readonly args: readonly unknown[];
  /** Names that meant nothing where the function was submitted. */
  readonly unresolved: readonly string[];
}

type Encode = (instance: object) => unknown;
type Decode = (data: unknown) => object;

/** What makes a task ready to run, and does not run it. */
export type PreparingMessage =
  | ['code', CodeUnit]
  | ['forgetCode', unitIds: readonly string[]]
  | ['register', name: string, classId: string, Graph]
  | ['captured', TaskId, CapturedRoots, Graph]
  | ['signal', TaskId, index: number, reason: unknown];

interface Kept {
  readonly roots: CapturedRoots;
  readonly graph: Graph;
  readonly binaries: readonly Uint8Array[];
  readonly signals: AbortController[];
}

const knowsNothing: KnownIds = {
  idOfClass: () => undefined,
  idOfSymbol: () => undefined,
  hasSymbols: false,
  hasReceived: () => false,
};

export class CallLoader {
  readonly #poolOf: (node: PoolNode) => object;
  readonly #kept = new Map<TaskId, Kept>();
  /** The task that is being built: its signals are meant. */
  #building: Kept | null = null;
  /** Made when something is sent that has to be built: most tasks need only an address. */
  #madeRebuilder: Rebuilder | null = null;
  /** Registrations whose modules are still being imported. */
  #registering: Promise<void> | null = null;

  /** The ids by which results name what was sent here. */
  get knownTypes(): KnownIds {
    return this.#madeRebuilder?.knownTypes ?? knowsNothing;
  }

  get #rebuilder(): Rebuilder {
    return (this.#madeRebuilder ??= new Rebuilder({
      importModule: importSpecifier,
      signal: (index) => controllerAt(this.#building?.signals ?? [], index).signal,
      pool: (node) => this.#poolOf(node),
      decoderOf: decoderNamed,
    }));
  }

  /** And what goes by those ids. */
  get known(): KnownByName {
    return this.#rebuilder.known;
  }

  constructor(poolOf: (node: PoolNode) => object) {
    this.#poolOf = poolOf;
    guardMainScript();
  }

  receive(message: PreparingMessage, binaries: readonly Uint8Array[]): void {
    switch (message[0]) {
      case 'code':
        this.#rebuilder.addUnit(message[1]);
        break;
      case 'forgetCode':
        for (const unitId of message[1]) this.#rebuilder.forgetUnit(unitId);
        break;
      case 'register':
        this.#register(message[1], message[2], message[3], binaries);
        break;
      case 'captured':
        this.#keep(message[1], { roots: message[2], graph: message[3], binaries, signals: [] });
        break;
      case 'signal':
        this.#abort(message[1], message[2], message[3]);
        break;
    }
  }

  /** Takes over a class that the parent registered. */
  #register(name: string, classId: string, graph: Graph, binaries: readonly Uint8Array[]): void {
    const adopt = (values: readonly unknown[]): void => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as sent
      const [type, encode, decode] = values as [AnyClass, ...Partial<[Encode, Decode]>];
      this.#rebuilder.knownTypes.addClass(classId, type);
      const isSerialized = encode !== undefined && decode !== undefined;
      adoptRegistration({ name, type, serializer: isSerialized ? { encode, decode } : null });
    };
    const built = this.#rebuilder.rebuild(graph, binaries);
    if (built instanceof Promise) {
      const before = this.#registering;
      this.#registering = built.then(async (values) => {
        await before;
        adopt(values);
      });
      this.#registering.catch(() => {});
    } else adopt(built);
  }

  forget(taskId: TaskId): void {
    this.#kept.delete(taskId);
  }

  /** Synchronous unless a module must be imported first. */
  load(
    taskId: TaskId,
    reference: FunctionReference,
    args: readonly unknown[],
  ): LoadedCall | Promise<LoadedCall> {
    const registering = this.#registering;
    if (registering === null) return this.#loadNow(taskId, reference, args);
    return registering.then(() => {
      if (this.#registering === registering) this.#registering = null;
      return this.#loadNow(taskId, reference, args);
    });
  }

  #keep(taskId: TaskId, kept: Kept): void {
    this.#kept.set(taskId, kept);
  }

  /** One of the task's signals has aborted in the parent. */
  #abort(taskId: TaskId, index: number, reason: unknown): void {
    const kept = this.#kept.get(taskId);
    if (kept !== undefined) controllerAt(kept.signals, index).abort(reason);
  }

  #loadNow(
    taskId: TaskId,
    reference: FunctionReference,
    args: readonly unknown[],
  ): LoadedCall | Promise<LoadedCall> {
    const kept = this.#kept.get(taskId);
    if (kept !== undefined) return this.#build(kept, reference, args);
    if (reference.url === closureUrl) throw new TypeError(`The function of task ${taskId} was never sent.`);
    return whenLoaded(reference, (fn) => ({ fn, args, unresolved: [] }));
  }

  #build(
    kept: Kept,
    reference: FunctionReference,
    args: readonly unknown[],
  ): LoadedCall | Promise<LoadedCall> {
    this.#building = kept;
    const built = this.#rebuilder.rebuild(kept.graph, kept.binaries);
    const finish = (values: readonly unknown[]): LoadedCall | Promise<LoadedCall> =>
      kept.roots === 'arguments'
        ? whenLoaded(reference, (fn) => ({ fn, args: values, unresolved: [] }))
        : captured(kept, values, args);
    return built instanceof Promise ? built.then(finish) : finish(built);
  }
}

function captured(
  { roots, graph: { unresolved = [] } }: Kept,
  [fn, ...sent]: readonly unknown[],
  args: readonly unknown[],
): LoadedCall {
  if (typeof fn !== 'function') throw new TypeError('What was sent to be called is not a function.');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what it takes is its caller's affair
  return { fn: fn as LoadedCall['fn'], args: roots === 'call' ? sent : args, unresolved };
}

function whenLoaded(
  reference: FunctionReference,
  use: (fn: LoadedCall['fn']) => LoadedCall,
): LoadedCall | Promise<LoadedCall> {
  const loaded = loadedFunction(reference);
  return loaded === undefined ? loadFunction(reference).then(use) : use(loaded);
}

function controllerAt(controllers: AbortController[], index: number): AbortController {
  return (controllers[index] ??= new AbortController());
}
