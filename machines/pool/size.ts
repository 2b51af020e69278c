/** How large a pool should be, and how full it is: arithmetic over what it counts. */
import type { PoolContext } from './events.ts';

/** Starting workers whose readiness lets a worn one go. */
const replacements = ({ worn, starting }: PoolContext): number => Math.min(worn.length, starting);

/** How many workers there will be when each that is being replaced has gone. */
export const lastingWorkers = (context: PoolContext): number => context.live - replacements(context);

/** Whether more of what waits could be answered with another worker at all. */
export const canGrow = (context: PoolContext): boolean => lastingWorkers(context) < context.maxWorkers;

/**
 * How many workers to add: one for each that is worn; and enough for what waits and is not covered by idle or
 * starting ones, and for those to be kept, within the limits.
 */
export function missingWorkers(context: PoolContext, waiting: number, idle: number): number {
  const { worn, starting, concurrency, maxWorkers } = context;
  const replaced = replacements(context);
  const lasting = lastingWorkers(context);
  const wanted = Math.max(
    keptWorkers(context) - lasting,
    waiting - (idle + starting - replaced) * concurrency,
  );
  return Math.max(0, Math.min(wanted, maxWorkers - lasting)) + worn.length - replaced;
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

/** Whether a task's arguments would be too much beside those that are held. One alone may weigh anything. */
export const isTooHeavy = ({ maxQueueBytes, heldBytes }: PoolContext, bytes: number): boolean =>
  maxQueueBytes !== null && heldBytes > 0 && heldBytes + bytes > maxQueueBytes;

/** Whether a task with so many bytes of arguments would be admitted. */
export const hasRoomFor = (context: PoolContext, bytes: number): boolean =>
  !isFull(context) && !isTooHeavy(context, bytes);
