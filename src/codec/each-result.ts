/**
 * What mode `each` returns, as it travels: results that are `undefined`, as those of functions that are
 * called for their effects, would each need an annotation.
 */
import type { EachResult } from '../../machines/protocol.ts';

/** Takes results one after another, for an `EachResult`. */
export class EachResults {
  readonly #values: unknown[] = [];
  #blanks: number[] | undefined;

  add(value: unknown): void {
    if (value === undefined) this.#addBlank();
    else this.#values.push(value);
  }

  /** All of them; `micros` is what they took. */
  complete(micros: number): EachResult {
    return { values: this.#values, failed: false, micros, ...this.#blanksPart() };
  }

  /** Those before the item that failed. */
  failed(error: unknown): EachResult {
    return { values: this.#values, failed: true, error, ...this.#blanksPart() };
  }

  #addBlank(): void {
    const at = this.#values.push(null) - 1;
    const blanks = (this.#blanks ??= []);
    if (blanks.at(-1) === at) blanks[blanks.length - 1] = at + 1;
    else blanks.push(at, at + 1);
  }

  #blanksPart(): { readonly blanks?: readonly number[] } {
    return this.#blanks === undefined ? {} : { blanks: this.#blanks };
  }
}

/** The results as the function returned them. */
export function eachValues({ values, blanks }: EachResult): readonly unknown[] {
  if (blanks === undefined) return values;
  const all = [...values];
  for (let index = 0; index < blanks.length; index += 2)
    all.fill(undefined, blanks[index], blanks[index + 1]);
  return all;
}
