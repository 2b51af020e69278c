/**
 * Remembers what a turn did, by what it looked at. A move reads a few cells of a moment and writes a few; in
 * all other moments in which those it read are the same, it does the same, and is not played again.
 */

/** A question about a moment: a cell's value, or only whether there is one. */
export type Probe = number;

export const valueProbe = (cell: number): Probe => cell * 2;
export const presenceProbe = (cell: number): Probe => cell * 2 + 1;

/** The answer of a moment to a question. */
function answer(row: Int32Array, probe: Probe): number {
  const value = row[probe >> 1] ?? 0;
  return (probe & 1) === 0 ? value : value === 0 ? 0 : 1;
}

/** Stands for a question where there is no more to ask, and a result instead of a branch. */
const noProbe = -1;

/** What a question's answer leads to: a branch and the question it asks, or a result. */
interface Way {
  readonly to: number;
  readonly probe: Probe;
}

/**
 * A tree of questions for each key. Its branches stand in one list of numbers, four for each: a branch, an
 * answer, what that leads to, and the question there. Objects would be scattered all over the memory, and a
 * search spends more time on fetching them than on anything else.
 */
export class Memo<Result extends object> {
  readonly #roots = new Map<number | string, Way>();
  readonly #results: Result[] = [];
  readonly #branchesMax: number;
  #branches = 0;
  /** Open addressing; a branch is numbered from 1, so 0 is a free place. */
  #ways = new Int32Array(4 << 10);
  #wayCount = 0;

  /** It learns nothing more when it has as many branches as this; each takes some 50 bytes. */
  constructor(branchesMax: number) {
    this.#branchesMax = branchesMax;
  }

  find(key: number | string, row: Int32Array): Result | undefined {
    const root = this.#roots.get(key);
    if (root === undefined) return undefined;
    let { to, probe } = root;
    const ways = this.#ways;
    while (probe !== noProbe) {
      const place = this.#placeOf(to, answer(row, probe));
      if (ways[place] === 0) return undefined;
      to = ways[place + 2] ?? 0;
      probe = ways[place + 3] ?? noProbe;
    }
    return this.#results[to];
  }

  /** `probes` and `answers`: what was looked at, in that order. */
  learn(key: number | string, probes: readonly Probe[], answers: readonly number[], result: Result): void {
    if (this.#branches > this.#branchesMax) return;
    let way = this.#roots.get(key);
    if (way === undefined) {
      way = this.#newWay(probes[0]);
      this.#roots.set(key, way);
    }
    for (let at = 0; at < probes.length; at += 1) {
      if (way.probe !== probes[at]) throw new RangeError('The same answers led to a different question.');
      way = this.#follow(way.to, answers[at] ?? 0, probes[at + 1]);
    }
    if (way.probe !== noProbe) throw new RangeError('The same answers led to another question.');
    this.#results[way.to] = result;
  }

  /** The way from a branch by an answer. If there is none it is made, and leads to the question `next`. */
  #follow(branch: number, given: number, next: Probe | undefined): Way {
    const place = this.#placeOf(branch, given);
    if (this.#ways[place] !== 0)
      return { to: this.#ways[place + 2] ?? 0, probe: this.#ways[place + 3] ?? noProbe };
    const way = this.#newWay(next);
    this.#ways.set([branch, given, way.to, way.probe], place);
    this.#wayCount += 1;
    if (this.#wayCount * 8 > this.#ways.length) this.#grow();
    return way;
  }

  #newWay(probe: Probe | undefined): Way {
    if (probe === undefined) return { to: this.#results.length, probe: noProbe };
    this.#branches += 1;
    return { to: this.#branches, probe };
  }

  /** Where the way from a branch by an answer stands, or would. */
  #placeOf(branch: number, given: number): number {
    const ways = this.#ways;
    const mask = ways.length - 4;
    const mixed = Math.imul(Math.imul(branch, 0x9e37_79b1) ^ given, 0x85eb_ca6b);
    let place = (mixed ^ (mixed >>> 15)) & mask;
    while (ways[place] !== 0 && (ways[place] !== branch || ways[place + 1] !== given))
      place = (place + 4) & mask;
    return place;
  }

  #grow(): void {
    const before = this.#ways;
    this.#ways = new Int32Array(before.length * 2);
    for (let place = 0; place < before.length; place += 4) {
      if (before[place] === 0) continue;
      const to = this.#placeOf(before[place] ?? 0, before[place + 1] ?? 0);
      this.#ways.set(before.subarray(place, place + 4), to);
    }
  }
}
