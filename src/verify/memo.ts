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

/** The first answer stands in the branch itself: most branches never see a second. */
class Branch<Result extends object> {
  readonly probe: Probe;
  readonly #firstAnswer: number;
  #first: Branch<Result> | Leaf<Result> | undefined;
  #others: Map<number, Branch<Result> | Leaf<Result>> | null = null;

  constructor(probe: Probe, firstAnswer: number) {
    this.probe = probe;
    this.#firstAnswer = firstAnswer;
  }

  get(given: number): Branch<Result> | Leaf<Result> | undefined {
    return given === this.#firstAnswer ? this.#first : this.#others?.get(given);
  }

  set(given: number, next: Branch<Result> | Leaf<Result>): void {
    if (given === this.#firstAnswer) this.#first = next;
    else (this.#others ??= new Map()).set(given, next);
  }
}

class Leaf<Result extends object> {
  readonly result: Result;

  constructor(result: Result) {
    this.result = result;
  }
}

export class Memo<Result extends object> {
  readonly #roots = new Map<number | string, Branch<Result> | Leaf<Result>>();
  readonly #branchesMax: number;
  #branches = 0;

  /** It learns nothing more when it has as many branches as this; each takes some 80 bytes. */
  constructor(branchesMax: number) {
    this.#branchesMax = branchesMax;
  }

  find(key: number | string, row: Int32Array): Result | undefined {
    let at = this.#roots.get(key);
    while (at instanceof Branch) at = at.get(answer(row, at.probe));
    return at?.result;
  }

  /** `probes` and `answers`: what was looked at, in that order. */
  learn(key: number | string, probes: readonly Probe[], answers: readonly number[], result: Result): void {
    if (this.#branches > this.#branchesMax) return;
    let put = (next: Branch<Result> | Leaf<Result>): void => void this.#roots.set(key, next);
    let at = this.#roots.get(key);
    for (const [index, probe] of probes.entries()) {
      const given = answers[index] ?? 0;
      let branch: Branch<Result>;
      if (at instanceof Branch) branch = at;
      else {
        branch = new Branch(probe, given);
        this.#branches += 1;
        put(branch);
      }
      if (branch.probe !== probe) throw new RangeError('The same answers led to a different question.');
      put = (next) => branch.set(given, next);
      at = branch.get(given);
    }
    put(new Leaf(result));
  }
}
