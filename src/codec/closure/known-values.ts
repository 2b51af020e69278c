/** Values by id, of which nothing is left when nobody else holds on to them. */
export class KnownValues<Value extends WeakKey> {
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
