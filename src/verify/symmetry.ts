/**
 * Makes one moment out of all those that differ only in which id is whose: the ids of a symmetric sort are
 * given out anew, in an order that depends on what their owners are like and not on what they are called.
 */
import type { InternTable } from './intern.ts';
import type { Layout, Sort } from './layout.ts';
import { isWithoutTies, ordersOf, sortByLook } from './orders.ts';
import { type IdMap, Renaming } from './renaming.ts';

interface SymmetricSort {
  readonly count: number;
  /** Where its cells begin. */
  readonly firsts: readonly number[];
  /** What each id looks like. Written anew for each moment, as the rest is. */
  readonly looks: Int32Array;
  /** The new id of each id, and the id of each new one. */
  readonly map: IdMap;
  readonly owners: Int32Array;
}

/** One step of a well-mixed sum. Two looks that are different by name only must give the same number. */
const mix = (sum: number, part: number): number => Math.imul(Math.imul(sum, 31) + part, 0x9e37_79b1);

export class Symmetry {
  readonly #layout: Layout;
  readonly #sorts: readonly SymmetricSort[];
  readonly #maps: readonly IdMap[];
  readonly #renaming: Renaming;
  /** For each group the new ids of its sort; `null` if its ids are not exchanged. */
  readonly #mapOf: readonly (IdMap | null)[];
  readonly #singles: readonly number[];
  /** Numbers of a base this large hold one id. */
  readonly #base: number;
  #best: Int32Array;
  #candidate: Int32Array;
  #hasBest = false;

  constructor(layout: Layout, sorts: Readonly<Record<string, Sort>>, values: InternTable) {
    this.#layout = layout;
    const symmetric = Object.entries(sorts).filter(([, sort]) => sort.isSymmetric && sort.count > 1);
    this.#sorts = symmetric.map(([name, { count }]) => ({
      count,
      firsts: layout.groups.filter((group) => group.sort === name).map((group) => group.first),
      looks: new Int32Array(count + 1),
      map: new Int32Array(count + 1),
      owners: new Int32Array(count + 1),
    }));
    this.#maps = this.#sorts.map(({ map }) => map);
    this.#renaming = new Renaming(
      values,
      symmetric.map(([, { fields }]) => new Set(fields)),
      symmetric.map(([, { count }]) => count),
    );
    this.#mapOf = layout.groups.map(
      ({ sort }) => this.#maps[symmetric.findIndex(([name]) => name === sort)] ?? null,
    );
    this.#singles = layout.groups.filter(({ sort }) => sort === null).map(({ first }) => first);
    this.#base = Math.max(2, ...this.#sorts.map(({ count }) => count + 1));
    this.#best = new Int32Array(layout.length);
    this.#candidate = new Int32Array(layout.length);
  }

  /** The representative of all moments like this one. The result is overwritten by the next call. */
  canonical(row: Int32Array): Int32Array {
    if (this.#sorts.length === 0) return row;
    this.#hasBest = false;
    this.#tryOrders(row, 0);
    return this.#best;
  }

  /** Orders the ids of one sort after the other, in each way that what they look like leaves open. */
  #tryOrders(row: Int32Array, at: number): void {
    const sort = this.#sorts[at];
    if (sort === undefined) {
      this.#tryMaps(row);
      return;
    }
    this.#look(row, sort, at);
    const ids = presentIds(row, sort);
    sortByLook(ids, sort.looks);
    if (isWithoutTies(ids, sort.looks)) {
      giveOut(sort, ids);
      this.#tryOrders(row, at + 1);
      return;
    }
    for (const order of ordersOf(ids, sort.looks)) {
      giveOut(sort, order);
      this.#tryOrders(row, at + 1);
    }
  }

  /** A number for each id: what it is like, and where it is mentioned first. */
  #look(row: Int32Array, { firsts, count, looks }: SymmetricSort, at: number): void {
    for (let index = 0; index < count; index += 1) {
      let look = 0;
      for (const first of firsts) look = mix(look, this.#renaming.nameless(row[first + index] ?? 0));
      looks[index + 1] = look;
    }
    let place = 1;
    for (const cell of this.#singles) place = this.#notePlaces(row[cell] ?? 0, at, looks, place);
    for (let before = 0; before < at; before += 1) {
      const sort = this.#sorts[before];
      if (sort === undefined) continue;
      for (let next = 1; next <= sort.count; next += 1) {
        const index = (sort.owners[next] ?? 0) - 1;
        for (const first of sort.firsts) place = this.#notePlaces(row[first + index] ?? 0, at, looks, place);
      }
    }
  }

  #notePlaces(value: number, at: number, looks: Int32Array, place: number): number {
    if (value === 0) return place;
    let next = place;
    for (const id of this.#renaming.mentions(value, at)) {
      looks[id] = mix(looks[id] ?? 0, next);
      next += 1;
    }
    return next;
  }

  /** Writes the renamed row, and keeps it if it is the smallest so far. */
  #tryMaps(row: Int32Array): void {
    const candidate = this.#candidate;
    if (this.#sorts.every(keepsNames)) candidate.set(row);
    else this.#write(row, candidate);
    if (this.#hasBest && !isSmaller(candidate, this.#best)) return;
    this.#candidate = this.#best;
    this.#best = candidate;
    this.#hasBest = true;
  }

  #write(row: Int32Array, candidate: Int32Array): void {
    const key = this.#keyOfMaps();
    candidate.fill(0);
    for (let at = 0; at < this.#layout.groups.length; at += 1) {
      const group = this.#layout.groups[at];
      const map = this.#mapOf[at];
      if (group === undefined) continue;
      for (let index = 0; index < group.count; index += 1) {
        const value = row[group.first + index] ?? 0;
        if (value === 0) continue;
        const to = map === null || map === undefined ? index : (map[index + 1] ?? 1) - 1;
        candidate[group.first + to] = this.#renaming.rename(value, this.#maps, key);
      }
    }
  }

  #keyOfMaps(): number {
    let key = 0;
    for (const { map, count } of this.#sorts)
      for (let id = 1; id <= count; id += 1) key = key * this.#base + (map[id] ?? 0);
    return key;
  }
}

function presentIds(row: Int32Array, { count, firsts }: SymmetricSort): number[] {
  const ids: number[] = [];
  for (let index = 0; index < count; index += 1)
    for (const first of firsts)
      if (row[first + index] !== 0) {
        ids.push(index + 1);
        break;
      }
  return ids;
}

/** Gives out new ids in this order. Ids that are nowhere keep a place behind those that are. */
function giveOut({ map, owners, count }: SymmetricSort, order: readonly number[]): void {
  map.fill(0);
  let next = 1;
  for (const id of order) {
    map[id] = next;
    owners[next] = id;
    next += 1;
  }
  for (let id = 1; id <= count; id += 1) {
    if (map[id] !== 0) continue;
    map[id] = next;
    owners[next] = id;
    next += 1;
  }
}

function keepsNames({ map, count }: SymmetricSort): boolean {
  for (let id = 1; id <= count; id += 1) if (map[id] !== id) return false;
  return true;
}

function isSmaller(one: Int32Array, other: Int32Array): boolean {
  for (let cell = 0; cell < one.length; cell += 1) {
    const difference = (one[cell] ?? 0) - (other[cell] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
