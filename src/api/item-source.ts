/** What `map` reads its items from: any iterable, opened when the first item is needed. */

type Items = Iterable<unknown> | AsyncIterable<unknown>;

export class ItemSource {
  readonly #iterable: Items;
  #read = 0;
  #now: Iterator<unknown, unknown> | null = null;
  #later: AsyncIterator<unknown, unknown> | null = null;

  constructor(iterable: Items) {
    this.#iterable = iterable;
  }

  /** How many items are still to come, as far as that can be known. */
  get left(): number {
    return sizeOf(this.#iterable) - this.#read;
  }

  /**
   * Adds up to `count` items to `items`, one after another, as long as `isWanted`. Returns whether there are
   * no more, or a promise of that if the source is asynchronous.
   */
  read(items: unknown[], count: number, isWanted: () => boolean): boolean | Promise<boolean> {
    if (isPlainArray(this.#iterable)) return this.#readArray(this.#iterable, items, count);
    this.#open();
    return this.#now === null
      ? this.#readLater(items, count, isWanted)
      : this.#readNow(this.#now, items, count);
  }

  /** Tells a source that was opened that no more is wanted. */
  leave(): unknown {
    return this.#now === null ? this.#later?.return?.() : this.#now.return?.();
  }

  #open(): void {
    if (this.#now !== null || this.#later !== null) return;
    const iterable = this.#iterable;
    if (Symbol.asyncIterator in iterable) this.#later = iterable[Symbol.asyncIterator]();
    else this.#now = iterable[Symbol.iterator]();
  }

  /** What its iterator would do, without a step for each item. */
  #readArray(array: readonly unknown[], items: unknown[], count: number): boolean {
    const from = this.#read;
    const to = Math.min(array.length, from + count);
    for (let index = from; index < to; index += 1) items.push(array[index]);
    this.#read = Math.max(from, to);
    return to < from + count;
  }

  #readNow(iterator: Iterator<unknown, unknown>, items: unknown[], count: number): boolean {
    while (items.length < count) {
      const step = iterator.next();
      if (step.done === true) return true;
      items.push(step.value);
      this.#read += 1;
    }
    return false;
  }

  async #readLater(items: unknown[], count: number, isWanted: () => boolean): Promise<boolean> {
    while (items.length < count && isWanted()) {
      const step = await this.#later?.next();
      if (step === undefined || step.done === true) return true;
      items.push(step.value);
      this.#read += 1;
    }
    return false;
  }
}

function isPlainArray(iterable: Items): iterable is unknown[] {
  return Array.isArray(iterable) && iterable[Symbol.iterator] === Array.prototype[Symbol.iterator];
}

function sizeOf(iterable: Items): number {
  if (Array.isArray(iterable)) return iterable.length;
  if (ArrayBuffer.isView(iterable) && 'length' in iterable) return Number(iterable.length);
  return iterable instanceof Set || iterable instanceof Map ? iterable.size : Infinity;
}
