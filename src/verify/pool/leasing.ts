/** Leases in the model: the budget may grant one at any moment, or never, and others may want them back. */
import type { Move } from '../model.ts';
import { always, type Property, sometimes } from '../property.ts';
import type { World } from '../world.ts';
import { chooseToRetire } from './dispatching.ts';
import { deskOf, noteOutside, outsideOf, poolOf, spendCall, workersIn } from './outside.ts';
import type { PoolScope } from './scope.ts';

/** What a pool's commands about leases mean; false for any other. */
export function performLeases(world: World, type: string, count: number): boolean {
  if (type === 'askLeases') askLeases(world, count);
  else if (type === 'returnLeases') returnLeases(world, count);
  else if (type === 'releaseLeased')
    for (const workerId of chooseToRetire(world, count))
      world.tell('worker', workerId, { type: 'release.asked' });
  else return false;
  return true;
}

function askLeases(world: World, count: number): void {
  const { asked, leases } = outsideOf(world);
  if (count < 1) world.violate('the pool asks for no lease');
  if (1 + leases + asked + count > poolOf(world).maxWorkers)
    world.violate('the pool asks for more leases than it may have workers for');
  noteOutside(world, { asked: asked + count });
}

function returnLeases(world: World, count: number): void {
  const { leases, owed } = outsideOf(world);
  if (count < 1 || count > leases) world.violate(`the pool returns ${count} leases of ${leases}`);
  noteOutside(world, { leases: leases - count, owed: Math.max(0, owed - count) });
}

/** All it held is free again, and it will get no more. */
export function leaveBudget(world: World): void {
  noteOutside(world, { leases: 0, asked: 0, owed: 0 });
}

export const mayGrant = (world: World): boolean => outsideOf(world).asked > 0;

/** Makes a move of the budget happen; false if it is none of those. */
export function applyLeaseMove(world: World, { name }: Move): boolean {
  if (name === 'grant a lease') grantLease(world);
  else if (name === 'want leases') wantLeases(world);
  else return false;
  return true;
}

function grantLease(world: World): void {
  spendCall(world, 'grant');
  const { asked, leases } = outsideOf(world);
  noteOutside(world, { asked: asked - 1, leases: leases + 1 });
  world.tell('pool', 0, { type: 'lease.granted', count: 1 } as { type: string });
}

export const mayWant = (world: World): boolean => outsideOf(world).leases > 0;

function wantLeases(world: World): void {
  spendCall(world, 'short');
  const { leases } = outsideOf(world);
  noteOutside(world, { owed: leases });
  world.tell('pool', 0, { type: 'lease.short', count: leases } as { type: string });
}

/** Whether leases are kept that others want, although nothing is to do. */
export const owesLeases = (world: World): boolean => outsideOf(world).owed > 0;

export function leaseProperties(
  { isLeased, concurrency, calls }: PoolScope,
  isHiring: (world: World) => boolean,
): Property[] {
  if (!isLeased) return [];
  const list: (Property | false)[] = [
    always('the pool knows which leases it holds, waits for and owes', (world) => {
      const { leases, asked, owed } = poolOf(world);
      const known = outsideOf(world);
      const isOpen = world.stateOf('pool')?.startsWith('open') === true;
      return !isOpen || (leases === known.leases && asked === known.asked && owed === known.owed);
    }),
    always('nobody holds a lease without a worker for it', (world) => {
      const { live } = poolOf(world);
      return !isHiring(world) || outsideOf(world).leases <= Math.max(0, live - 1);
    }),
    always('leases are asked for when a task waits that another worker could take', (world) => {
      const { live, starting, maxWorkers, asked } = poolOf(world);
      const covered = (starting + asked) * concurrency;
      return !isHiring(world) || live + asked >= maxWorkers || deskOf(world).queue.length <= covered;
    }),
    calls.grant > 0 &&
      sometimes('a worker with a lease is busy beside another', (world) => {
        const busy = workersIn(world, 'alive.available.serving.busy');
        return outsideOf(world).leases > 0 && busy.length > 1;
      }),
    calls.short > 0 && sometimes('others want a lease', (world) => outsideOf(world).owed > 0),
  ];
  return list.filter((property) => property !== false);
}
