import type { Pool } from 'troupe';

/** One thing that is sent, and what must come of it. */
export interface ClosureCase {
  readonly name: string;
  readonly run: (pool: Pool, more: { readonly single: Pool }) => unknown;
}

export const cases: readonly ClosureCase[];
