/**
 * What a promise rejects with, for a test to look at: `const error = await rejectionOf(task,
 * WorkerLostError)`.
 */

interface ErrorClass<Failure> {
  readonly name: string;
  readonly prototype: Failure;
  [Symbol.hasInstance](value: unknown): boolean;
}

/** Fails unless the promise rejects with an error of this class. */
export async function rejectionOf<Failure>(
  promise: PromiseLike<unknown>,
  expected: ErrorClass<Failure>,
): Promise<Failure> {
  const thrown = await thrownBy(promise);
  if (expected[Symbol.hasInstance](thrown)) return thrown as Failure;
  throw new Error(`It rejected with something other than ${expected.name}.`, { cause: thrown });
}

/** Whatever the promise rejects with; fails if it does not. */
export async function thrownBy(promise: PromiseLike<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`It was fulfilled with ${String(value)}.`);
}
