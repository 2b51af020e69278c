/**
 * One moment of a system as those see it who only look and keep records: who is there, in which state, and
 * what the environment wrote down.
 */
import { Cells } from './cells.ts';
import type { InternTable } from './intern.ts';
import { type Group, idAt, type Layout } from './layout.ts';
import type { MachineKind, MemberState } from './machine-kind.ts';
import { VerifyError } from './verify-error.ts';

export class Moment {
  readonly layout: Layout;
  protected readonly cells: Cells;
  readonly #kinds: ReadonlyMap<string, MachineKind>;
  readonly #groups: ReadonlyMap<string, Group>;

  constructor(layout: Layout, kinds: ReadonlyMap<string, MachineKind>, values: InternTable) {
    this.layout = layout;
    this.cells = new Cells(layout, values);
    this.#kinds = kinds;
    this.#groups = new Map(layout.groups.map((group) => [group.name, group]));
  }

  /** The numbers of all cells; 0 = nothing there. */
  get row(): Int32Array {
    // Whoever takes them all looks at everything.
    this.cells.groupsRead = -1;
    return this.cells.row;
  }

  has(name: string, id = 0): boolean {
    return this.cells.isThere(this.cellOf(name, id));
  }

  /** The ids of a group that are there. */
  ids(name: string): number[] {
    const group = this.#groupOf(name);
    const ids: number[] = [];
    for (let cell = group.first; cell < group.first + group.count; cell += 1)
      if (this.cells.isThere(cell)) ids.push(idAt(group, cell));
    return ids;
  }

  /** A record of the environment. */
  get<Value extends object>(name: string, id = 0): Value {
    return this.cells.readRecord(this.cellOf(name, id)) as Value;
  }

  find<Value extends object>(name: string, id = 0): Value | undefined {
    return this.has(name, id) ? this.get<Value>(name, id) : undefined;
  }

  /** Writes a record of the environment: plain data that is never changed in place. */
  put(name: string, id: number, value: object): void {
    this.cells.writeRecord(this.cellOf(name, id), value);
  }

  drop(name: string, id = 0): void {
    this.cells.clear(this.cellOf(name, id));
  }

  /** The smallest id of a group that is not taken. */
  freeId(name: string): number {
    const group = this.#groupOf(name);
    for (let cell = group.first; cell < group.first + group.count; cell += 1)
      if (!this.cells.isThere(cell)) return idAt(group, cell);
    throw new VerifyError(
      `All ${group.count} ids of '${name}' are taken. Raise the count of its sort in the topology.`,
    );
  }

  member(kind: string, id = 0): MemberState {
    return this.kindOf(kind).stateOf(this.cells.read(this.cellOf(kind, id)));
  }

  /** The dotted name of the state a member is in; `undefined` if there is none. */
  stateOf(kind: string, id = 0): string | undefined {
    return this.has(kind, id) ? this.member(kind, id).state : undefined;
  }

  contextOf<Context extends object>(kind: string, id = 0): Context {
    return this.member(kind, id).context as Context;
  }

  /** The cell of a member or record; -1 if there can be none. */
  protected findCell(name: string, id: number): number {
    const group = this.#groups.get(name);
    return group === undefined ? -1 : cellIn(group, id);
  }

  protected groupAt(cell: number): Group {
    const group = this.layout.groupOf[cell];
    if (group === undefined) throw new RangeError(`There is no cell ${cell}.`);
    return group;
  }

  protected kindOf(name: string): MachineKind {
    const kind = this.#kinds.get(name);
    if (kind === undefined) throw new VerifyError(`No machine is called '${name}'.`);
    return kind;
  }

  protected cellOf(name: string, id: number): number {
    const group = this.#groupOf(name);
    const cell = cellIn(group, id);
    if (cell < 0) throw new VerifyError(`'${name}' has no id ${id}: it has ${group.count}.`);
    return cell;
  }

  #groupOf(name: string): Group {
    const group = this.#groups.get(name);
    if (group === undefined) throw new VerifyError(`The topology has nothing called '${name}'.`);
    return group;
  }
}

function cellIn(group: Group, id: number): number {
  const index = group.sort === null ? id : id - 1;
  return index >= 0 && index < group.count ? group.first + index : -1;
}
