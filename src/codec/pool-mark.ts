/** Knows pools when it sees them, so that a function which captures one can be sent. */

const pools = new WeakSet<object>();

/** From now on this object is a pool. */
export function markPool(pool: object): void {
  pools.add(pool);
}

/** Whether the object is a pool, or one with options bound. */
export function isPool(object: object): boolean {
  return pools.has(object);
}
