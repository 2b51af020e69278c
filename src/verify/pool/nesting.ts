/** Tasks that running tasks submit, in the model: how they are asked for, admitted, answered and given up. */
import type { TaskId, WorkerId } from '../../../machines/ids.ts';
import type { World } from '../world.ts';
import { changeRun, writeUp } from './child-commands.ts';
import { fateOf, noteFate, noteProcess, processOf, spendCall } from './outside.ts';
import { newFate, overFate } from './records.ts';

/** A function submits a task to its own pool, and may wait for all it has submitted. */
export function submitNested(world: World, workerId: WorkerId, owner: TaskId, waits: boolean): void {
  const run = processOf(world, workerId).runs.find(({ taskId }) => taskId === owner);
  if (run === undefined) return;
  spendCall(world, 'nest');
  const nestedId = world.freeId('fate');
  const level = fateOf(world, owner).level + 1;
  world.put('fate', nestedId, { ...newFate, phase: 'sent', owner, level, home: workerId });
  changeRun(world, workerId, owner, { asks: [...run.asks, nestedId], isWaiting: waits });
  writeUp(world, workerId, { type: 'nested', taskId: owner, attempt: run.attempt, nestedId });
  if (waits) world.tell('child', workerId, { type: 'task.waits', taskId: owner } as { type: string });
}

/** A child reads that a task has settled which one of its own submitted. */
export function readAnswer(world: World, workerId: WorkerId, nestedId: TaskId): void {
  const run = processOf(world, workerId).runs.find(({ asks }) => asks.includes(nestedId));
  if (run === undefined) return;
  const { taskId, isWaiting } = run;
  const asks = run.asks.filter((asked) => asked !== nestedId);
  const goesOn = isWaiting && asks.length === 0;
  changeRun(world, workerId, taskId, { asks, isWaiting: isWaiting && !goesOn });
  if (goesOn) world.tell('child', workerId, { type: 'task.resumed', taskId } as { type: string });
}

/** The pool hears of the task that a running one submitted. */
export function admitNested(world: World, owner: TaskId, nestedId: TaskId): void {
  if (fateOf(world, owner).phase !== 'open')
    world.violate(`task ${nestedId} is admitted, and task ${owner}, which submitted it, has settled`);
  world.tell('pool', 0, { type: 'nested.submitted', taskId: nestedId } as { type: string });
}

export function refuseNested(world: World, owner: TaskId, nestedId: TaskId): void {
  if (world.stateOf('task', owner) === 'unsettled.running')
    world.violate(`task ${nestedId} is refused, and task ${owner}, which submitted it, runs`);
  answer(world, nestedId);
  world.put('fate', nestedId, overFate);
}

/** Whoever submitted it hears that it has settled, if there is anybody left. */
export function answer(world: World, nestedId: TaskId): void {
  const { owner, home } = fateOf(world, nestedId);
  if (owner === 0 || !world.has('process', home)) return;
  const process = processOf(world, home);
  if (process.life !== 'up' || process.isBroken || process.isCorrupt || process.closeTold) return;
  world.message('parent', `child ${home}`, `answer ${nestedId}`);
  noteProcess(world, home, { down: [...process.down, { type: 'answer', nestedId }] });
}

export function cancelNested(world: World, owner: TaskId): void {
  for (const nestedId of nestedOf(world, owner)) {
    noteFate(world, nestedId, { cancelAsked: true });
    world.tell('task', nestedId, { type: 'cancel.asked' });
  }
}

/** It ended before its function did: nothing that it submitted may stay. */
export function noteCutOff(world: World, owner: TaskId): void {
  for (const nestedId of nestedOf(world, owner)) noteFate(world, nestedId, { mustEnd: true });
}

const nestedOf = (world: World, owner: TaskId): TaskId[] =>
  world.ids('fate').filter((taskId) => {
    const fate = fateOf(world, taskId);
    return fate.owner === owner && fate.phase === 'open';
  });
