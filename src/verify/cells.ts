/**
 * The cells of one moment: each holds the number of a value, or 0. Who reads and writes them can be watched,
 * so that a turn can be remembered by what it looked at.
 */
import type { InternTable } from './intern.ts';
import type { Layout } from './layout.ts';
import { presenceProbe, type Probe, valueProbe } from './memo.ts';

/** Stands in a row for a record that has no number yet. */
const draftValue = -1;

/** What was looked at and written while somebody watched. */
export class Watch {
  probes: Probe[] = [];
  answers: number[] = [];
  written: number[] = [];
  /** Which probes were answered and which cells written, by the number of the watch that noticed. */
  readonly #known: Int32Array;
  readonly #writtenIn: Int32Array;
  #number = 0;

  constructor(length: number) {
    this.#known = new Int32Array(length * 2);
    this.#writtenIn = new Int32Array(length);
  }

  begin(): void {
    this.#number += 1;
    this.probes = [];
    this.answers = [];
    this.written = [];
  }

  look(probe: Probe, given: number): void {
    // What the turn wrote itself, or knows in full, is no question any more.
    if (this.#known[probe & ~1] === this.#number || this.#known[probe] === this.#number) return;
    this.#known[probe] = this.#number;
    this.probes.push(probe);
    this.answers.push(given);
  }

  noteWritten(cell: number): void {
    if (this.#writtenIn[cell] === this.#number) return;
    this.#writtenIn[cell] = this.#number;
    this.#known[valueProbe(cell)] = this.#number;
    this.written.push(cell);
  }
}

export class Cells {
  /** The numbers of all cells. */
  readonly row: Int32Array;
  /** The groups of cells that were looked at, a bit for each. */
  groupsRead = 0;
  readonly #values: InternTable;
  /** The bit of each cell's group. */
  readonly #bits: Int32Array;
  /** Records that were written and have no number yet: only the last of each cell needs one. */
  readonly #drafts = new Map<number, object>();
  /** One for all turns: most are short, and a new one would cost more than they do. */
  readonly #watch: Watch;
  #isWatched = false;

  constructor({ length, groups, groupOf }: Layout, values: InternTable) {
    this.row = new Int32Array(length);
    // From the 31st on they share a bit: then more is asked again than has to be.
    this.#bits = Int32Array.from(groupOf, (group) => 1 << Math.min(groups.indexOf(group), 30));
    this.#values = values;
    this.#watch = new Watch(length);
  }

  get isWatched(): boolean {
    return this.#isWatched;
  }

  /** The groups of cells that are not as in `row`, a bit for each. */
  groupsChanged(row: Int32Array): number {
    let groups = 0;
    for (let cell = 0; cell < row.length; cell += 1)
      if (row[cell] !== this.row[cell]) groups |= this.#bits[cell] ?? 0;
    return groups;
  }

  load(row: Int32Array): void {
    this.row.set(row);
    // A map that is cleared gets new memory, even if it was empty.
    if (this.#drafts.size > 0) this.#drafts.clear();
  }

  read(cell: number): number {
    const value = this.row[cell] ?? 0;
    this.groupsRead |= this.#bits[cell] ?? 0;
    if (this.#isWatched) this.#watch.look(valueProbe(cell), value);
    return value;
  }

  isThere(cell: number): boolean {
    const isThere = this.row[cell] !== 0;
    this.groupsRead |= this.#bits[cell] ?? 0;
    if (this.#isWatched) this.#watch.look(presenceProbe(cell), isThere ? 1 : 0);
    return isThere;
  }

  write(cell: number, value: number): void {
    if (this.#isWatched) this.#watch.noteWritten(cell);
    this.row[cell] = value;
  }

  readRecord(cell: number): object {
    const value = this.read(cell);
    return (value === draftValue ? this.#drafts.get(cell) : undefined) ?? this.#values.valueOf(value);
  }

  writeRecord(cell: number, record: object): void {
    this.#drafts.set(cell, record);
    this.write(cell, draftValue);
  }

  clear(cell: number): void {
    this.#drafts.delete(cell);
    this.write(cell, 0);
  }

  /** Gives the records that were written their numbers: afterwards the row says everything. */
  seal(): void {
    if (this.#drafts.size === 0) return;
    for (const [cell, record] of this.#drafts) this.row[cell] = this.#values.idOf(record);
    this.#drafts.clear();
  }

  /** What `play` looks at and writes. The result is overwritten by the next call. */
  watch(play: () => void): Watch {
    this.#watch.begin();
    this.#isWatched = true;
    try {
      play();
    } finally {
      this.#isWatched = false;
    }
    return this.#watch;
  }
}
