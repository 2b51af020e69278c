/** The world around a pool's machines: callers, child processes, pipes and timers. */
import type { PoolContext } from '../../../machines/pool/machine.ts';
import { hasRoomFor, keptWorkers } from '../../../machines/pool/size.ts';
import type { WorkerContext } from '../../../machines/worker/machine.ts';
import type { Environment, Move } from '../model.ts';
import type { World } from '../world.ts';
import { performChild } from './child-commands.ts';
import { describeMove, timerText } from './describe-move.ts';
import { dispatch, isSated } from './dispatching.ts';
import { poolInput } from './inputs.ts';
import { callNames, timerMoveOf, timerNames } from './move-names.ts';
import {
  budget,
  callsLeft,
  isHeldUp,
  mayFail,
  noteClosing,
  noteFate,
  noteOutside,
  openFate,
  openTasks,
  outsideOf,
  spendCall,
  spendFault,
  withWeight,
  workersIn,
} from './outside.ts';
import { isSilenceTold, isWithHungChild } from './hung-children.ts';
import { applyLeaseMove, mayGrant, mayWant, owesLeases } from './leasing.ts';
import { performPool, performTask } from './parent-commands.ts';
import { applyProcessMove, processMoveNames } from './process-acts.ts';
import { processMoves } from './process-moves.ts';
import { type CallsLeft, newOutside, type Server } from './records.ts';
import type { PoolScope } from './scope.ts';
import { kindsWithTimers, numberOfOwner, ownerOfTimer } from './timer-owner.ts';
import { performWorker } from './worker-commands.ts';

export function poolEnvironment(scope: PoolScope): Environment {
  return {
    setup: (world) => setup(world, scope),
    perform(world, kind, id, command) {
      if (kind === 'pool') performPool(world, scope, command.type, command.params);
      else if (kind === 'task') performTask(world, id, command.type, command.params);
      else if (kind === 'worker') {
        if (command.type === 'writeStop' && isMissed(world))
          world.violate(`worker ${id} is asked to leave, and the pool needs it`);
        if (command.type === 'writeRun' && isOverfull(world, scope, id))
          world.violate(`worker ${id} is handed a task, and has no room`);
        performWorker(world, scope, id, command.type, command.params);
      } else performChild(world, id, command.type, command.params);
    },
    // A child's turn is none of the parent's.
    onIdle: (world, stepped) => isParents(stepped) && dispatch(world, scope),
    onLate(world, kind, id, event) {
      // Facts about what is over are late by nature.
      if (event.type === 'task.assigned')
        world.violate(`task ${id} is handed to ${kind} ${id}, which is over`);
    },
    moves: (world, moves) => addMoves(world, scope, moves),
    apply: (world, move) => apply(world, scope, move),
    describe: describeMove,
    moveNames: [...callNames, ...processMoveNames, ...timerNames],
    mayRest: (world) => mayRest(world, scope),
  };
}

/** Whether an idle worker that has just left was to be kept warm. One that drains was let go before. */
function isMissed(world: World): boolean {
  const context = world.contextOf<PoolContext>('pool');
  const { live } = context;
  const others = workersIn(world, 'alive.available').length;
  const isJustLeaving = live === others + 1;
  return (
    world.stateOf('pool')?.startsWith('open.running') === true &&
    isJustLeaving &&
    others < keptWorkers(context)
  );
}

function isOverfull(world: World, { concurrency, window }: PoolScope, workerId: number): boolean {
  const { handed, running, parked } = world.contextOf<WorkerContext>('worker', workerId);
  return handed.length + running.length - parked.length > concurrency + window;
}

const isParents = (stepped: ReadonlySet<string>): boolean =>
  stepped.has('pool') || stepped.has('worker') || stepped.has('task');

function setup(world: World, scope: PoolScope): void {
  world.put('settings', 0, {
    concurrency: scope.concurrency,
    tasksMax: scope.tasksMax,
    nests: scope.calls.nest > 0,
  });
  world.put('desk', 0, { queue: [], lookAgain: true, seenDemand: 0 });
  world.put('outside', 0, newOutside);
  world.put('calls', 0, budget({ ...scope.calls, submit: scope.tasks }));
  world.put('faults', 0, budget(scope.faults));
  world.create('pool', 0, poolInput(scope));
  dispatch(world, scope);
}

function addMoves(world: World, scope: PoolScope, moves: Move[]): void {
  for (const workerId of world.ids('process'))
    moves.push(...world.recall(`child ${workerId}`, () => processMoves(world, workerId)));
  const isQuiet = !moves.some((move) => move.kind === 'system');
  if (isQuiet) addTimers(world, scope, 'timer', moves);
  else {
    // Noticed by a timer too.
    for (let at = moves.length - 1; at >= 0; at -= 1)
      if (moves[at]?.kind === 'timer' && !mayFail(world, 'earlyTimer')) moves.splice(at, 1);
    if (mayFail(world, 'earlyTimer')) addTimers(world, scope, 'fault', moves);
  }
  addCalls(world, scope, moves);
}

function addTimers(world: World, scope: PoolScope, kind: 'timer' | 'fault', moves: Move[]): void {
  for (const owner of kindsWithTimers) {
    for (const id of world.ids(owner)) {
      const { timers } = world.member(owner, id);
      for (const detail of timers.keys())
        moves.push({ name: timerMoveOf(owner), kind, id: numberOfOwner({ kind: owner, id }), detail });
    }
  }
  // Without timers that are early, it has nothing to do with who did not answer.
  if (kind === 'fault')
    for (const workerId of asked(world))
      moves.push({ name: 'notice a pause', kind, id: workerId, detail: 0 });
  for (const workerId of recallable(world, scope))
    moves.push({ name: 'recall', kind, id: workerId, detail: 0 });
}

/** Workers that were asked whether they answer. */
const asked = (world: World): number[] =>
  world.ids('worker').filter((workerId) => /asked$|doubted$/u.test(world.stateOf('worker', workerId) ?? ''));

/** Workers that hold tasks ahead while another could start one now. */
function recallable(world: World, scope: PoolScope): number[] {
  const { concurrency } = world.get<{ concurrency: number }>('settings');
  const heldBy = (workerId: number): number => world.get<Server>('server', workerId).held.length;
  const servers = world.ids('server');
  if (!servers.some((workerId) => heldBy(workerId) < concurrency && !isSated(world, scope, workerId)))
    return [];
  return servers.filter((workerId) => {
    const { handed } = world.contextOf<WorkerContext>('worker', workerId);
    const isAsked = handed.every(
      (taskId) => world.stateOf('task', taskId)?.endsWith('handed.assigned') !== true,
    );
    return heldBy(workerId) > concurrency && handed.length > 0 && !isAsked;
  });
}

function addCalls(world: World, { sizes, callsAfterClose }: PoolScope, moves: Move[]): void {
  const { announced, closing } = outsideOf(world);
  const may = (name: keyof CallsLeft): boolean => callsLeft(world, name) > 0;
  const add = (name: string, id = 0): void => void moves.push({ name, kind: 'caller', id, detail: 0 });
  const isOpen = callsAfterClose || closing === 'no';
  if (isOpen && may('submit')) add('submit');
  if (may('expect') && may('submit')) add('expect work');
  if (may('room') && announced === 'running' && !hasRoomFor(world.contextOf<PoolContext>('pool'), 1))
    add('wait for room');
  if (isOpen && may('warm')) {
    const { maxWorkers } = world.contextOf<PoolContext>('pool');
    for (const count of new Set([1, maxWorkers])) add('warm', count);
  }
  if (isOpen && may('release')) add('release');
  if (may('cancel'))
    for (const taskId of openTasks(world)) if (world.has('task', taskId)) add('cancel', taskId);
  if (isOpen && may('resize')) for (const at of sizes.keys()) add('resize', at);
  if (may('close') && closing === 'no') add('close');
  if (may('closeNow') && closing !== 'now') add('close without draining');
  if (may('closeLimited')) add('close within a time');
  if (may('terminate')) add('terminate');
  if (may('grant') && mayGrant(world)) add('grant a lease');
  if (may('short') && mayWant(world)) add('want leases');
  // Whoever has a broken pool can close it, and must be able to.
  if (announced === 'broken' && closing === 'no' && !may('close')) add('close');
}

function apply(world: World, scope: PoolScope, move: Move): void {
  if (move.kind === 'timer' || move.kind === 'fault') {
    if (move.name === 'recall') recall(world, move);
    else if (move.name === 'notice a pause') {
      spendFault(world, 'earlyTimer');
      world.tell('worker', move.id, { type: 'parent.paused' });
    } else if (move.name.endsWith('timer')) fire(world, move);
    else {
      if (move.kind === 'fault') world.note(`fault: child ${move.id}: ${move.name}`);
      applyProcessMove(world, move);
    }
  } else if (!applyProcessMove(world, move) && !applyLeaseMove(world, move)) call(world, scope, move);
}

function recall(world: World, { kind, id }: Move): void {
  if (kind === 'fault') spendFault(world, 'earlyTimer');
  const { handed } = world.contextOf<WorkerContext>('worker', id);
  for (const taskId of handed.toReversed()) world.tell('task', taskId, { type: 'recall.asked' });
}

function fire(world: World, { kind, id, detail }: Move): void {
  if (kind === 'fault') spendFault(world, 'earlyTimer');
  const owner = ownerOfTimer(id);
  if (owner.kind === 'task') noteFate(world, owner.id, { timedOut: true });
  if (timerText(world, owner, detail) === 'failure.forgotten')
    noteOutside(world, { failures: outsideOf(world).failures - 1 });
  world.fire(owner.kind, owner.id, detail);
}

function call(world: World, { sizes }: PoolScope, { name, id }: Move): void {
  const tellPool = (event: object): void => world.tell('pool', 0, event as { type: string });
  switch (name) {
    case 'submit':
      spendCall(world, 'submit');
      tellPool(withWeight(world, { type: 'task.submitted', taskId: openFate(world) } as { type: string }));
      break;
    case 'expect work':
      spendCall(world, 'expect');
      tellPool({ type: 'work.expected' });
      break;
    case 'cancel':
      spendCall(world, 'cancel');
      noteFate(world, id, { cancelAsked: true });
      world.tell('task', id, { type: 'cancel.asked' });
      break;
    case 'resize': {
      spendCall(world, 'resize');
      if (outsideOf(world).announced === 'running') noteOutside(world, { size: id });
      const [minWorkers = 0, maxWorkers = 1] = sizes[id] ?? [];
      tellPool({ type: 'resize.asked', minWorkers, maxWorkers });
      break;
    }
    case 'wait for room':
      spendCall(world, 'room');
      noteOutside(world, { isWaiting: true });
      break;
    case 'warm':
      spendCall(world, 'warm');
      noteOutside(world, { warm: Math.max(id, outsideOf(world).warm) });
      tellPool({ type: 'warm.asked', count: id });
      break;
    case 'release':
      release(world);
      break;
    case 'close':
      if (callsLeft(world, 'close') > 0) spendCall(world, 'close');
      noteClosing(world, 'drain');
      tellPool({ type: 'close.asked', drain: true });
      break;
    case 'close without draining':
      spendCall(world, 'closeNow');
      noteClosing(world, 'now');
      tellPool({ type: 'close.asked', drain: false });
      break;
    case 'close within a time':
      spendCall(world, 'closeLimited');
      noteClosing(world, 'terminate');
      tellPool({ type: 'close.asked', drain: true });
      world.run();
      tellPool({ type: 'close.limited', timeoutMs: 1 });
      break;
    case 'terminate':
      spendCall(world, 'terminate');
      noteClosing(world, 'terminate');
      tellPool({ type: 'terminate.asked' });
      break;
  }
}

function release(world: World): void {
  spendCall(world, 'release');
  if (outsideOf(world).announced === 'running') noteOutside(world, { isReleased: true });
  world.tell('pool', 0, { type: 'release.asked' });
}

/** Nothing has to happen any more: is everything as it should then be? */
function mayRest(world: World, scope: PoolScope): boolean {
  if (!isSilenceTold(world, scope)) return false;
  if (isHeldUp(world, scope)) return true;
  const { announced, closing, warm, isReleased } = outsideOf(world);
  if (openTasks(world).length > 0 || warm > 0) return false;
  if (world.ids('task').some((taskId) => !isWithHungChild(world, taskId))) return false;
  if (closing !== 'no') return announced === 'closed';
  if (announced === 'broken') return world.ids('process').length === 0;
  if (workersIn(world, 'alive.available.serving').length < world.ids('worker').length) return false;
  if (owesLeases(world)) return false;
  const context = world.contextOf<PoolContext>('pool');
  const { live, starting, worn, maxWorkers } = context;
  const kept = keptWorkers(context);
  const most = isReleased || scope.timers.includes('idle') ? kept : maxWorkers;
  return worn.length === 0 && starting === 0 && live >= Math.min(kept, maxWorkers) && live <= most;
}
