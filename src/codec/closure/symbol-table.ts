/**
 * The symbols that two processes speak of, by the ids that their makers gave them: each comes back as itself
 * to where it was made.
 */
import { OwnIds } from './capture/own-ids.ts';
import { KnownValues } from './known-values.ts';

export class SymbolTable {
  readonly #own = new OwnIds<symbol>();
  readonly #received = new KnownValues<symbol>();
  readonly #receivedIds = new WeakMap<symbol, string>();

  /** The id of a symbol, whoever made it. It must not be one of `Symbol.for()`. */
  idOf(symbol: symbol): string {
    return this.#receivedIds.get(symbol) ?? this.#own.idOf(symbol);
  }

  /** Whether the other process made it. */
  hasReceived(symbol: symbol): boolean {
    return this.#receivedIds.has(symbol);
  }

  /** The symbol of that id, made when it is first asked for. */
  symbolOf(id: string, description: string | undefined): symbol {
    const known = this.#own.valueOf(id) ?? this.#received.get(id);
    if (known !== undefined) return known;
    const made = Symbol(description);
    this.#received.set(id, made);
    this.#receivedIds.set(made, id);
    return made;
  }
}
