/**
 * Makes functions and values of what a parent captured. A child has one Rebuilder, which keeps the code,
 * classes and modules it has met.
 */
import { InvariantError } from '../../../errors.ts';
import type { Graph } from '../wire.ts';
import type { CodeUnit } from '../unit.ts';
import { Classes } from './classes.ts';
import { CodeMaker } from './code-maker.ts';
import { compileUnit, type LoadedUnit } from './compile-unit.ts';
import { Construction } from './construction.ts';
import type { KnownByName } from './data-nodes.ts';
import { KnownTypes } from './known-types.ts';
import { Modules } from './modules.ts';
import { PrivateAccess } from './private-members.ts';
import type { RebuildPorts } from './rebuild-ports.ts';

/** Turns graphs into values. */
export class Rebuilder {
  /** The ids by which results name the classes and symbols that were sent. */
  readonly knownTypes: KnownTypes = new KnownTypes();
  readonly #ports: RebuildPorts;
  readonly #units = new Map<string, CodeUnit>();
  readonly #loaded = new Map<string, LoadedUnit>();
  readonly #modules: Modules;
  readonly #access = new PrivateAccess();
  readonly #classes = new Classes(this.knownTypes, this.#access);
  /** What others have sent here. */
  readonly known: KnownByName;

  constructor(ports: RebuildPorts) {
    this.#ports = ports;
    this.#modules = new Modules(ports.importModule);
    this.known = {
      classById: (id) => this.knownTypes.classById(id),
      symbolById: (id, description) => this.knownTypes.symbolById(id, description),
      decoderOf: (type) => ports.decoderOf?.(type),
    };
  }

  /** Takes a unit that later graphs refer to by its id. */
  addUnit(unit: CodeUnit): void {
    this.#units.set(unit.id, unit);
  }

  /** What was made of the text stays what it is. */
  forgetUnit(id: string): void {
    this.#units.delete(id);
    this.#loaded.delete(id);
  }

  /**
   * The values of the graph's roots. A promise only if modules have to be imported; no two calls of one
   * process import the same module twice.
   */
  rebuild(graph: Graph, binaries: readonly Uint8Array[]): unknown[] | Promise<unknown[]> {
    const imports = this.#modules.prepare(graph.nodes);
    if (imports === undefined) return this.#construct(graph, binaries);
    return imports.then(() => this.#construct(graph, binaries));
  }

  #construct(graph: Graph, binaries: readonly Uint8Array[]): unknown[] {
    const construction = new Construction(graph);
    const maker = new CodeMaker({
      made: construction.made,
      binaries,
      known: this.known,
      ports: this.#ports,
      modules: this.#modules,
      classes: this.#classes,
      access: this.#access,
      types: this.knownTypes,
      unitOf: (id) => this.#unitOf(id),
    });
    return construction.run(maker);
  }

  #unitOf(id: string): LoadedUnit {
    const loaded = this.#loaded.get(id);
    if (loaded !== undefined) return loaded;
    const unit = this.#units.get(id);
    if (unit === undefined) throw new InvariantError(`A worker was sent a function, but not its code ${id}.`);
    const made = { unit, compiled: compileUnit(unit) };
    this.#loaded.set(id, made);
    return made;
  }
}
