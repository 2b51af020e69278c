/** Random numbers that a seed repeats: one seed, one run. */

/** A generator of its own state; a fork of it does not disturb it however much it is used. */
export class Random {
  #counter: number;

  constructor(seed: number) {
    this.#counter = Math.trunc(seed) | 0;
  }

  /** A whole number from 0 to `below`, exclusive. */
  int(below: number): number {
    return Math.floor(this.#next() * below);
  }

  /** A whole number between the two, both included. */
  between(least: number, most: number): number {
    return least + this.int(most - least + 1);
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** One item of a list that is not empty. */
  pick<Item>(list: readonly Item[]): Item {
    const item = list[this.int(list.length)];
    if (list.length === 0) throw new RangeError('There is nothing to pick from.');
    return item as Item;
  }

  /** One key, each as likely as its weight says. */
  pickWeighted<Key extends string>(weights: Readonly<Partial<Record<Key, number>>>): Key {
    const entries = Object.entries<number | undefined>(weights) as [Key, number | undefined][];
    let left = this.#next() * entries.reduce((sum, [, weight = 0]) => sum + weight, 0);
    for (const [key, weight = 0] of entries) {
      left -= weight;
      if (left < 0) return key;
    }
    throw new RangeError('There is nothing to pick from.');
  }

  /** Another generator, which depends on nothing but the state of this one. */
  fork(): Random {
    return new Random(Math.floor(this.#next() * 2 ** 32));
  }

  /** From 0 to just below 1: a counter whose bits are stirred by multiplications (the mulberry32 recipe). */
  #next(): number {
    this.#counter = (this.#counter + 0x6d_2b_79_f5) | 0;
    const counter = this.#counter;
    let bits = Math.imul(counter ^ (counter >>> 15), counter | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }
}
