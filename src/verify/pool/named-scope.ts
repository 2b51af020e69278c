/** A scope with what to say of it, and what many of them have in common. */
import { type Calls, noCalls, type PoolScope } from './scope.ts';

export interface NamedScope {
  readonly about: string;
  readonly scope: Partial<PoolScope>;
  /** How many moments it has, with both reductions on. */
  readonly states: number;
}

/** One worker, and more tasks than it can run. */
export const one = { workers: 1, tasks: 2 } as const;
export const two = { workers: 2, tasks: 2 } as const;
export const closes: Calls = { ...noCalls, close: 1 };
