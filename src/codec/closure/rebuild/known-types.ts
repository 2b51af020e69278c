/**
 * The classes and symbols that another process has sent, by the ids it gave them. Each is made once, for as
 * long as anything here holds on to it, so that `instanceof` holds across calls.
 */
import { KnownValues } from '../known-values.ts';
import { SymbolTable } from '../symbol-table.ts';
import type { AnyClass } from './data-nodes.ts';

/** Both ways between what was made here and its id. */
export class KnownTypes {
  readonly #classes = new KnownValues<AnyClass>();
  readonly #symbols = new SymbolTable();
  /** Whether a symbol has come from the other process, so that it may come back as a key. */
  hasSymbols = false;
  readonly #classIds = new WeakMap<object, string>();

  classById(id: string): AnyClass | undefined {
    return this.#classes.get(id);
  }

  idOfClass(made: object): string | undefined {
    return this.#classIds.get(made);
  }

  /** From now on this is the class of that id; instances of an earlier one still go by the id. */
  addClass(id: string, made: AnyClass): void {
    this.#classes.set(id, made);
    this.#classIds.set(made, id);
  }

  /** The symbol of that id, made when it is first asked for. */
  symbolById(id: string, description: string | undefined): symbol {
    this.hasSymbols = true;
    return this.#symbols.symbolOf(id, description);
  }

  hasReceived(symbol: symbol): boolean {
    return this.#symbols.hasReceived(symbol);
  }

  idOfSymbol(made: symbol): string | undefined {
    return Symbol.keyFor(made) === undefined ? this.#symbols.idOf(made) : undefined;
  }
}
