/** Rows of whole numbers, each with a number of its own: the same row has the same one, counted from 0. */
import { twiceAsLong } from './twice-as-long.ts';

export class Tuples {
  /** All rows, one behind the other. */
  #items = new Int32Array(1 << 12);
  /** Where each begins; the last entry is where the next one will. */
  readonly #starts: number[] = [0];
  /** Open addressing: the number of a row plus one. */
  #slots = new Int32Array(1 << 10);

  /** The number of the row that stands in `parts` from `start` to `end`. */
  numberOf(parts: Int32Array, start: number, end: number): number {
    const slot = this.#find(parts, start, end);
    const found = this.#slots[slot] ?? 0;
    if (found !== 0) return found - 1;
    const number = this.#starts.length - 1;
    const from = this.#starts[number] ?? 0;
    const to = from + end - start;
    while (to > this.#items.length) this.#items = twiceAsLong(this.#items);
    this.#items.set(parts.subarray(start, end), from);
    this.#starts.push(to);
    this.#slots[slot] = number + 1;
    if (number * 2 > this.#slots.length) this.#grow();
    return number;
  }

  #find(parts: Int32Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(parts, start, end) & mask;
    for (;;) {
      const found = this.#slots[slot] ?? 0;
      if (found === 0 || this.#isSame(found - 1, parts, start, end)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isSame(number: number, parts: Int32Array, start: number, end: number): boolean {
    const from = this.#starts[number] ?? 0;
    if ((this.#starts[number + 1] ?? 0) - from !== end - start) return false;
    for (let at = start; at < end; at += 1) if (parts[at] !== this.#items[from + at - start]) return false;
    return true;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let number = 0; number < this.#starts.length - 1; number += 1) {
      const slot = this.#find(this.#items, this.#starts[number] ?? 0, this.#starts[number + 1] ?? 0);
      this.#slots[slot] = number + 1;
    }
  }
}

function hash(parts: Int32Array, start: number, end: number): number {
  let state = 0;
  for (let at = start; at < end; at += 1) {
    state = Math.imul(state ^ (parts[at] ?? 0), 0x9e37_79b1);
    state ^= state >>> 15;
  }
  return state;
}
