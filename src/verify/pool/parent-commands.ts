/** What the commands of the pool's and the tasks' machines mean, and which of them must not come. */
import type { PoolContext, RefusalReason } from '../../../machines/pool/machine.ts';
import { hasRoomFor, warmableWorkers } from '../../../machines/pool/size.ts';
import type { TaskOutcome } from '../../../machines/reasons.ts';
import type { TaskContext } from '../../../machines/task/machine.ts';
import type { World } from '../world.ts';
import { chooseToRetire, dequeue, enqueue } from './dispatching.ts';
import { taskInput, workerInput } from './inputs.ts';
import { leaveBudget, performLeases } from './leasing.ts';
import { admitNested, answer, cancelNested, noteCutOff, refuseNested } from './nesting.ts';
import {
  callsLeft,
  fateOf,
  isKnown,
  noteDesk,
  noteClosing,
  noteFate,
  noteOutside,
  openFate,
  openTasks,
  outsideOf,
  spendCall,
  withWeight,
  workersIn,
} from './outside.ts';
import { type Outside, overFate } from './records.ts';
import type { PoolScope } from './scope.ts';

const tellAll = (
  world: World,
  kind: 'worker' | 'task',
  ids: readonly number[],
  event: { type: string },
): void => {
  for (const id of ids) world.tell(kind, id, event);
};

/**
 * All tasks of the ledger. It is in the order of submission, which a moment does not know any more; among
 * tasks of one worker, whose frames stay in order, every order is tried.
 */
function knownTasks(world: World): number[] {
  const tasks = world.ids('fate').filter((taskId) => isKnown(world, taskId));
  const ordered: number[] = [];
  while (tasks.length > 0) {
    const [first = 0] = tasks;
    const { workerId } = fateOf(world, first);
    const rivals =
      workerId === 0 ? [first] : tasks.filter((taskId) => fateOf(world, taskId).workerId === workerId);
    const next = rivals[world.choose(rivals.length)] ?? first;
    ordered.push(next);
    tasks.splice(tasks.indexOf(next), 1);
  }
  return ordered;
}

/** What all workers are told. */
const orders = {
  askIdleWorkers: 'idleness.asked',
  releaseWorkers: 'release.asked',
  stopWorkers: 'leave.asked',
  destroyWorkers: 'destroy.asked',
} as const;

export function performPool(world: World, scope: PoolScope, type: string, params: unknown): void {
  const { taskId, why, count, first, state } = (params ?? {}) as {
    taskId: number;
    why: string;
    count: number;
    first: readonly number[];
    state: Outside['announced'];
  };
  switch (type) {
    case 'createTask':
      world.create('task', taskId, taskInput(scope, taskId));
      break;
    case 'refuseTask':
      refuse(world, taskId, why as RefusalReason);
      break;
    case 'spawnWorkers':
      for (let left = count; left > 0; left -= 1) createWorker(world, scope);
      break;
    case 'retireWorkers':
      tellAll(world, 'worker', chooseToRetire(world, count, first), { type: 'stop.asked' });
      break;
    case 'askIdleWorkers':
    case 'releaseWorkers':
    case 'stopWorkers':
    case 'destroyWorkers':
      tellAll(world, 'worker', world.ids('worker'), { type: orders[type] });
      break;
    case 'abandonQueue':
      tellAll(world, 'task', knownTasks(world), { type: 'queue.abandoned' });
      break;
    case 'abandonTasks':
      tellAll(world, 'task', knownTasks(world), { type: 'pool.abandoned', why } as { type: string });
      break;
    case 'announceState':
      announce(world, scope, state);
      break;
    case 'forgetTimers':
      world.cancelTimers('pool', 0);
      break;
    case 'lookAgain':
      noteDesk(world, { lookAgain: true });
      break;
    case 'announceWarm':
      announceWarm(world, (params as { upTo: number }).upTo);
      break;
    case 'refuseWarm':
      judgeRefusal(world, 'warm workers are', why as RefusalReason);
      noteOutside(world, { warm: 0 });
      break;
    case 'announceRoom':
      if (hasRoomFor(world.contextOf<PoolContext>('pool'), 1)) noteOutside(world, { isWaiting: false });
      break;
    default:
      if (!performLeases(world, type, count))
        world.violate(`the pool asks for ${type}, which nobody performs`);
  }
}

export function performTask(world: World, taskId: number, type: string, params: unknown): void {
  if (!isKnown(world, taskId)) world.violate(`task ${taskId} asks for ${type} after it was over`);
  switch (type) {
    case 'enqueue':
      noteFate(world, taskId, { workerId: 0 });
      enqueue(world, taskId, (params as { front: boolean }).front);
      break;
    case 'dequeue':
      dequeue(world, taskId);
      break;
    case 'admitNested':
      admitNested(world, taskId, (params as { nestedId: number }).nestedId);
      break;
    case 'refuseNested':
      refuseNested(world, taskId, (params as { nestedId: number }).nestedId);
      break;
    case 'cancelNested':
      cancelNested(world, taskId);
      break;
    case 'settle':
      settle(world, taskId, (params as { outcome: TaskOutcome }).outcome);
      break;
    case 'forgetTask':
      forgetTask(world, taskId);
      break;
    case 'announceStart':
      noteFate(world, taskId, { startTold: fateOf(world, taskId).attempt });
      break;
    case 'announceRetry':
      noteFate(world, taskId, { retriesTold: fateOf(world, taskId).retriesTold + 1 });
      break;
    default:
      world.violate(`task ${taskId} asks for ${type}, which nobody performs`);
  }
}

function createWorker(world: World, scope: PoolScope): void {
  const workerId = world.freeId('worker');
  const { idleTimeoutMs } = world.contextOf<PoolContext>('pool');
  world.create('worker', workerId, workerInput(scope, workerId, idleTimeoutMs));
}

/** A refusal is right if the pool is in the state it names. */
function refuse(world: World, taskId: number, why: RefusalReason): void {
  const { unsettled, heldBytes, maxQueue, maxQueueBytes, maxWorkers, concurrency } =
    world.contextOf<PoolContext>('pool');
  const { announced } = outsideOf(world);
  const isFull = maxQueue !== null && unsettled >= maxQueue + maxWorkers * concurrency;
  if (why === 'heavy') {
    if (announced !== 'running' || maxQueueBytes === null || heldBytes < maxQueueBytes)
      world.violate(`task ${taskId} is refused for its weight, and there is room`);
  } else if (why !== 'full') judgeRefusal(world, `task ${taskId} is`, why);
  else if (announced !== 'running' || !isFull)
    world.violate(`task ${taskId} is refused for a queue that is not full`);
  world.put('fate', taskId, overFate);
}

function judgeRefusal(world: World, what: string, why: RefusalReason): void {
  const { announced, closing } = outsideOf(world);
  const isRight = {
    full: false,
    heavy: false,
    closing: announced === 'draining' || closing !== 'no',
    closed: announced === 'closed',
    broken: announced === 'broken',
  }[why];
  if (!isRight) world.violate(`${what} refused as "${why}" by a pool that is ${announced}`);
}

/** Whoever hears that the workers are there can count them. */
function announceWarm(world: World, upTo: number): void {
  const { warm } = outsideOf(world);
  if (upTo < warm) return;
  const serving = workersIn(world, 'alive.available.serving').length;
  if (serving < Math.min(warm, warmableWorkers(world.contextOf<PoolContext>('pool'))))
    world.violate(`${warm} warm workers are announced, and ${serving} serve`);
  noteOutside(world, { warm: 0 });
}

function announce(world: World, scope: PoolScope, state: Outside['announced']): void {
  const { announced, failures, failuresInRow, closing } = outsideOf(world);
  if (announced === state) world.violate(`the pool announces twice that it is ${state}`);
  if (state === 'broken' && failures <= scope.restarts && failuresInRow <= scope.restarts)
    world.violate(`the pool breaks after ${failures} failed starts, and ${scope.restarts} are allowed`);
  if (state === 'broken' && world.ids('server').length > 0)
    world.violate('the pool breaks while a worker serves');
  if ((state === 'closed' || state === 'draining') && closing === 'no')
    world.violate(`the pool is ${state}, and nobody asked it to close`);
  if (state === 'closed' && announced === 'running' && closing !== 'terminate')
    world.violate('the pool closes without a word before');
  noteOutside(world, { announced: state, isWaiting: false, warm: 0 });
  if (state === 'closed' || state === 'broken') leaveBudget(world);
}

function settle(world: World, taskId: number, outcome: TaskOutcome): void {
  const fate = fateOf(world, taskId);
  world.note(`task ${taskId} settles: ${outcome}`);
  if (fate.phase !== 'open') world.violate(`task ${taskId} settles twice, now as ${outcome}`);
  const objection = objectionTo(world, taskId, outcome);
  if (objection !== null) world.violate(`task ${taskId} settles as ${outcome}, ${objection}`);
  noteFate(world, taskId, {
    phase: 'settled',
    truth: 'none',
    cancelAsked: false,
    timedOut: false,
    startTold: 0,
    retriesTold: 0,
  });
  if (outcome !== 'fulfilled' && outcome !== 'rejected') noteCutOff(world, taskId);
  answer(world, taskId);
  if (callsLeft(world, 'callback') > 0) callBack(world);
  world.tell('pool', 0, withWeight(world, { type: 'task.settled' }));
}

/** Why an outcome cannot be true. */
function objectionTo(world: World, taskId: number, outcome: TaskOutcome): string | null {
  const { truth, cancelAsked, timedOut, isForged } = fateOf(world, taskId);
  const { closing, announced } = outsideOf(world);
  switch (outcome) {
    case 'fulfilled':
      return isForged === true || truth === 'returned' ? null : 'but its function did not return';
    case 'rejected':
      if (mayBeRetried(world, taskId)) return 'but it might have been tried again';
      return isForged === true || truth === 'threw' || truth === 'unsendable'
        ? null
        : 'but its function did not throw';
    case 'lost':
      if (mayBeRetried(world, taskId)) return 'but it might have been tried again';
      return isForged === true || truth === 'none'
        ? null
        : 'but its function came to an end, and the parent could read so';
    case 'cancelled':
      return cancelAsked ? null : 'but nobody cancelled it';
    case 'timedOut':
    case 'queueTimedOut':
    case 'deadlineMissed':
      return timedOut ? null : 'but none of its limits had passed';
    case 'closed':
      return closing === 'now' || closing === 'terminate' || announced === 'broken'
        ? null
        : 'but nobody closed the pool without draining it';
    case 'broken':
      return announced === 'broken' ? null : 'but the pool is not broken';
  }
}

/** All its errors may be tried again, but for arguments that cannot be sent. */
const mayBeRetried = (world: World, taskId: number): boolean =>
  world.contextOf<TaskContext>('task', taskId).retriesLeft > 0 &&
  fateOf(world, taskId).truth !== 'unsendable';

/** Code of a caller that runs inside the turn in which a task settles. */
function callBack(world: World): void {
  const submits = callsLeft(world, 'submit');
  const open = openTasks(world);
  const choice = world.choose(2 + (submits > 0 ? 1 : 0) + open.length);
  if (choice === 0) return;
  spendCall(world, 'callback');
  if (choice === 1) {
    noteClosing(world, 'drain');
    world.tell('pool', 0, { type: 'close.asked', drain: true } as { type: string });
  } else if (choice < 2 + open.length) {
    const taskId = open[choice - 2] ?? 0;
    noteFate(world, taskId, { cancelAsked: true });
    world.tell('task', taskId, { type: 'cancel.asked' });
  } else {
    spendCall(world, 'submit');
    const event = { type: 'task.submitted', taskId: openFate(world) };
    world.tell('pool', 0, withWeight(world, event));
  }
}

function forgetTask(world: World, taskId: number): void {
  if (fateOf(world, taskId).phase === 'open') world.violate(`task ${taskId} is over and has not settled`);
  world.put('fate', taskId, overFate);
  world.remove('task', taskId);
}
