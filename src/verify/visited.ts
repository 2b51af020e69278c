/**
 * The moments that were seen, as 64-bit fingerprints: 20 bytes each, whatever a moment's size. Two different
 * moments with one fingerprint would be taken for one; the report says how unlikely that is.
 */

const initialCapacity: number = 1 << 12;

/** Where the first moments came from. */
export const nowhere: number = 2 ** 32 - 1;

export class Visited {
  #capacity = initialCapacity;
  #low: Uint32Array = new Uint32Array(initialCapacity);
  #high = new Uint32Array(initialCapacity);
  /** The moment each was first reached from. */
  #cameFrom = new Uint32Array(initialCapacity);
  /** Open addressing: the index of a moment plus one. */
  #slots = new Uint32Array(initialCapacity * 2);
  #size = 0;
  /** The fingerprint of the last moment. */
  #lowOf = 0;
  #highOf = 0;

  get size(): number {
    return this.#size;
  }

  /** The odds that some two of them share a fingerprint, by the birthday bound. */
  get collisionOdds(): number {
    return (this.#size * (this.#size - 1)) / 2 / 2 ** 64;
  }

  /**
   * The index of a moment, which is new if it equals the size before. `cameFrom` is kept for new ones only.
   */
  add(row: Int32Array, cameFrom: number): number {
    this.#hash(row);
    const low = this.#lowOf;
    const high = this.#highOf;
    let slot = this.#find(low, high);
    const found = this.#slots[slot] ?? 0;
    if (found !== 0) return found - 1;
    const index = this.#size;
    if (index === this.#capacity) {
      this.#grow();
      slot = this.#find(low, high);
    }
    this.#low[index] = low;
    this.#high[index] = high;
    this.#cameFrom[index] = cameFrom;
    this.#slots[slot] = index + 1;
    this.#size += 1;
    return index;
  }

  /** The index of a moment, or -1 if it was not seen. */
  indexOf(row: Int32Array): number {
    this.#hash(row);
    return (this.#slots[this.#find(this.#lowOf, this.#highOf)] ?? 0) - 1;
  }

  /** The indexes of the moments on the way to one, the first first. */
  pathTo(index: number): number[] {
    const path: number[] = [];
    for (let at = index; at !== nowhere; at = this.#cameFrom[at] ?? nowhere) path.push(at);
    return path.toReversed();
  }

  /** MurmurHash3 (Austin Appleby, public domain) over the numbers of a row, from two seeds at once. */
  #hash(row: Int32Array): void {
    let low = 0x9e37_79b9;
    let high = 0x85eb_ca6b;
    for (let at = 0; at < row.length; at += 1) {
      let part = Math.imul(row[at] ?? 0, 0xcc9e_2d51);
      part = Math.imul((part << 15) | (part >>> 17), 0x1b87_3593);
      low = mixed(low, part);
      high = mixed(high, part);
    }
    this.#lowOf = finished(low, row.length);
    this.#highOf = finished(high, row.length);
  }

  #find(low: number, high: number): number {
    const mask = this.#slots.length - 1;
    let slot = (low ^ (high >>> 7)) & mask;
    for (;;) {
      const found = this.#slots[slot] ?? 0;
      if (found === 0 || (this.#low[found - 1] === low && this.#high[found - 1] === high)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#low = copyInto(this.#low, this.#capacity);
    this.#high = copyInto(this.#high, this.#capacity);
    this.#cameFrom = copyInto(this.#cameFrom, this.#capacity);
    this.#slots = new Uint32Array(this.#capacity * 2);
    for (let index = 0; index < this.#size; index += 1)
      this.#slots[this.#find(this.#low[index] ?? 0, this.#high[index] ?? 0)] = index + 1;
  }
}

function copyInto(from: Uint32Array, capacity: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(capacity);
  copy.set(from);
  return copy;
}

/** One number of a row goes into a fingerprint. */
function mixed(state: number, part: number): number {
  const sum = state ^ part;
  return Math.imul((sum << 13) | (sum >>> 19), 5) + 0xe654_6b64;
}

function finished(sum: number, length: number): number {
  let state = sum ^ length;
  state = Math.imul(state ^ (state >>> 16), 0x85eb_ca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2_ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
