/** What the dispatcher knows of one worker. */
import type { TaskId, WorkerId } from './ids.ts';
import type { PriorityQueue } from './priority-queue.ts';

/** What a worker holds, measured by what it can run. `sated`: it has a free slot, for nested tasks only. */
export type Stock = 'none' | 'some' | 'sated' | 'enough' | 'ahead';

export interface Server {
  readonly workerId: WorkerId;
  /** What it holds, and how long each is expected to take. */
  readonly held: Map<TaskId, number>;
  /** Tasks that wait for others, and hold no slot: what each had left. */
  readonly parked: Map<TaskId, number>;
  /** The sum of those times: how long a task handed over now would wait. */
  debtMicros: number;
  stock: Stock;
  /** Whether it has no free slot and is due to be handed more. */
  isOpen: boolean;
  /** How many more tasks it may be handed in its life. Without any it waits to be withdrawn. */
  left: number;
  /** It is being filled up: one lot of tasks goes out in one write, not one by one as slots come back. */
  isFilling: boolean;
  /** Tasks whose key belongs to this worker. */
  readonly own: PriorityQueue;
}

/** Whether it could start a task, if only a nested one. */
export const isFree = (stock: Stock): boolean => stock === 'some' || stock === 'sated';

/** The sum of the times that tasks are expected to take. */
export function sumOf(held: ReadonlyMap<TaskId, number>): number {
  let total = 0;
  for (const micros of held.values()) total += micros;
  return total;
}
