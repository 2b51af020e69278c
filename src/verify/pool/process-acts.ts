/** What happens when a child process makes one of its moves. */
import type { ChildContext } from '../../../machines/child/machine.ts';
import type { TaskId, WorkerId } from '../../../machines/ids.ts';
import type { Move } from '../model.ts';
import type { World } from '../world.ts';
import { changeRun, die, endRun, flushAnnouncement, writeUp } from './child-commands.ts';
import { readAnswer, submitNested } from './nesting.ts';
import {
  fateOf,
  isForged,
  isKnown,
  loseMessages,
  noteFate,
  noteProcess,
  processOf,
  spendFault,
} from './outside.ts';
import { faultActs } from './process-faults.ts';
import type { Down } from './records.ts';

/** Makes a move of `processMoves` happen; false if it is none of those. */
export function applyProcessMove(world: World, { name, id: workerId, detail }: Move): boolean {
  const act = acts[name] ?? faultActs[name];
  if (act === undefined) return false;
  act(world, workerId, detail);
  return true;
}

const toWorker = (world: World, workerId: WorkerId, type: string): void => {
  world.tell('worker', workerId, { type });
};

const acts: Record<string, (world: World, workerId: WorkerId, detail: number) => void> = {
  deliver,
  'tell that it could not be spawned': (world, workerId) => toWorker(world, workerId, 'child.spawnFailed'),
  'tell the exit': (world, workerId) => {
    noteProcess(world, workerId, { exitTold: true });
    toWorker(world, workerId, 'child.exited');
  },
  'tell the end of the channel': (world, workerId) => {
    noteProcess(world, workerId, { closeTold: true, up: [], flushed: 0 });
    toWorker(world, workerId, 'channel.closed');
  },
  'tell that nothing is left to read': (world, workerId) => {
    noteProcess(world, workerId, { isReadOut: false });
    toWorker(world, workerId, 'channel.emptied');
  },
  'die of SIGKILL': die,
  'die of SIGTERM': die,
  'notice that it is frozen': (world, workerId) => toWorker(world, workerId, 'child.froze'),
  boot: (world, workerId) => world.tell('child', workerId, { type: 'boot.finished' }),
  initialize: (world, workerId) => {
    noteProcess(world, workerId, { isInitializing: false });
    world.tell('child', workerId, { type: 'initialize.finished' });
  },
  'fail to initialize': (world, workerId) => {
    spendFault(world, 'initializeFails');
    noteProcess(world, workerId, { isInitializing: false });
    world.tell('child', workerId, { type: 'initialize.failed' });
  },
  exit: (world, workerId) => {
    noteProcess(world, workerId, { flushed: processOf(world, workerId).up.length });
    die(world, workerId);
  },
  'see that the channel is closed': (world, workerId) =>
    world.tell('child', workerId, { type: 'channel.closed' }),
  read,
  'report its memory': (world, workerId) => {
    spendFault(world, 'wear');
    writeUp(world, workerId, { type: 'memory' });
  },
  'flush an announcement': flushAnnouncement,
  'look at the channel': (world, workerId) => {
    noteProcess(world, workerId, { isLooking: false });
    world.tell('child', workerId, { type: 'look.finished' });
  },
  return: (world, workerId, taskId) => endRun(world, workerId, taskId, 'returned'),
  'submit a task': (world, workerId, taskId) => submitNested(world, workerId, taskId, false),
  'submit a task and wait': (world, workerId, taskId) => submitNested(world, workerId, taskId, true),
  throw: (world, workerId, taskId) => endRun(world, workerId, taskId, 'threw'),
  'throw by mistake': (world, workerId, taskId) => {
    spendFault(world, 'taskThrows');
    endRun(world, workerId, taskId, 'threw');
  },
};

/** What the moves of a child and its pipe are called. */
export const processMoveNames: readonly string[] = [...Object.keys(acts), ...Object.keys(faultActs)];

/** The child takes the next message. */
function read(world: World, workerId: WorkerId): void {
  const [message, ...down] = processOf(world, workerId).down;
  if (message === undefined) return;
  noteProcess(world, workerId, { down });
  // No business of its machine.
  if (message.type === 'ping') {
    writeUp(world, workerId, { type: 'pong' });
    return;
  }
  if (message.type === 'answer') {
    readAnswer(world, workerId, message.nestedId);
    return;
  }
  if (message.type === 'run') accept(world, workerId, message.taskId, message.attempt);
  if (message.type === 'cancel' || message.type === 'recall') noteAsked(world, workerId, message);
  world.tell('child', workerId, eventOf(message, world.get<{ concurrency: number }>('settings').concurrency));
}

function eventOf(
  message: Exclude<Down, { type: 'ping' } | { type: 'answer' }>,
  concurrency: number,
): { type: string } {
  switch (message.type) {
    case 'init':
      return { type: 'init.received', concurrency } as { type: string };
    case 'stop':
      return { type: 'stop.received' };
    default:
      return { type: `${message.type}.received`, taskId: message.taskId } as { type: string };
  }
}

/** A task that has begun is aborted, if that is wanted; one that waits is dropped. */
function noteAsked(
  world: World,
  workerId: WorkerId,
  { type, taskId }: { readonly type: 'cancel' | 'recall'; readonly taskId: TaskId },
): void {
  const { started, waiting } = world.contextOf<ChildContext>('child', workerId);
  if (waiting.includes(taskId)) changeRun(world, workerId, taskId, { asked: 'drop' });
  else if (type === 'cancel' && started.includes(taskId))
    changeRun(world, workerId, taskId, { asked: 'abort' });
}

function accept(world: World, workerId: WorkerId, taskId: TaskId, attempt: number): void {
  const { runs } = processOf(world, workerId);
  if (runs.some((run) => run.taskId === taskId) && !isForged(world, taskId))
    world.violate(`child ${workerId} is handed task ${taskId} twice`);
  const run = {
    taskId,
    attempt,
    isRunning: false,
    isAborted: false,
    outcome: 'none',
    asked: 'nothing',
    asks: [],
    isWaiting: false,
  } as const;
  noteProcess(world, workerId, { runs: [...runs, run] });
}

/** The parent takes the next message: it is believed only for a task that this worker has, in its attempt. */
function deliver(world: World, workerId: WorkerId): void {
  const process = processOf(world, workerId);
  const [message, ...up] = process.up;
  if (message === undefined) return;
  noteProcess(world, workerId, { up, flushed: Math.max(0, process.flushed - 1) });
  if (!('taskId' in message)) {
    const events = {
      hello: 'child.greeted',
      ready: 'child.initialized',
      initializeFailed: 'child.initializeFailed',
      pong: 'child.answered',
    };
    if (message.type === 'memory')
      world.tell('worker', workerId, { type: 'memory.measured', rssBytes: 2 } as { type: string });
    else toWorker(world, workerId, events[message.type]);
    return;
  }
  const { type, taskId, attempt } = message;
  if (
    !isKnown(world, taskId) ||
    fateOf(world, taskId).workerId !== workerId ||
    fateOf(world, taskId).attempt !== attempt
  ) {
    if (!process.babbled)
      world.violate(`child ${workerId} reports ${type} of task ${taskId}, which it does not have`);
    noteProcess(world, workerId, { babbled: true, isReported: true });
    if (message.type === 'nested') loseMessages(world, [message]);
    toWorker(world, workerId, 'channel.corrupted');
    return;
  }
  if (message.type === 'nested') {
    const { nestedId } = message;
    noteFate(world, nestedId, { phase: 'open' });
    world.tell('task', taskId, { type: 'nested.submitted', nestedId } as { type: string });
    return;
  }
  const event =
    type === 'threw'
      ? { type: 'task.threw', taskId, retryable: fateOf(world, taskId).phase === 'open' }
      : { type: `task.${type}`, taskId };
  world.tell('worker', workerId, event);
}
