/** A move in words. */
import type { Move } from '../model.ts';
import type { World } from '../world.ts';
import { processOf } from './outside.ts';
import { ownerOfTimer, type TimerOwner } from './timer-owner.ts';

export function describeMove(world: World, { name, id, detail, kind }: Move): string {
  if (name.endsWith('timer')) {
    const owner = ownerOfTimer(id);
    const label = owner.id === 0 ? owner.kind : `${owner.kind} ${owner.id}`;
    return `a timer of ${label} fires${kind === 'fault' ? ' early' : ''}: ${timerText(world, owner, detail)}`;
  }
  if (kind === 'caller') {
    if (name === 'cancel') return `the caller cancels task ${id}`;
    return `the caller: ${name}`;
  }
  const process = processOf(world, id);
  if (name === 'deliver') return `the parent reads ${textOf(process.up[0])} of child ${id}`;
  if (name === 'read') return `child ${id} reads ${textOf(process.down[0])}`;
  return `child ${id}: ${name}${detail === 0 ? '' : ` (${detail})`}`;
}

const textOf = (message: { type: string; taskId?: number; nestedId?: number } | undefined): string =>
  message === undefined
    ? 'nothing'
    : [message.type, message.taskId, message.nestedId].filter((part) => part !== undefined).join(' ');

/** The event that a timer stands for. */
export const timerText = (world: World, { kind, id }: TimerOwner, timer: number): string =>
  world.member(kind, id).timers[timer]?.event.type ?? '';
