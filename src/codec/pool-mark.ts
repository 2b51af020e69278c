/** Knows pools when it sees them, so that a function which captures one can be sent. */
import type { NestedOptions } from '../../machines/protocol.ts';

/** By what a worker finds a pool again. */
export interface PoolMark {
  readonly id: string;
  /** What is bound to it. */
  readonly options: NestedOptions;
  /** Options bound to it that cannot come along. */
  readonly unsent: readonly string[];
}

const pools = new WeakMap<object, PoolMark>();

/** From now on this object is a pool. */
export function markPool(pool: object, mark: PoolMark): void {
  pools.set(pool, mark);
}

/** Whether the object is a pool, or one with options bound. */
export function isPool(object: object): boolean {
  return pools.has(object);
}

/** By what a worker finds the pool. */
export function markOf(pool: object): PoolMark | undefined {
  return pools.get(pool);
}
