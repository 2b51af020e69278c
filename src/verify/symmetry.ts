/**
 * Makes one moment out of all those that differ only in which id is whose: the ids of a symmetric sort are
 * given out anew, in an order that depends on what their owners are like and not on what they are called.
 */
import type { InternTable } from './intern.ts';
import type { Layout, Sort } from './layout.ts';

interface SymmetricSort {
  readonly fields: ReadonlySet<string>;
  readonly count: number;
  /** Where its cells begin. */
  readonly firsts: readonly number[];
}

/** The new id of each id; index 0 is "none" and stays 0. */
type IdMap = number[];

/** One step of a well-mixed sum. Two looks that are different by name only must give the same number. */
const mix = (sum: number, part: number): number => Math.imul(Math.imul(sum, 31) + part, 0x9e37_79b1);

export class Symmetry {
  readonly #values: InternTable;
  readonly #layout: Layout;
  readonly #sorts: readonly SymmetricSort[];
  /** For each group its sort's index; -1 if its ids are not exchanged. */
  readonly #sortOf: readonly number[];
  readonly #singles: readonly number[];
  /** Numbers of a base this large hold one id. */
  readonly #base: number;
  /** For each value: its renamed forms by renaming, or `null` if no id stands in it. */
  readonly #forms: (Map<number, number> | null)[] = [];
  /** For each value: the ids in it, in order, by sort. */
  readonly #mentions: (readonly (readonly number[])[])[] = [];
  readonly #nobody: readonly IdMap[];
  readonly #best: Int32Array;
  readonly #candidate: Int32Array;
  #hasBest = false;

  constructor(layout: Layout, sorts: Readonly<Record<string, Sort>>, values: InternTable) {
    this.#values = values;
    this.#layout = layout;
    const symmetric = Object.entries(sorts).filter(([, sort]) => sort.isSymmetric && sort.count > 1);
    this.#sorts = symmetric.map(([name, { fields, count }]) => ({
      fields: new Set(fields),
      count,
      firsts: layout.groups.filter((group) => group.sort === name).map((group) => group.first),
    }));
    this.#sortOf = layout.groups.map(({ sort }) => symmetric.findIndex(([name]) => name === sort));
    this.#singles = layout.groups.filter(({ sort }) => sort === null).map(({ first }) => first);
    this.#base = Math.max(2, ...this.#sorts.map(({ count }) => count + 1));
    this.#nobody = this.#sorts.map(({ count }) => Array.from({ length: count + 1 }, () => 0));
    this.#best = new Int32Array(layout.length);
    this.#candidate = new Int32Array(layout.length);
  }

  /** The representative of all moments like this one. The result is overwritten by the next call. */
  canonical(row: Int32Array): Int32Array {
    if (this.#sorts.length === 0) return row;
    this.#hasBest = false;
    this.#tryOrders(row, 0, []);
    return this.#best;
  }

  /** Orders the ids of one sort after the other, in each way that what they look like leaves open. */
  #tryOrders(row: Int32Array, at: number, maps: readonly IdMap[]): void {
    const sort = this.#sorts[at];
    if (sort === undefined) {
      if (!this.#write(row, maps)) return;
      this.#best.set(this.#candidate);
      this.#hasBest = true;
      return;
    }
    const looks = this.#looksOf(row, sort, at, maps);
    const ids = this.#presentIds(row, sort);
    sortByLook(ids, looks);
    if (isWithoutTies(ids, looks)) this.#tryOrders(row, at + 1, [...maps, mapOf(ids, sort.count)]);
    else
      for (const order of ordersOf(ids, looks))
        this.#tryOrders(row, at + 1, [...maps, mapOf(order, sort.count)]);
  }

  #presentIds(row: Int32Array, { count, firsts }: SymmetricSort): number[] {
    const ids: number[] = [];
    for (let index = 0; index < count; index += 1)
      for (const first of firsts)
        if (row[first + index] !== 0) {
          ids.push(index + 1);
          break;
        }
    return ids;
  }

  /** A number for each id: what it is like, and where it is mentioned first. */
  #looksOf(row: Int32Array, { firsts, count }: SymmetricSort, at: number, maps: readonly IdMap[]): number[] {
    const looks: number[] = [0];
    for (let index = 0; index < count; index += 1) {
      let look = 0;
      for (const first of firsts) look = mix(look, this.#rename(row[first + index] ?? 0, this.#nobody, 0));
      looks.push(look);
    }
    let place = 1;
    for (const cell of this.#singles) place = this.#notePlaces(row[cell] ?? 0, at, looks, place);
    for (let other = 0; other < maps.length; other += 1) {
      const map = maps[other] ?? [];
      const sort = this.#sorts[other];
      if (sort === undefined) continue;
      for (let next = 1; next < map.length; next += 1) {
        const id = map.indexOf(next);
        for (const first of sort.firsts) place = this.#notePlaces(row[first + id - 1] ?? 0, at, looks, place);
      }
    }
    return looks;
  }

  #notePlaces(value: number, at: number, looks: number[], place: number): number {
    if (value === 0) return place;
    let next = place;
    for (const id of this.#mentionsIn(value)[at] ?? []) {
      looks[id] = mix(looks[id] ?? 0, next);
      next += 1;
    }
    return next;
  }

  /** Writes the renamed row; false as soon as it is not smaller than the best so far. */
  #write(row: Int32Array, maps: readonly IdMap[]): boolean {
    const key = this.#keyOf(maps);
    const candidate = this.#candidate;
    candidate.fill(0);
    for (let at = 0; at < this.#layout.groups.length; at += 1) {
      const group = this.#layout.groups[at];
      const map = maps[this.#sortOf[at] ?? -1];
      if (group === undefined) continue;
      for (let index = 0; index < group.count; index += 1) {
        const value = row[group.first + index] ?? 0;
        if (value === 0) continue;
        const to = map === undefined ? index : (map[index + 1] ?? 1) - 1;
        candidate[group.first + to] = this.#rename(value, maps, key);
      }
    }
    return !this.#hasBest || isSmaller(candidate, this.#best);
  }

  #keyOf(maps: readonly IdMap[]): number {
    let key = 0;
    for (const map of maps)
      for (let id = 1; id < map.length; id += 1) key = key * this.#base + (map[id] ?? 0);
    return key;
  }

  #rename(value: number, maps: readonly IdMap[], key: number): number {
    if (value === 0) return 0;
    let forms = this.#forms[value];
    if (forms === null) return value;
    if (forms === undefined) {
      forms = this.#mentionsIn(value).some((ids) => ids.length > 0) ? new Map() : null;
      this.#forms[value] = forms;
      if (forms === null) return value;
    }
    let form = forms.get(key);
    if (form === undefined) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object stays one
      form = this.#values.idOf(this.#renameIn(this.#values.valueOf(value), maps) as object);
      forms.set(key, form);
    }
    return form;
  }

  #mentionsIn(value: number): readonly (readonly number[])[] {
    const known = this.#mentions[value];
    if (known !== undefined) return known;
    const found: Set<number>[] = this.#sorts.map(() => new Set());
    this.#collect(this.#values.valueOf(value), found);
    const mentions = found.map((ids) => Array.from(ids));
    this.#mentions[value] = mentions;
    return mentions;
  }

  #collect(value: unknown, found: readonly Set<number>[]): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      const ids = found[this.#sorts.findIndex((sort) => sort.fields.has(key))];
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
        const map = maps[this.#sorts.findIndex((sort) => sort.fields.has(key))];
        return [key, map === undefined ? this.#renameIn(item, maps) : renameIds(item, map)];
      }),
    );
  }
}

function renameIds(ids: unknown, map: IdMap): unknown {
  if (Array.isArray(ids)) return ids.map((id: unknown) => renameIds(id, map));
  return typeof ids === 'number' ? (map[ids] ?? ids) : ids;
}

function isSmaller(one: Int32Array, other: Int32Array): boolean {
  for (let cell = 0; cell < one.length; cell += 1) {
    const difference = (one[cell] ?? 0) - (other[cell] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** A handful at most: insertion beats everything else. */
function sortByLook(ids: number[], looks: readonly number[]): void {
  for (let end = 1; end < ids.length; end += 1) {
    const id = ids[end] ?? 0;
    let at = end;
    for (; at > 0 && (looks[ids[at - 1] ?? 0] ?? 0) > (looks[id] ?? 0); at -= 1) ids[at] = ids[at - 1] ?? 0;
    ids[at] = id;
  }
}

function isWithoutTies(ids: readonly number[], looks: readonly number[]): boolean {
  for (let at = 1; at < ids.length; at += 1)
    if (looks[ids[at] ?? 0] === looks[ids[at - 1] ?? 0]) return false;
  return true;
}

/** All orders that keep those with different looks in place. */
function* ordersOf(ids: readonly number[], looks: readonly number[], from = 0): Generator<readonly number[]> {
  let tieEnd = from;
  let start = from;
  while (start < ids.length) {
    tieEnd = start + 1;
    while (tieEnd < ids.length && looks[ids[tieEnd] ?? 0] === looks[ids[start] ?? 0]) tieEnd += 1;
    if (tieEnd - start > 1) break;
    start = tieEnd;
  }
  if (start >= ids.length) {
    yield ids;
    return;
  }
  for (const tied of permutations(ids.slice(start, tieEnd)))
    yield* ordersOf([...ids.slice(0, start), ...tied, ...ids.slice(tieEnd)], looks, tieEnd);
}

function* permutations(items: readonly number[]): Generator<number[]> {
  if (items.length <= 1) {
    yield [...items];
    return;
  }
  for (const [index, item] of items.entries())
    for (const rest of permutations(items.toSpliced(index, 1))) yield [item, ...rest];
}

/** Ids that are nowhere keep a place behind those that are. */
function mapOf(order: readonly number[], count: number): IdMap {
  const map: IdMap = [0];
  for (let id = 1; id <= count; id += 1) map.push(0);
  let next = 1;
  for (const id of order) {
    map[id] = next;
    next += 1;
  }
  for (let id = 1; id <= count; id += 1) {
    if (map[id] !== 0) continue;
    map[id] = next;
    next += 1;
  }
  return map;
}
