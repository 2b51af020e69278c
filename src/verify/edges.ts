/** Which moment leads to which, and by what kind of move: a few bytes each, in the order of exploration. */
import { VerifyError } from './verify-error.ts';

/** Names of moves that have to happen are numbered from 1; 0 is all others. */
const namesMax = 255;

export class EdgeList {
  #starts = new Uint32Array(1 << 12);
  #targets = new Uint32Array(1 << 12);
  #names = new Uint8Array(1 << 12);
  #states = 0;
  #size = 0;
  readonly #numbers = new Map<string, number>();

  get size(): number {
    return this.#size;
  }

  /** How many moments have been explored. */
  get states(): number {
    return this.#states;
  }

  /** What is added next starts at the next moment. */
  begin(): void {
    if (this.#states === this.#starts.length) {
      const larger = new Uint32Array(this.#starts.length * 2);
      larger.set(this.#starts);
      this.#starts = larger;
    }
    this.#starts[this.#states] = this.#size;
    this.#states += 1;
  }

  /** `name` is `null` for a move that does not have to happen. */
  add(target: number, name: string | null): void {
    if (this.#size === this.#targets.length) this.#grow();
    this.#targets[this.#size] = target;
    this.#names[this.#size] = name === null ? 0 : this.#numberOf(name);
    this.#size += 1;
  }

  startOf(state: number): number {
    return this.#starts[state] ?? 0;
  }

  endOf(state: number): number {
    return state + 1 < this.#states ? (this.#starts[state + 1] ?? 0) : this.#size;
  }

  targetOf(edge: number): number {
    return this.#targets[edge] ?? 0;
  }

  /** The number of the move's name; 0 if it does not have to happen. */
  nameOf(edge: number): number {
    return this.#names[edge] ?? 0;
  }

  /** The move's name; `null` if it does not have to happen. */
  nameTextOf(edge: number): string | null {
    const number = this.nameOf(edge);
    if (number === 0) return null;
    for (const [name, known] of this.#numbers) if (known === number) return name;
    return null;
  }

  #grow(): void {
    const targets = new Uint32Array(this.#targets.length * 2);
    targets.set(this.#targets);
    this.#targets = targets;
    const names = new Uint8Array(this.#names.length * 2);
    names.set(this.#names);
    this.#names = names;
  }

  #numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    if (number > namesMax)
      throw new VerifyError(`More than ${namesMax} different names of moves: leave ids out of the names.`);
    this.#numbers.set(name, number);
    return number;
  }
}
