/** Types of `contenders.mjs`, for the test that checks it. */
import type { Contender } from './report.d.mts';

export const contenders: readonly Contender[];
