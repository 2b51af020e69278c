/** Names that are agreed on and not exported yet. Rows of the page on loky that use them wait for them. */
import * as troupe from 'troupe';
import type { Pool, PoolOptions } from 'troupe';

interface AgreedApi {
  getReusablePool(options?: PoolOptions): Pool;
}

export const { getReusablePool } = troupe as unknown as AgreedApi;

/** Options that are not among a pool's yet. */
export const agreedOptions = (options: object): PoolOptions => options;
