/** Calls `warm`, and says whether it ended as it may. */
import type { WorkloadPool } from './run.ts';
import { codeOf, describe, type Surroundings } from './verdict.ts';

/**
 * It resolves with so many workers that serve, or with as many as there may be, and rejects when it cannot.
 * `'none'`: it was fulfilled; `null`: it was rejected with reason. `leastSize` is the smallest size that the
 * pool had since the call.
 */
export async function problemOfWarm(
  pool: WorkloadPool,
  count: number | null,
  surroundings: Surroundings,
  leastSize: () => number,
): Promise<string | null> {
  const { isClosing: isLate } = surroundings;
  const what = `warm(${count ?? ''})`;
  try {
    await pool.warm(count ?? undefined);
  } catch (error) {
    const causes: Readonly<Record<string, boolean>> = {
      ERR_TROUPE_POOL_CLOSED: surroundings.isClosing,
      ERR_TROUPE_POOL_BROKEN: surroundings.mayBreak,
      ERR_TROUPE_INVALID_OPTION: count !== null && count > leastSize(),
    };
    const isExplained = causes[codeOf(error) ?? ''] === true;
    return isExplained ? null : `${what} was rejected without a cause: ${describe(error)}`;
  }
  const serving = pool.workers.filter(({ state }) => state !== 'starting' && state !== 'initializing').length;
  const wanted = Math.min(count ?? Infinity, leastSize());
  if (serving < wanted) return `${what} resolved with ${serving} workers of ${wanted}.`;
  return isLate ? `${what} resolved though the pool was closing when it was called.` : 'none';
}
