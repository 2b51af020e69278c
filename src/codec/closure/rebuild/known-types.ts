/**
 * The classes and symbols that another process has sent, by the ids it gave them. Each is made once, for as
 * long as anything here holds on to it, so that `instanceof` holds across calls.
 */
import type { AnyClass } from './data-nodes.ts';

/** Both ways between what was made here and its id. */
export class KnownTypes {
  readonly #classes = new KnownValues<AnyClass>();
  readonly #symbols = new KnownValues<symbol>();
  readonly #classIds = new WeakMap<object, string>();
  readonly #symbolIds = new WeakMap<symbol, string>();

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
    const known = this.#symbols.get(id);
    if (known !== undefined) return known;
    const made = Symbol(description);
    this.#symbols.set(id, made);
    this.#symbolIds.set(made, id);
    return made;
  }

  idOfSymbol(made: symbol): string | undefined {
    return Symbol.keyFor(made) === undefined ? this.#symbolIds.get(made) : undefined;
  }
}

/** Values by id, of which nothing is left when nobody else holds on to them. */
class KnownValues<Value extends WeakKey> {
  readonly #references = new Map<string, WeakRef<Value>>();
  readonly #gone = new FinalizationRegistry<string>((id) => {
    // The id may have been given to another value by then.
    if (this.get(id) === undefined) this.#references.delete(id);
  });

  get(id: string): Value | undefined {
    return this.#references.get(id)?.deref();
  }

  set(id: string, value: Value): void {
    this.#references.set(id, new WeakRef(value));
    this.#gone.register(value, id);
  }
}
