/** The way from a root to a value, as a person would write it: `closure → outer → db.socket`. */

/** Ways of more steps lose their middle. */
const longestWay = 40;

export class Way {
  /** The entry it leads to. */
  readonly at: number;
  readonly #before: Way | null;
  readonly #label: string;

  constructor(at: number, before: Way | null, label: string) {
    this.at = at;
    this.#before = before;
    this.#label = label;
  }

  text(): string {
    const labels = [this.#label];
    for (let way = this.#before; way !== null; way = way.#before) labels.push(way.#label);
    if (labels.length > longestWay) labels.splice(longestWay / 2, labels.length - longestWay, '…');
    return labels.toReversed().join('');
  }
}
