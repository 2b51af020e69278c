/**
 * The cells of one moment: each holds the number of a value, or 0. Who reads and writes them can be watched,
 * so that a turn can be remembered by what it looked at.
 */
import type { InternTable } from './intern.ts';
import { presenceProbe, type Probe, valueProbe } from './memo.ts';

/** Stands in a row for a record that has no number yet. */
const draftValue = -1;

/** What was looked at and written while somebody watched. */
export class Watch {
  readonly probes: Probe[] = [];
  readonly answers: number[] = [];
  readonly written: Set<number> = new Set();
  readonly #isKnown: Uint8Array;

  constructor(length: number) {
    this.#isKnown = new Uint8Array(length * 2);
  }

  look(probe: Probe, given: number): void {
    // What the turn wrote itself, or knows in full, is no question any more.
    if (this.#isKnown[probe & ~1] === 1 || this.#isKnown[probe] === 1) return;
    this.#isKnown[probe] = 1;
    this.probes.push(probe);
    this.answers.push(given);
  }

  noteWritten(cell: number): void {
    this.#isKnown[valueProbe(cell)] = 1;
    this.written.add(cell);
  }
}

export class Cells {
  /** The numbers of all cells. */
  readonly row: Int32Array;
  readonly #values: InternTable;
  /** Records that were written and have no number yet: only the last of each cell needs one. */
  readonly #drafts = new Map<number, object>();
  #watch: Watch | null = null;

  constructor(length: number, values: InternTable) {
    this.row = new Int32Array(length);
    this.#values = values;
  }

  get isWatched(): boolean {
    return this.#watch !== null;
  }

  load(row: Int32Array): void {
    this.row.set(row);
    this.#drafts.clear();
  }

  read(cell: number): number {
    const value = this.row[cell] ?? 0;
    this.#watch?.look(valueProbe(cell), value);
    return value;
  }

  isThere(cell: number): boolean {
    const isThere = this.row[cell] !== 0;
    this.#watch?.look(presenceProbe(cell), isThere ? 1 : 0);
    return isThere;
  }

  write(cell: number, value: number): void {
    this.#watch?.noteWritten(cell);
    this.row[cell] = value;
  }

  readRecord(cell: number): object {
    return this.#drafts.get(cell) ?? this.#values.valueOf(this.read(cell));
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

  /** What `play` looks at and writes. */
  watch(play: () => void): Watch {
    const watch = new Watch(this.row.length);
    this.#watch = watch;
    try {
      play();
    } finally {
      this.#watch = null;
    }
    return watch;
  }
}
