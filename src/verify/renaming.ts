/** Values under other names: what each becomes when the ids in it are exchanged, worked out once. */
import type { InternTable } from './intern.ts';
import { twiceAsLong } from './twice-as-long.ts';

/** The new id of each id; index 0 is "none" and stays 0. */
export type IdMap = Int32Array;

const nobody: readonly number[] = [];

export class Renaming {
  readonly #values: InternTable;
  /** The fields that hold ids of each sort. */
  readonly #fields: readonly ReadonlySet<string>[];
  /** For each sort and value: the ids in it, in order. */
  readonly #mentions: (readonly number[])[][];
  /** For each value: its form without names, 0 if that was not asked yet. */
  #nameless = new Int32Array(1 << 10);
  readonly #nowhere: readonly IdMap[];
  /** For each value: its forms by renaming, or `null` if no id stands in it. */
  readonly #forms: (Map<number, number> | null)[] = [];

  /** `counts`: how many ids each sort has. */
  constructor(values: InternTable, fields: readonly ReadonlySet<string>[], counts: readonly number[]) {
    this.#values = values;
    this.#fields = fields;
    this.#mentions = fields.map(() => []);
    this.#nowhere = counts.map((count) => new Int32Array(count + 1));
  }

  /** The ids of a sort that stand in a value. */
  mentions(value: number, sort: number): readonly number[] {
    const known = this.#mentions[sort]?.[value];
    if (known !== undefined) return known;
    const found = this.#fields.map(() => new Set<number>());
    this.#collect(this.#values.valueOf(value), found);
    for (const [at, ids] of found.entries())
      (this.#mentions[at] ?? [])[value] = ids.size === 0 ? nobody : Array.from(ids);
    return this.#mentions[sort]?.[value] ?? nobody;
  }

  /** The value with all its ids taken out. */
  nameless(value: number): number {
    const known = this.#nameless[value] ?? 0;
    if (known !== 0 || value === 0) return known;
    while (value >= this.#nameless.length) this.#nameless = twiceAsLong(this.#nameless);
    const form = this.#hasNames(value) ? this.#formOf(value, this.#nowhere) : value;
    this.#nameless[value] = form;
    return form;
  }

  /** The value with its ids exchanged. `key` is a number of the maps. */
  rename(value: number, maps: readonly IdMap[], key: number): number {
    let forms = this.#forms[value];
    if (forms === null) return value;
    if (forms === undefined) {
      forms = this.#hasNames(value) ? new Map() : null;
      this.#forms[value] = forms;
      if (forms === null) return value;
    }
    let form = forms.get(key);
    if (form === undefined) {
      form = this.#formOf(value, maps);
      forms.set(key, form);
    }
    return form;
  }

  #hasNames(value: number): boolean {
    return this.#fields.some((_, sort) => this.mentions(value, sort).length > 0);
  }

  #formOf(value: number, maps: readonly IdMap[]): number {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object stays one
    return this.#values.idOf(this.#renameIn(this.#values.valueOf(value), maps) as object);
  }

  #collect(value: unknown, found: readonly Set<number>[]): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      const ids = found[this.#sortOf(key)];
      if (ids === undefined) this.#collect(item, found);
      else
        for (const id of Array.isArray(item) ? item : [item])
          if (typeof id === 'number' && id > 0) ids.add(id);
    }
  }

  #renameIn(value: unknown, maps: readonly IdMap[]): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.#renameIn(item, maps));
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        const map = maps[this.#sortOf(key)];
        return [key, map === undefined ? this.#renameIn(item, maps) : renameIds(item, map)];
      }),
    );
  }

  #sortOf(field: string): number {
    return this.#fields.findIndex((fields) => fields.has(field));
  }
}

function renameIds(ids: unknown, map: IdMap): unknown {
  if (Array.isArray(ids)) return ids.map((id: unknown) => renameIds(id, map));
  return typeof ids === 'number' ? (map[ids] ?? ids) : ids;
}
