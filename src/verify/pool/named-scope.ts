/** A scope with what to say of it. */
import type { PoolScope } from './scope.ts';

export interface NamedScope {
  readonly about: string;
  readonly scope: Partial<PoolScope>;
  /** How many moments it has, with both reductions on. */
  readonly states: number;
}
