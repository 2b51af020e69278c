/** What `map` reads its items from: any iterable, opened when the first item is needed. */

type Items = Iterable<unknown> | AsyncIterable<unknown>;

type Opened =
  | { readonly now: Iterator<unknown, unknown>; readonly later: null }
  | { readonly now: null; readonly later: AsyncIterator<unknown, unknown> };

export class ItemSource {
  readonly #iterable: Items;
  #read = 0;
  #opened: Opened | null = null;

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
    const { now, later } = (this.#opened ??= open(this.#iterable));
    return later === null ? this.#readNow(now, items, count) : this.#readLater(later, items, count, isWanted);
  }

  /** Tells a source that was opened that no more is wanted. */
  leave(): unknown {
    const { now, later } = this.#opened ?? {};
    return (now ?? later)?.return?.();
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

  async #readLater(
    iterator: AsyncIterator<unknown, unknown>,
    items: unknown[],
    count: number,
    isWanted: () => boolean,
  ): Promise<boolean> {
    while (items.length < count && isWanted()) {
      const step = await iterator.next();
      if (step.done === true) return true;
      items.push(step.value);
      this.#read += 1;
    }
    return false;
  }
}

function open(iterable: Items): Opened {
  return typeof iterable !== 'string' && Symbol.asyncIterator in iterable
    ? { now: null, later: iterable[Symbol.asyncIterator]() }
    : { now: iterable[Symbol.iterator](), later: null };
}

function isPlainArray(iterable: Items): iterable is unknown[] {
  return Array.isArray(iterable) && iterable[Symbol.iterator] === Array.prototype[Symbol.iterator];
}

function sizeOf(iterable: Items): number {
  if (Array.isArray(iterable)) return iterable.length;
  if (ArrayBuffer.isView(iterable) && 'length' in iterable) return Number(iterable.length);
  return iterable instanceof Set || iterable instanceof Map ? iterable.size : Infinity;
}
