/** How large a pool should be, and how full it is: arithmetic over what it counts. */
import type { PoolContext } from './events.ts';

/**
 * How many workers to add: enough for what waits and is not covered by idle or starting ones, and for those to
 * be kept, within the limits.
 */
export function missingWorkers(context: PoolContext, waiting: number, idle: number): number {
  const wanted = Math.max(
    keptWorkers(context) - context.live,
    waiting - (idle + context.starting) * context.concurrency,
  );
  return Math.max(0, Math.min(wanted, context.maxWorkers - context.live));
}

/** How many workers stay though nothing is to do: those kept warm, and those somebody waits for. */
export const keptWorkers = ({ minWorkers, wanted }: PoolContext): number => Math.max(minWorkers, wanted);

/** How many workers serve. */
export const servingWorkers = ({ live, starting }: PoolContext): number => live - starting;

/** Whether as many serve as somebody waits for, or as there may be. */
export const isWarm = (context: PoolContext): boolean =>
  context.wanted > 0 && servingWorkers(context) >= Math.min(context.wanted, context.maxWorkers);

/** Whether another task would wait beyond the limit of the queue. */
export const isFull = (context: PoolContext): boolean =>
  context.maxQueue !== null &&
  context.unsettled >= context.maxQueue + context.maxWorkers * context.concurrency;
