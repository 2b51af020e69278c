/** Ids for what this process made, by which other processes can speak of it. */
import process from 'node:process';

const originBytes = 8;

/** Gives each value an id of its own, and finds the value again as long as something else holds on to it. */
export class OwnIds<Value extends WeakKey> {
  readonly #ids = new WeakMap<Value, string>();
  readonly #values = new Map<string, WeakRef<Value>>();
  readonly #gone = new FinalizationRegistry<string>((id) => {
    this.#values.delete(id);
  });
  #origin = '';
  #last = 0;

  idOf(value: Value): string {
    const known = this.#ids.get(value);
    if (known !== undefined) return known;
    // Most programs never need one, and loading this module takes a millisecond.
    if (this.#last === 0)
      this.#origin = process.getBuiltinModule('node:crypto').randomBytes(originBytes).toString('base64url');
    this.#last += 1;
    const id = `${this.#origin}.${this.#last}`;
    this.#ids.set(value, id);
    this.#values.set(id, new WeakRef(value));
    this.#gone.register(value, id);
    return id;
  }

  /** The value that has this id, if it is one of this process and still there. */
  valueOf(id: string): Value | undefined {
    return this.#values.get(id)?.deref();
  }
}
