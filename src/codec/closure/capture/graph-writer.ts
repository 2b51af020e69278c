/** Numbers what is sent and settles the text of its code: now it is known which variables are cells. */
import { makeUnit } from '../source/code-unit.ts';
import { isMapped } from '../source-positions.ts';
import { needsCell } from '../source/variable-edits.ts';
import type { GraphNode, Refused } from '../wire.ts';
import type { CodeUnit } from '../unit.ts';
import { classIds } from './class-ids.ts';
import type { Capturing } from './capturing.ts';
import type { CapturedVariable, CodeDraft, Entry, Occurrence } from './draft.ts';

/** What was found out about variables. */
export interface VariableFindings {
  /** The first occurrence of each that is assigned. */
  readonly cells: ReadonlyMap<CapturedVariable, Occurrence>;
  /** Those whose values cannot be sent. */
  readonly refusals: ReadonlyMap<CapturedVariable, Refused>;
}

/** What travels beside the graph. */
export interface Beside {
  readonly units: readonly CodeUnit[];
  readonly binaries: readonly Uint8Array[];
  readonly signals: readonly AbortSignal[];
}

export class GraphWriter {
  readonly nodes: GraphNode[] = [];
  readonly #capturing: Capturing;
  readonly #findings: VariableFindings;
  readonly #units = new Map<string, CodeUnit>();
  readonly #binaries: Uint8Array[] = [];
  readonly #signals: AbortSignal[] = [];
  /** The cell nodes of variables, by their first occurrence. */
  readonly #cells = new Map<CapturedVariable, number>();

  constructor(capturing: Capturing, findings: VariableFindings) {
    this.#capturing = capturing;
    this.#findings = findings;
  }

  /** Writes these entries and the cells of their variables. */
  write(entries: readonly Entry[]): Beside {
    // Those who refer to an entry share its slot.
    for (const [index, { slot }] of entries.entries()) slot[0] = index;
    const cells: CapturedVariable[] = [];
    for (const entry of entries) this.nodes.push(this.#nodeOf(entry, cells, entries.length));
    for (const variable of cells) this.nodes.push(this.#cellNode(variable));
    return { units: [...this.#units.values()], binaries: this.#binaries, signals: this.#signals };
  }

  #nodeOf({ draft, value }: Entry, cells: CapturedVariable[], entryCount: number): GraphNode {
    if (draft === null) throw new TypeError('a value has had no turn');
    switch (draft.k) {
      case 'refused':
        throw new TypeError('what cannot be sent was to be written');
      case 'code':
        return this.#codeNode(draft, cells, entryCount);
      case 'buffer':
        return { k: 'buffer', bytes: this.#binaries.push(at(this.#capturing.binaries, draft.bytes)) - 1 };
      case 'signal':
        return { ...draft, index: this.#signals.push(at(this.#capturing.signals, draft.index)) - 1 };
      case 'module':
      case 'commonjs':
        return { ...draft, ...classIdOf(value), ...this.#expectations(value) };
      default:
        return draft;
    }
  }

  #codeNode(draft: CodeDraft, cells: CapturedVariable[], entryCount: number): GraphNode {
    const { source, place, aliases, members } = draft;
    const inCells = draft.variables.filter((variable) => this.#isCell(variable, draft));
    const plain = draft.variables.filter((variable) => !inCells.includes(variable) && !variable.isSelf);
    const unit = makeUnit(source, {
      variables: plain.map(({ use }) => use.name),
      cells: inCells.map(({ use }) => use.name),
      ...place,
      isMapped: isMapped(place.url),
      ...aliases,
      ...(members === undefined ? {} : { class: members }),
    });
    this.#units.set(unit.id, unit);
    return {
      ...draft.node,
      code: unit.id,
      ...(plain.length > 0 ? { values: plain.map(({ slot }) => slot) } : {}),
      ...(inCells.length > 0
        ? { cells: inCells.map((variable) => entryCount + this.#cellOf(variable, cells)) }
        : {}),
    };
  }

  /** A child keeps classes from call to call, and gives their variables new values each time. */
  #isCell(variable: CapturedVariable, { source }: CodeDraft): boolean {
    const { cells, refusals } = this.#findings;
    const isShared = cells.has(variable) || refusals.has(variable);
    return isShared || (!variable.isSelf && (source.form === 'class' || needsCell(variable.use.name)));
  }

  /** The number of a variable's cell among the cells. */
  #cellOf(variable: CapturedVariable, cells: CapturedVariable[]): number {
    const first = this.#findings.cells.get(variable)?.variable ?? variable;
    const known = this.#cells.get(first);
    if (known !== undefined) return known;
    const index = cells.push(variable) - 1;
    this.#cells.set(first, index);
    return index;
  }

  #cellNode(variable: CapturedVariable): GraphNode {
    const refusal = this.#findings.refusals.get(variable);
    return refusal === undefined ? { k: 'cell', value: variable.slot } : { k: 'cell', refusal };
  }

  /** What instances need their imported class to have, for some packages add methods only when first used. */
  #expectations(value: Entry['value']): { readonly expects?: readonly string[] } {
    if (typeof value !== 'function' || !this.#capturing.instantiated.has(value)) return {};
    const prototype: unknown = Object.getOwnPropertyDescriptor(value, 'prototype')?.value;
    if (typeof prototype !== 'object' || prototype === null) return {};
    const expects = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
    return expects.length > 0 ? { expects } : {};
  }
}

/** Results may hold instances of a class that was sent by reference. */
function classIdOf(value: Entry['value']): { readonly id?: string } {
  if (typeof value !== 'function') return {};
  const prototype: unknown = Object.getOwnPropertyDescriptor(value, 'prototype')?.value;
  if (typeof prototype !== 'object' || prototype === null) return {};
  const hasMethods = Reflect.ownKeys(prototype).some((key) => key !== 'constructor');
  return hasMethods || /^class\b/u.test(Function.prototype.toString.call(value))
    ? { id: classIds.idOf(value) }
    : {};
}

function at<Item>(list: readonly Item[], index: number): Item {
  const item = list[index];
  if (item === undefined) throw new RangeError(`there is no item ${index}`);
  return item;
}
