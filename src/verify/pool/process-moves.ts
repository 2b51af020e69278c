/** What a child process and its pipe may do next, as moves. What they lead to is in `process-acts`. */
import type { ChildContext } from '../../../machines/child/machine.ts';
import type { TaskId, WorkerId } from '../../../machines/ids.ts';
import type { Move } from '../model.ts';
import type { World } from '../world.ts';
import { callsLeft, isKnown, mayFail, processOf } from './outside.ts';
import { type Add, addFaults } from './process-faults.ts';
import type { Process } from './records.ts';

/** Everything that may happen to one child and its pipe. */
export function processMoves(world: World, workerId: WorkerId): Move[] {
  const moves: Move[] = [];
  const process = processOf(world, workerId);
  const add: Add = (name, kind, detail = 0, isIndependent = false) => {
    moves.push({ name, kind, id: workerId, detail, isIndependent });
  };
  if (process.up.length > 0 && !process.closeTold && !process.isCorrupt) {
    // A greeting is answered, and nobody but the worker knows.
    add('deliver', 'system', 0, process.up[0]?.type === 'hello' && isMergeable(world, process));
  }
  if (process.life === 'failed') add('tell that it could not be spawned', 'system');
  else if (process.life === 'dead') addAfterlife(process, add);
  else addLife(world, workerId, process, add);
  return moves;
}

function addAfterlife(process: Process, add: Add): void {
  if (!process.exitTold) add('tell the exit', 'system');
  const isRead = process.up.length === 0 || process.isCorrupt;
  if (!process.closeTold && isRead && !process.isStuck) add('tell the end of the channel', 'system');
  if (process.isReadOut && isRead) add('tell that nothing is left to read', 'system');
}

function addLife(world: World, workerId: WorkerId, process: Process, add: Add): void {
  if (process.signal === 'SIGKILL') add('die of SIGKILL', 'system');
  const isRead = process.up.length === 0 || process.isCorrupt;
  if ((process.isBroken || process.isCorrupt) && isRead && !process.closeTold)
    add('tell the end of the channel', 'system');
  if (process.isReadOut && isRead) add('tell that nothing is left to read', 'system');
  if (process.isFrozen) add('notice that it is frozen', 'timer');
  else {
    if (process.signal === 'SIGTERM') add('die of SIGTERM', 'system');
    if (!process.isHung) addWork(world, workerId, process, add);
  }
  addFaults(world, workerId, process, add);
}

function addWork(world: World, workerId: WorkerId, process: Process, add: Add): void {
  const state = world.stateOf('child', workerId);
  const mayMerge = isMergeable(world, process);
  if (state === 'booting') add('boot', 'system', 0, mayMerge);
  if (process.isInitializing) {
    add('initialize', 'system', 0, mayMerge && !mayFail(world, 'initializeFails'));
    if (mayFail(world, 'initializeFails')) add('fail to initialize', 'fault');
  }
  if (process.isLeaving) add('exit', 'system', 0, mayMerge && process.up.length === 0);
  else if ((process.isBroken || process.isCorrupt) && state !== 'orphaned')
    add('see that the channel is closed', 'system');
  if (process.down.length > 0 && state !== 'booting' && !process.isLeaving)
    add('read', 'system', 0, mayMerge && isHiddenRead(world, workerId, process));
  for (const taskId of process.flushing) add('flush an announcement', 'system', taskId);
  if (!process.isLeaving && (state === 'idle' || state === 'running') && mayFail(world, 'wear'))
    add('report its memory', 'fault');
  if (process.isLooking) add('look at the channel', 'system');
  const running = process.runs.filter((run) => run.isRunning);
  for (const { taskId, isAborted, isWaiting } of running) {
    const isHidden = !runsAtOnce(world) && !isAborted && !mayFail(world, 'taskThrows') && !mayNest(world);
    if (!isWaiting) add('return', 'system', taskId, mayMerge && isHidden);
    if (!isWaiting && mayNest(world) && isKnown(world, taskId)) {
      add('submit a task', 'caller', taskId);
      add('submit a task and wait', 'caller', taskId);
    }
    if (isAborted) add('throw', 'system', taskId);
    else if (mayFail(world, 'taskThrows')) add('throw by mistake', 'fault', taskId);
  }
}

/**
 * Whether steps inside a child that only add to its output, or only take from its input, can be made at once.
 * The parent cannot tell them from steps made later: it reads the output when it likes, and a death may take
 * any part of it, as if the step had not been made. Not so while a child may stop in between without dying.
 */
function isMergeable(world: World, { isBroken }: Process): boolean {
  const tellsApart = ['hang', 'freeze', 'channelBreaks', 'babble', 'slowFlush', 'wear'] as const;
  return !isBroken && !tellsApart.some((fault) => mayFail(world, fault));
}

/** Whether a child may run several tasks at a time: then it is seen which of them ends first. */
const runsAtOnce = (world: World): boolean =>
  world.get<{ concurrency: number }>('settings').concurrency > 1 ||
  world.get<{ nests: boolean }>('settings').nests;

const mayNest = (world: World): boolean => callsLeft(world, 'nest') > 0;

/** Whether reading the next message neither begins a task nor decides whether one begins. */
function isHiddenRead(world: World, workerId: WorkerId, { down, runs }: Process): boolean {
  const [message] = down;
  if (message === undefined) return false;
  const isRunning = (taskId: TaskId): boolean => runs.some((run) => run.taskId === taskId && run.isRunning);
  const isHere = (taskId: TaskId): boolean => runs.some((run) => run.taskId === taskId);
  switch (message.type) {
    case 'init':
      return true;
    case 'ping':
      return false;
    case 'stop':
      return runs.length === 0;
    case 'run': {
      if (runsAtOnce(world) || world.stateOf('child', workerId) !== 'running') return false;
      const { started, waiting } = world.contextOf<ChildContext>('child', workerId);
      return waiting.length > 0 || started.length > 0;
    }
    case 'cancel':
    case 'recall':
      return isRunning(message.taskId) || !isHere(message.taskId);
    case 'answer':
      return false;
  }
}
