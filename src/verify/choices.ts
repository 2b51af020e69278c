/** The answers to the choices of one turn, and which to try next: a turn is played once for each. */
const none: readonly never[] = [];

export class Choices {
  /** What was answered so far. */
  taken: readonly number[] = [];
  /** How many answers each choice had. */
  widths: readonly number[] = [];
  #script: readonly number[] = [];

  /** Begins a turn: the script answers its first choices, and the first answer all others. */
  begin(script: readonly number[]): void {
    this.#script = script;
    this.taken = none;
    this.widths = none;
  }

  /** One of `count` possibilities. */
  choose(count: number): number {
    if (count <= 1) return 0;
    const choice = this.#script[this.taken.length] ?? 0;
    this.taken = [...this.taken, choice];
    this.widths = [...this.widths, count];
    return choice;
  }

  /** The script of the next answers, or `null` after the last. */
  next(): number[] | null {
    for (let at = this.taken.length - 1; at >= 0; at -= 1) {
      const next = (this.taken[at] ?? 0) + 1;
      if (next < (this.widths[at] ?? 0)) return [...this.taken.slice(0, at), next];
    }
    return null;
  }
}
