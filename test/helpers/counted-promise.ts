/** A promise that counts what reacts to promises of its class. */

export class CountedPromise<Value> extends Promise<Value> {
  static reactions = 0;

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is a promise already
  override then<Fulfilled = Value, Rejected = never>(
    onFulfilled?: ((value: Value) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    CountedPromise.reactions += 1;
    return super.then(onFulfilled, onRejected);
  }
}
