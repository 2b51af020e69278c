/** Random numbers that a seed repeats, so that a demo can be shown twice. */

/** The next number, from 0 to just below 1. */
export type Random = () => number;

/** Numbers from a seed: a counter whose bits are stirred by multiplications (the mulberry32 recipe). */
export function randomFrom(seed: number): Random {
  let counter = Math.trunc(seed) | 0;
  return () => {
    counter = (counter + 0x6d_2b_79_f5) | 0;
    let bits = Math.imul(counter ^ (counter >>> 15), counter | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One item at random, or `undefined` from an empty list. */
export function pickFrom<Item>(items: readonly Item[], random: Random): Item | undefined {
  return items[Math.floor(random() * items.length)];
}

/** The same items in a random order. */
export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.toSorted((one, other) => one.key - other.key).map(({ item }) => item);
}
