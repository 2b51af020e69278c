/** What a pool is made of, for those who give its machines' commands a meaning. */
import type { Dispatcher } from '../../machines/dispatcher.ts';
import type { TaskId } from '../../machines/ids.ts';
import type { PoolContext, RefusalReason } from '../../machines/pool/machine.ts';
import type { Events } from '../../machines/topology.ts';
import type { Observers, PoolState } from '../observe/events.ts';
import type { System } from '../runtime/system.ts';
import type { Clock } from '../runtime/timers.ts';
import type { TaskLabel } from './failures.ts';
import type { HostPorts } from './host-ports.ts';
import type { Ledger, TaskEntry } from './ledger.ts';
import type { Places } from './places.ts';
import type { NestedTasks } from './nested-tasks.ts';
import type { PoolLeases } from './pool-leases.ts';
import type { WorkerLink } from './worker-link.ts';

/** What the machines need to know of a pool's options. */
export interface PoolSettings {
  readonly poolId: string;
  readonly name: string;
  readonly concurrency: number;
  readonly maxQueue: number;
  readonly maxQueueBytes: number;
  readonly startTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly killGraceMs: number;
  readonly unresponsiveAfterMs: number;
  readonly unresponsive: 'report' | 'kill';
  readonly recycle: RecycleLimits;
}

/** What wears a worker out; `Infinity` where nothing does. */
export interface RecycleLimits {
  readonly tasks: number;
  readonly rssBytes: number;
  readonly rssGrowthBytes: number;
  readonly ageMs: number;
}

/** Who gets which events in the parent. */
export type PoolMail = Pick<Events, 'pool' | 'worker' | 'task'>;

/** What a pool is made of. */
export interface PoolParts {
  readonly settings: PoolSettings;
  readonly system: System<PoolMail>;
  readonly dispatcher: Dispatcher;
  readonly ledger: Ledger;
  readonly links: Map<number, WorkerLink>;
  readonly observers: Observers;
  readonly ports: HostPorts;
  readonly clock: Clock;
  /** Why workers could not start, newest last; a bounded list. */
  readonly startErrors: Error[];
  readonly counts: PoolCounts;
  readonly places: Places;
  readonly nested: NestedTasks;
  readonly leases: PoolLeases;
  createLink(): WorkerLink;
  onState(state: PoolState): void;
  onRoom(): void;
  /** Those who wait for up to so many workers have them. */
  onWarm(upTo: number): void;
  /** Nobody who waits for workers will get them. */
  onNeverWarm(why: RefusalReason): void;
  /** Have the pool machine look at the demand again, even if it has not changed. */
  onLookAgain(): void;
  onUnsettled(count: number): void;
}

/** Counters for `pool.stats()`. */
export interface PoolCounts {
  fulfilled: number;
  rejected: number;
  cancelled: number;
  lost: number;
  retried: number;
  workersStarted: number;
  workersLost: number;
  workersRecycled: number;
}

export const newCounts = (): PoolCounts => ({
  fulfilled: 0,
  rejected: 0,
  cancelled: 0,
  lost: 0,
  retried: 0,
  workersStarted: 0,
  workersLost: 0,
  workersRecycled: 0,
});

/** What users know a task by. */
export const publicIdOf = ({ settings, ledger }: PoolParts, taskId: TaskId): string =>
  `${settings.poolId}/${ledger.find(taskId)?.givenId ?? taskId}`;

/** What messages call a task. */
export function labelOf({ settings }: PoolParts, entry: TaskEntry): TaskLabel {
  const { taskId, givenId, name, attempt } = entry;
  return { taskId: `${settings.poolId}/${givenId ?? taskId}`, name, attempt };
}

/** What the pool's machine counts. */
export function poolContext(system: System<PoolMail>): PoolContext {
  const context: unknown = system.contextOf('pool', 0);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the context of that machine
  return context as PoolContext;
}

/** A limit as the machines write it: `null` is none. */
export const limitOf = (limit: number): number | null => (Number.isFinite(limit) ? limit : null);
