/** The question that is asked of every result. */

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `Reflect.get` is slow
    typeof (value as { readonly then?: unknown }).then === 'function'
  );
}
