/**
 * Mutants of the pool's machines that no property notices. The equivalent ones mean the same, each with the
 * reason. The open ones nobody has judged yet: properties may be missing for them.
 */
import type { Equivalent } from '../mutation-run.ts';

export const equivalentMutants: readonly Equivalent[] = [];

/** To be killed by a new property, or to be moved to those above. */
export const openMutants: readonly string[] = [];
