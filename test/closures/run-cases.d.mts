import type { PoolOptions, Pool } from 'troupe';
import type { ClosureCase } from './cases/all.mjs';

export interface CaseResult {
  readonly name: string;
  readonly ok: boolean;
  /** What is wrong; empty if nothing is. */
  readonly detail: string;
}

export function runCases(
  cases: readonly ClosureCase[],
  createPool: (options: PoolOptions) => Pool,
  traits?: readonly string[],
): Promise<CaseResult[]>;
