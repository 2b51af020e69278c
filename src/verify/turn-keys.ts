/** A key for each turn that can be played: which move it is, and how its choices are answered. */
import type { Move } from './model.ts';

type Numbers = Map<string, number>;

export class TurnKeys {
  readonly #numbers: Readonly<Record<Move['kind'], Numbers>> = {
    system: new Map(),
    timer: new Map(),
    caller: new Map(),
    fault: new Map(),
  };
  #size = 0;

  /** Ids and details are small most of the time: then the key is a number, which is found faster. */
  of({ kind, name, id, detail }: Move, script: readonly number[]): number | string {
    const number = this.#numberOf(this.#numbers[kind], name);
    const first = script[0] ?? 0;
    if (id < 256 && detail < 256 && first < 256 && script.length < 2 && detail >= 0)
      return ((number * 256 + id) * 256 + detail) * 256 + first;
    return `${number} ${id} ${detail} ${script.join(' ')}`;
  }

  #numberOf(numbers: Numbers, name: string): number {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, this.#size);
    this.#size += 1;
    return this.#size - 1;
  }
}
