/** How large a pool should be, and how full it is: arithmetic over what it counts. */
import type { PoolContext } from './events.ts';

/** Starting workers whose readiness lets a worn one go. */
const replacements = ({ worn, starting }: PoolContext): number => Math.min(worn.length, starting);

/** How many workers there will be when each that is being replaced has gone. */
export const lastingWorkers = (context: PoolContext): number => context.live - replacements(context);

/** How many workers there may be now: with leases, the first and one for each. */
export const allowedWorkers = ({ leases, maxWorkers }: PoolContext): number =>
  typeof leases === 'number' ? Math.min(maxWorkers, 1 + leases) : maxWorkers;

/** Whether more of what waits could be answered with another worker, or another lease, at all. */
export const canGrow = (context: PoolContext): boolean =>
  lastingWorkers(context) < allowedWorkers(context) ||
  lastingWorkers(context) + context.asked < context.maxWorkers;

/** Workers for what waits and is not covered by idle or starting ones. */
const workersForWork = (context: PoolContext, waiting: number, idle: number): number =>
  waiting - (idle + context.starting - replacements(context)) * context.concurrency;

/** Those to add for what waits and for those to be kept, as far as there may be so many. */
const addedWorkers = (context: PoolContext, waiting: number, idle: number): number => {
  const lasting = lastingWorkers(context);
  const wanted = Math.max(keptWorkers(context) - lasting, workersForWork(context, waiting, idle));
  return Math.max(0, Math.min(wanted, allowedWorkers(context) - lasting));
};

/** How many workers to add: those, and one for each that is worn. */
export const missingWorkers = (context: PoolContext, waiting: number, idle: number): number =>
  addedWorkers(context, waiting, idle) + context.worn.length - replacements(context);

/** How many leases to ask for: one for each worker that what waits could do with, and may not have. */
export function missingLeases(context: PoolContext, waiting: number, idle: number): number {
  if (typeof context.leases !== 'number') return 0;
  const allowed = allowedWorkers(context);
  const beyond = workersForWork(context, waiting, idle) - (allowed - lastingWorkers(context));
  return Math.max(0, Math.min(beyond, context.maxWorkers - allowed) - context.asked);
}

/** How many leases are held for no worker, there or to be added. */
export function spareLeases(context: PoolContext, waiting: number, idle: number): number {
  const { leases } = context;
  if (typeof leases !== 'number') return 0;
  return leases - Math.max(0, lastingWorkers(context) + addedWorkers(context, waiting, idle) - 1);
}

/**
 * How many workers stay though nothing is to do: those kept warm, and those somebody waits for. None of them
 * has a lease: pools that keep some would take them from each other for ever.
 */
export const keptWorkers = ({ minWorkers, wanted, leases }: PoolContext): number =>
  Math.min(Math.max(minWorkers, wanted), typeof leases === 'number' ? 1 : Infinity);

/** How many workers serve. */
export const servingWorkers = ({ live, starting }: PoolContext): number => live - starting;

/** How many workers somebody can wait for. */
export const warmableWorkers = ({ maxWorkers, leases }: PoolContext): number =>
  typeof leases === 'number' ? 1 : maxWorkers;

/** Whether as many serve as somebody waits for, or as there may be for that. */
export const isWarm = (context: PoolContext): boolean =>
  context.wanted > 0 && servingWorkers(context) >= Math.min(context.wanted, warmableWorkers(context));

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
