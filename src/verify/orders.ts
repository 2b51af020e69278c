/** Orders of ids by what they look like: one if all look different, or one for each way to break ties. */

/** Sorts ids in place. A handful at most: insertion beats everything else. */
export function sortByLook(ids: number[], looks: Int32Array): void {
  for (let end = 1; end < ids.length; end += 1) {
    const id = ids[end] ?? 0;
    let at = end;
    for (; at > 0 && (looks[ids[at - 1] ?? 0] ?? 0) > (looks[id] ?? 0); at -= 1) ids[at] = ids[at - 1] ?? 0;
    ids[at] = id;
  }
}

export function isWithoutTies(ids: readonly number[], looks: Int32Array): boolean {
  for (let at = 1; at < ids.length; at += 1)
    if (looks[ids[at] ?? 0] === looks[ids[at - 1] ?? 0]) return false;
  return true;
}

/** All orders of sorted ids that keep those with different looks in place. */
export function* ordersOf(ids: readonly number[], looks: Int32Array, from = 0): Generator<readonly number[]> {
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
