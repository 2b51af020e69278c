/**
 * Numbers for plain values: equal values get one number, so that a moment of a whole system is a short row of
 * numbers. Zero stands for "nothing there".
 */

export class InternTable {
  readonly #ids = new Map<string, number>();
  readonly #values: object[] = [{}];
  readonly #known = new WeakMap<object, number>();
  readonly #onNew: ((text: string) => void) | undefined;

  /** `onNew` is given the text of each value that is new, and may refuse it by throwing. */
  constructor(onNew?: (text: string) => void) {
    this.#onNew = onNew;
  }

  /** The value is kept, and must not be changed any more. */
  idOf(value: object): number {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const text = JSON.stringify(value);
    let id = this.#ids.get(text);
    if (id === undefined) {
      this.#onNew?.(text);
      id = this.#values.length;
      this.#ids.set(text, id);
      this.#values.push(value);
    }
    this.#known.set(value, id);
    return id;
  }

  valueOf(id: number): object {
    const value = this.#values[id];
    if (value === undefined || id === 0) throw new RangeError(`No value has the number ${id}.`);
    return value;
  }
}
