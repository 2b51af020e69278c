/** What children that hang keep from ending, and what must have been said of them. */
import type { TaskContext } from '../../../machines/task/machine.ts';
import type { World } from '../world.ts';
import { processOf, workersIn } from './outside.ts';
import type { PoolScope } from './scope.ts';

/** Whoever hangs with tasks has been told of, where that is wanted. */
export function isSilenceTold(world: World, { unresponsive }: PoolScope): boolean {
  if (unresponsive === 'off') return true;
  return [...workersIn(world, 'alive.available.serving.busy'), ...workersIn(world, 'alive.draining')].every(
    (workerId) => !processOf(world, workerId).isHung || processOf(world, workerId).silenceTold,
  );
}

/** Cancelled before it began, in a child that will never say so. */
export function isWithHungChild(world: World, taskId: number): boolean {
  const { workerId } = world.contextOf<TaskContext>('task', taskId);
  return world.stateOf('task', taskId) === 'withdrawing' && processOf(world, workerId).isHung;
}
