/**
 * The dispatcher as the checker sees it: any worker that is free may get the next task, and any that has room
 * may get it ahead of time. What is proved of it holds for every rule of choosing between them.
 */
import type { TaskId, WorkerId } from '../../../machines/ids.ts';
import type { PoolContext } from '../../../machines/pool/machine.ts';
import { canGrow } from '../../../machines/pool/size.ts';
import type { World } from '../world.ts';
import { deskOf, fateOf, noteDesk, noteOutside, workersIn } from './outside.ts';
import type { Server } from './records.ts';
import type { PoolScope } from './scope.ts';

const serverOf = (world: World, workerId: WorkerId): Server => world.get<Server>('server', workerId);

const heldBy = (world: World, workerId: WorkerId): number => serverOf(world, workerId).held.length;

/** With those that wait in it. */
const loadOf = (world: World, workerId: WorkerId): number =>
  heldBy(world, workerId) + serverOf(world, workerId).parked.length;

/** Hands over what can be, and otherwise tells the pool what is left, as the pool's wiring does. */
export function dispatch(world: World, scope: PoolScope): boolean {
  let isMailSent = false;
  while (handOver(world, scope)) isMailSent = true;
  if (isMailSent) return true;
  const { lookAgain, seenDemand, queue } = deskOf(world);
  const waiting = queue.length;
  if (seenDemand !== waiting) noteDesk(world, { seenDemand: waiting });
  const isNews = waiting > seenDemand && canGrow(world.contextOf<PoolContext>('pool'));
  if (!lookAgain && !isNews) return false;
  if (lookAgain) noteDesk(world, { lookAgain: false });
  const idle = world.ids('server').filter((workerId) => loadOf(world, workerId) === 0).length;
  world.tell('pool', 0, { type: 'demand.seen', waiting, idle } as { type: string });
  return true;
}

/** The next task goes to one of those who may get it; false if none does. */
export function handOver(world: World, scope: PoolScope): boolean {
  const [taskId] = deskOf(world).queue;
  if (taskId === undefined) return false;
  const workerId = chooseWorker(world, scope, taskId);
  if (workerId === null) return false;
  noteDesk(world, { queue: deskOf(world).queue.slice(1) });
  const { held, parked, left } = serverOf(world, workerId);
  world.put('server', workerId, {
    held: [...held, taskId],
    parked,
    left: left === null ? null : left - 1,
  } satisfies Server);
  world.tell('task', taskId, { type: 'task.assigned', workerId } as { type: string });
  return true;
}

/** Whether the worker takes only tasks that others wait for, since so many wait in it. */
export function isSated(world: World, { parkedMax, concurrency }: PoolScope, workerId: WorkerId): boolean {
  return serverOf(world, workerId).parked.length >= parkedMax * concurrency;
}

function chooseWorker(world: World, scope: PoolScope, taskId: TaskId): WorkerId | null {
  const { concurrency, window } = scope;
  const isNested = fateOf(world, taskId).level > 0;
  const servers = world
    .ids('server')
    .filter((workerId) => serverOf(world, workerId).left !== 0)
    .filter((workerId) => isNested || !isSated(world, scope, workerId));
  const idle = servers.filter((workerId) => heldBy(world, workerId) < concurrency);
  if (idle.length > 0) return idle[world.choose(idle.length)] ?? null;
  const ahead = servers.filter((workerId) => heldBy(world, workerId) < concurrency + window);
  if (ahead.length === 0) return null;
  const choice = world.choose(ahead.length + 1);
  return choice === 0 ? null : (ahead[choice - 1] ?? null);
}

export function enqueue(world: World, taskId: TaskId, isFront: boolean): void {
  const { queue } = deskOf(world);
  if (queue.includes(taskId)) world.violate(`task ${taskId} is queued twice`);
  // The deeper first: others wait for it.
  const { level } = fateOf(world, taskId);
  const at = queue.findIndex((waiting) => {
    const other = fateOf(world, waiting).level;
    return other < level || (isFront && other === level);
  });
  noteDesk(world, { queue: queue.toSpliced(at === -1 ? queue.length : at, 0, taskId) });
}

export function dequeue(world: World, taskId: TaskId): void {
  noteDesk(world, { queue: deskOf(world).queue.filter((waiting) => waiting !== taskId) });
}

/** The worker takes tasks: so many in all, or any number. */
export function offer(world: World, workerId: WorkerId, left: number | null = null): void {
  if (world.has('server', workerId)) world.violate(`worker ${workerId} offers its slots twice`);
  world.put('server', workerId, { held: [], parked: [], left } satisfies Server);
  noteDesk(world, { lookAgain: true });
  noteOutside(world, { failuresInRow: 0 });
}

export function withdraw(world: World, workerId: WorkerId): void {
  world.drop('server', workerId);
  noteDesk(world, { lookAgain: true });
}

export function free(world: World, workerId: WorkerId, taskId: TaskId): void {
  const server = world.find<Server>('server', workerId);
  if (server === undefined) return;
  const without = (tasks: readonly TaskId[]): TaskId[] => tasks.filter((held) => held !== taskId);
  const { held, parked } = server;
  world.put('server', workerId, {
    ...server,
    held: without(held),
    parked: without(parked),
  } satisfies Server);
}

/** The task waits for others, and holds no slot. */
export function park(world: World, workerId: WorkerId, taskId: TaskId): void {
  const server = world.find<Server>('server', workerId);
  if (server === undefined) return;
  const held = server.held.filter((other) => other !== taskId);
  world.put('server', workerId, { ...server, held, parked: [...server.parked, taskId] } satisfies Server);
}

/** It goes on, however many others run. */
export function resume(world: World, workerId: WorkerId, taskId: TaskId): void {
  const server = world.find<Server>('server', workerId);
  if (server === undefined) return;
  const parked = server.parked.filter((other) => other !== taskId);
  world.put('server', workerId, { ...server, held: [...server.held, taskId], parked } satisfies Server);
}

/**
 * After those that go first, those that do not serve yet, then the least busy; in any order among equals.
 */
export function chooseToRetire(world: World, count: number, first: readonly WorkerId[] = []): WorkerId[] {
  const chosen = [...first, ...workersIn(world, 'alive.available.booting')];
  let rest = world.ids('server').filter((workerId) => !first.includes(workerId));
  while (chosen.length < count && rest.length > 0) {
    const least = Math.min(...rest.map((workerId) => loadOf(world, workerId)));
    const equals = rest.filter((workerId) => loadOf(world, workerId) === least);
    const next = equals[world.choose(equals.length)] ?? 0;
    chosen.push(next);
    rest = rest.filter((workerId) => workerId !== next);
  }
  return chosen.slice(0, count);
}
