import type { Pool, PoolOptions } from 'troupe';
import type { ClosureCase } from './cases/all.mjs';

export function countRun(): void;
export const traits: readonly string[];
export function report(
  cases: readonly ClosureCase[],
  createPool: (options: PoolOptions) => Pool,
): Promise<void>;
