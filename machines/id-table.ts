/**
 * What belongs to ids that are counted up and mostly leave in that order: in pages, so that a look-up costs a
 * fraction of a map's, and one that stays for ever holds one page and not all behind it.
 */

const pageIds = 256;

/** Also right above 2 ** 32, where shifts wrap. */
const placeOf = (id: number): number => id % pageIds;
const pageOf = (id: number): number => (id - placeOf(id)) / pageIds;

interface Page<Value> {
  readonly values: (Value | undefined)[];
  count: number;
}

export class IdTable<Value> {
  readonly #pages = new Map<number, Page<Value>>();
  #size = 0;
  #newest = -1;
  /** Two pages are asked for again and again: where tasks end, and where they begin. */
  #lastNumber = -1;
  #lastPage: Page<Value> | undefined;
  #otherNumber = -1;
  #otherPage: Page<Value> | undefined;

  get size(): number {
    return this.#size;
  }

  get(id: number): Value | undefined {
    return this.#page(pageOf(id))?.values[placeOf(id)];
  }

  set(id: number, value: Value): void {
    const page = this.#page(pageOf(id)) ?? this.#addPage(pageOf(id));
    const at = placeOf(id);
    if (page.values[at] === undefined) {
      page.count += 1;
      this.#size += 1;
    }
    page.values[at] = value;
  }

  delete(id: number): boolean {
    const number = pageOf(id);
    const page = this.#page(number);
    const at = placeOf(id);
    if (page?.values[at] === undefined) return false;
    page.values[at] = undefined;
    page.count -= 1;
    this.#size -= 1;
    // Where ids begin, the next comes soon.
    if (page.count === 0 && number !== this.#newest) this.#dropPage(number);
    return true;
  }

  /** In the order in which the pages came, and by id within one: ascending, if they were counted up. */
  *entries(): IterableIterator<[id: number, value: Value]> {
    for (const [number, { values }] of this.#pages)
      for (const [at, value] of values.entries())
        if (value !== undefined) yield [number * pageIds + at, value];
  }

  #page(number: number): Page<Value> | undefined {
    if (number === this.#lastNumber) return this.#lastPage;
    const otherNumber = this.#otherNumber;
    const otherPage = this.#otherPage;
    this.#otherNumber = this.#lastNumber;
    this.#otherPage = this.#lastPage;
    this.#lastNumber = number;
    this.#lastPage = number === otherNumber ? otherPage : this.#pages.get(number);
    return this.#lastPage;
  }

  #addPage(number: number): Page<Value> {
    const page: Page<Value> = { values: [], count: 0 };
    if (this.#pages.get(this.#newest)?.count === 0) this.#dropPage(this.#newest);
    this.#newest = number;
    this.#pages.set(number, page);
    this.#lastNumber = number;
    this.#lastPage = page;
    return page;
  }

  #dropPage(number: number): void {
    this.#pages.delete(number);
    this.#lastNumber = -1;
    this.#lastPage = undefined;
    if (this.#otherNumber !== number) return;
    this.#otherNumber = -1;
    this.#otherPage = undefined;
  }
}
