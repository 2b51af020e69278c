/** Reads and writes of the single records: what may still happen, and the dispatcher's desk. */
import type { PoolContext } from '../../../machines/pool/machine.ts';
import type { TaskContext } from '../../../machines/task/machine.ts';
import type { World } from '../world.ts';
import {
  type CallsLeft,
  type Desk,
  type Fate,
  type FaultsLeft,
  newFate,
  type Outside,
  overFate,
  type Process,
  type Up,
} from './records.ts';
import type { Faults, PoolScope } from './scope.ts';

export const poolOf = (world: World): PoolContext => world.contextOf<PoolContext>('pool');

export const outsideOf = (world: World): Outside => world.get<Outside>('outside');

export function noteOutside(world: World, change: Partial<Outside>): void {
  world.put('outside', 0, { ...outsideOf(world), ...change });
}

const urgency = ['no', 'drain', 'now', 'terminate'] as const;

/** Notes that closing was asked for; what was asked for before and was more urgent stays. */
export function noteClosing(world: World, closing: Outside['closing']): void {
  if (urgency.indexOf(closing) > urgency.indexOf(outsideOf(world).closing)) noteOutside(world, { closing });
}

export const callsLeft = (world: World, name: keyof CallsLeft): number =>
  world.get<CallsLeft>('calls')[name] ?? 0;

/** Takes one from a budget of callers. */
export function spendCall(world: World, name: keyof CallsLeft): void {
  world.put('calls', 0, less(world.get<CallsLeft>('calls'), name));
}

/** Takes one from a budget of faults. */
export function spendFault(world: World, name: keyof Faults): void {
  world.put('faults', 0, less(world.get<FaultsLeft>('faults'), name));
}

export const mayFail = (world: World, name: keyof Faults): boolean =>
  (world.get<FaultsLeft>('faults')[name] ?? 0) > 0;

/** Budgets with something in them: the fewer words, the faster two of them are compared. */
export const budget = (counts: object): object =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));

const less = (counts: Readonly<Record<string, number | undefined>>, name: string): object =>
  budget({ ...counts, [name]: (counts[name] ?? 0) - 1 });

/** Chooses whether a fault that is possible now happens, and takes it from its budget if it does. */
export function fails(world: World, name: keyof Faults): boolean {
  if (!mayFail(world, name) || world.choose(2) === 0) return false;
  spendFault(world, name);
  return true;
}

export const deskOf = (world: World): Desk => world.get<Desk>('desk');

export function noteDesk(world: World, change: Partial<Desk>): void {
  world.put('desk', 0, { ...deskOf(world), ...change });
}

export const processOf = (world: World, workerId: number): Process => world.get<Process>('process', workerId);

export function noteProcess(world: World, workerId: number, change: Partial<Process>): void {
  world.put('process', workerId, { ...processOf(world, workerId), ...change });
}

export const fateOf = (world: World, taskId: number): Fate => world.get<Fate>('fate', taskId);

export function noteFate(world: World, taskId: number, change: Partial<Fate>): void {
  world.put('fate', taskId, { ...fateOf(world, taskId), ...change });
}

/** Tasks that have not settled for their callers. */
export const openTasks = (world: World): number[] =>
  world.ids('fate').filter((taskId) => fateOf(world, taskId).phase === 'open');

/** Opens the fate of a task that is submitted: the ledger knows it before the pool hears of it. */
export function openFate(world: World): number {
  const taskId = world.freeId('fate');
  world.put('fate', taskId, newFate);
  return taskId;
}

/** An event about a task, with what its arguments weigh where that is limited. */
export function withWeight(world: World, event: { type: string }): { type: string } {
  const { maxQueueBytes } = poolOf(world);
  return maxQueueBytes === null ? event : ({ ...event, bytes: 1 } as { type: string });
}

/** Workers whose state begins so. */
export const workersIn = (world: World, prefix: string): number[] =>
  world.ids('worker').filter((workerId) => world.stateOf('worker', workerId)?.startsWith(prefix) === true);

/** Whether the ledger still knows the task. */
export const isKnown = (world: World, taskId: number): boolean =>
  world.has('fate', taskId) && fateOf(world, taskId).phase !== 'over';

/** Whether a forged frame named the task. */
export const isForged = (world: World, taskId: number): boolean =>
  isKnown(world, taskId) && fateOf(world, taskId).isForged === true;

/** These messages never reach the parent: nobody can know how their tasks ended. */
export function loseMessages(world: World, messages: readonly Up[]): void {
  for (const message of messages) {
    if (message.type === 'nested') world.put('fate', message.nestedId, overFate);
    if (message.type !== 'returned' && message.type !== 'threw') continue;
    const { taskId, attempt } = message;
    if (isKnown(world, taskId) && fateOf(world, taskId).attempt === attempt)
      noteFate(world, taskId, { truth: 'none' });
  }
}

/**
 * Whether a child whose event loop is blocked for ever keeps a task that has no limit to end it: one that
 * runs without a timeout, or one that was handed over and waits without one.
 */
export function isHeldUp(world: World, { timers, unresponsive }: PoolScope): boolean {
  if (unresponsive === 'kill') return false;
  const isLimited = timers.includes('deadline') || outsideOf(world).closing === 'terminate';
  return world.ids('task').some((taskId) => {
    const { workerId } = world.contextOf<TaskContext>('task', taskId);
    if (isLimited || workerId === 0 || !world.has('process', workerId) || !processOf(world, workerId).isHung)
      return false;
    const state = world.stateOf('task', taskId) ?? '';
    if (state === 'unsettled.running') return !timers.includes('timeout');
    return state.startsWith('unsettled.waiting.handed') && !timers.includes('queueTimeout');
  });
}
