/**
 * Numbers for plain values: equal values get one number, so that a moment of a whole system is a short row of
 * numbers. Zero stands for "nothing there".
 */
import { Structures } from './structures.ts';

export class InternTable {
  readonly #structures = new Structures();
  /** The number of the value that has each structure; none for what was only a part so far. */
  readonly #ids: (number | undefined)[] = [];
  readonly #values: object[] = [{}];
  readonly #onNew: ((text: string) => void) | undefined;

  /** `onNew` is given the text of each value that is new, and may refuse it by throwing. */
  constructor(onNew?: (text: string) => void) {
    this.#onNew = onNew;
  }

  /** The value is kept, and must not be changed any more. */
  idOf(value: object): number {
    const structure = this.#structures.numberOf(value);
    const known = this.#ids[structure];
    if (known !== undefined) return known;
    this.#onNew?.(JSON.stringify(value));
    const id = this.#values.length;
    this.#ids[structure] = id;
    this.#values.push(value);
    return id;
  }

  valueOf(id: number): object {
    const value = this.#values[id];
    if (value === undefined || id === 0) throw new RangeError(`No value has the number ${id}.`);
    return value;
  }
}
