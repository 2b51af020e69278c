/** The pool of this process that everyone shares: reused, resized, and replaced when its options change. */
import { engineOf, Pool } from './executor.ts';
import { type ReusablePoolOptions, resolveReusablePoolOptions } from './options.ts';
import { areSame, copyOf } from './same-options.ts';

interface Kept {
  readonly pool: Pool;
  /** All its options but its size. */
  readonly options: unknown;
}

/** By key; the one without a key has an empty one. */
const pools = new Map<string, Kept>();

/**
 * The pool that all callers in this process share, so that a second caller finds warm workers. A first call
 * makes it. A later one with the same options gets the same pool; with another `minWorkers` or `maxWorkers`
 * it is resized at once, and nothing waits. With other options a new pool takes its place; the old one is
 * released: it runs what it has, and what its holders still submit, and its workers leave when they are idle.
 * A pool that is closed, closing or broken is replaced, too. With a `key` there is one pool for each key.
 *
 * It belongs to all who hold it: `close()` closes it for all, and nobody has to close it, as idle workers
 * leave after 10 s and do not keep the program alive. Each copy of troupe in a process, and each worker, has
 * pools of its own.
 *
 * Throws what `createPool` throws; the pool that was there stays then.
 *
 * @example
 *   const sum = await getReusablePool({ maxWorkers: 4 }).submit(add, 1, 2);
 */
export function getReusablePool(options: ReusablePoolOptions = {}): Pool {
  const resolved = resolveReusablePoolOptions(options);
  const { minWorkers, maxWorkers, ...others } = resolved;
  const key = options.key ?? '';
  const before = pools.get(key);
  const isOpen = before !== undefined && engineOf(before.pool).isOpen;
  if (isOpen && areSame(before.options, others)) {
    before.pool.resize({ minWorkers, maxWorkers });
    return before.pool;
  }
  const pool = new Pool(resolved);
  const kept: Kept = { pool, options: copyOf(others) };
  pools.set(key, kept);
  pool.on('stateChanged', ({ state }) => {
    if (state === 'closed' && pools.get(key) === kept) pools.delete(key);
  });
  if (isOpen) engineOf(before.pool).release();
  return pool;
}
