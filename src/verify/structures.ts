/**
 * Numbers for plain values: two have the same one if JSON says the same of them. No text is made, for that
 * takes twice the time, and a search asks for every record that is written.
 */
import { Tuples } from './tuples.ts';
import { twiceAsLong } from './twice-as-long.ts';

/** What the row of a value begins with. */
const listTag = 0;
const objectTag = 1;
const textTag = 2;

export class Structures {
  /** A value is a row of its parts, which may be such rows. */
  readonly #rows = new Tuples();
  readonly #primitives = new Map<unknown, number>();
  /** The parts of the values that are being looked at, the innermost last. */
  #parts = new Int32Array(64);
  #partCount = 0;

  numberOf(value: object): number {
    const start = this.#partCount;
    if (Array.isArray(value)) this.#addList(value);
    else if ('toJSON' in value) {
      this.#add(textTag);
      this.#add(this.#primitiveOf(JSON.stringify(value)));
    } else this.#addObject(value);
    const number = this.#rows.numberOf(this.#parts, start, this.#partCount);
    this.#partCount = start;
    return number;
  }

  #addList(list: readonly unknown[]): void {
    this.#add(listTag);
    for (const item of list) this.#add(this.#partOf(item));
  }

  #addObject(value: object): void {
    this.#add(objectTag);
    // Plain values inherit nothing, and a list of their keys would be made anew each time.
    for (const key in value) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a key of it
      const item: unknown = value[key as keyof typeof value];
      if (isUnsaid(item)) continue;
      this.#add(this.#primitiveOf(key));
      this.#add(this.#partOf(item));
    }
  }

  /** Even for what has parts, odd for what has none. */
  #partOf(value: unknown): number {
    if (typeof value === 'object' && value !== null) return this.numberOf(value) * 2;
    const isNull = isUnsaid(value) || (typeof value === 'number' && !Number.isFinite(value));
    return this.#primitiveOf(isNull ? null : value) * 2 + 1;
  }

  #primitiveOf(value: unknown): number {
    const known = this.#primitives.get(value);
    if (known !== undefined) return known;
    const number = this.#primitives.size;
    this.#primitives.set(value, number);
    return number;
  }

  #add(part: number): void {
    if (this.#partCount === this.#parts.length) this.#parts = twiceAsLong(this.#parts);
    this.#parts[this.#partCount] = part;
    this.#partCount += 1;
  }
}

/** JSON leaves it out of objects, and says null in lists. */
const isUnsaid = (value: unknown): boolean =>
  value === undefined || typeof value === 'function' || typeof value === 'symbol';
