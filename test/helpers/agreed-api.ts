/** Names that are agreed on and not exported yet. Rows of the page on loky that use them wait for them. */
import * as troupe from 'troupe';
import type { Pool, PoolOptions } from 'troupe';

interface AgreedApi {
  getReusablePool(options?: PoolOptions): Pool;
  wait<Awaitable extends PromiseLike<unknown>>(
    tasks: Iterable<Awaitable>,
    options?: { until?: 'first' | 'firstError' | 'all'; timeoutMs?: number },
  ): Promise<{ done: Awaitable[]; pending: Awaitable[] }>;
  asCompleted<Awaitable extends PromiseLike<unknown>>(
    tasks: Iterable<Awaitable>,
    options?: { timeoutMs?: number },
  ): AsyncIterable<Awaitable>;
}

export const { getReusablePool, wait, asCompleted } = troupe as unknown as AgreedApi;

/** Options that are not among a pool's yet. */
export const agreedOptions = (options: object): PoolOptions => options;
