/** What the pool machine counts must be so: its workers, its tasks, its failures, its size. */
import type { WorkerContext } from '../../../machines/worker/machine.ts';
import { always, type Property } from '../property.ts';
import { openTasks, outsideOf, poolOf, workersIn } from './outside.ts';
import type { PoolScope } from './scope.ts';

export function counts(scope: PoolScope): Property[] {
  const { sizes } = scope;
  return [
    always('the pool counts the workers that live, start and are present', (world) => {
      const { live, starting, present } = poolOf(world);
      return (
        live === workersIn(world, 'alive.available').length &&
        starting === workersIn(world, 'alive.available.booting').length &&
        present === world.ids('worker').length
      );
    }),
    always(
      'the pool counts the tasks that have not settled',
      (world) => poolOf(world).unsettled === openTasks(world).length,
    ),
    always(
      'there are never more workers than allowed, but for those that leave and one for each that is worn',
      (world) => {
        const { live, maxWorkers, worn } = poolOf(world);
        const allowed = scope.isLeased ? Math.min(maxWorkers, 1 + outsideOf(world).leases) : maxWorkers;
        // At its end it has left the budget, and its workers are being killed.
        return live <= allowed + worn.length || outsideOf(world).announced === 'broken';
      },
    ),
    always('the pool knows which workers are worn', (world) => {
      if (world.stateOf('pool')?.startsWith('open') !== true) return true;
      const worn = workersIn(world, 'alive.available').filter(
        (workerId) => world.contextOf<WorkerContext>('worker', workerId).wear === 'worn',
      );
      return worn.length === poolOf(world).worn.length && poolOf(world).worn.every((id) => worn.includes(id));
    }),
    always('failed starts are counted, and each is forgotten in time', (world) => {
      if (world.stateOf('pool')?.startsWith('open') !== true) return true;
      const { failures } = poolOf(world);
      const waits = world.member('pool').timers.filter(({ event }) => event.type === 'failure.forgotten');
      return failures === waits.length && failures === outsideOf(world).failures;
    }),
    always('a pool that nobody has used does not pause', (world) => {
      const isPausing = world.stateOf('pool')?.endsWith('backingOff') === true;
      const isUsed = world.ids('fate').length > 0 || poolOf(world).minWorkers > 0 || sizes.length > 0;
      return !isPausing || isUsed;
    }),
    always('the pool has the size that was asked for', (world) => {
      const [minWorkers, maxWorkers] = sizes[outsideOf(world).size] ?? [scope.minWorkers, scope.workers];
      const context = poolOf(world);
      const { closing, isReleased } = outsideOf(world);
      const isKeepingNone = context.minWorkers === 0 && (closing !== 'no' || isReleased);
      const isKept = isReleased ? isKeepingNone : isKeepingNone || context.minWorkers === minWorkers;
      return context.maxWorkers === maxWorkers && isKept;
    }),
    always('a closing pool keeps no worker for its own sake', (world) => {
      const isClosing = world.stateOf('pool')?.startsWith('open.draining') === true;
      return !isClosing || poolOf(world).minWorkers === 0;
    }),
    always('a pool that cannot start workers breaks', (world) => {
      const isOpen = world.stateOf('pool')?.startsWith('open') === true;
      return !(outsideOf(world).mustBreak && isOpen);
    }),
  ];
}
