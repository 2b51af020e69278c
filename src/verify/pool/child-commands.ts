/** What the commands of a child's machine mean: what it writes, runs, and how it ends. */
import type { ChildContext } from '../../../machines/child/machine.ts';
import type { TaskId, WorkerId } from '../../../machines/ids.ts';
import type { World } from '../world.ts';
import {
  fails,
  fateOf,
  isForged,
  isKnown,
  loseMessages,
  noteFate,
  noteProcess,
  processOf,
} from './outside.ts';
import type { Process, Run, Up } from './records.ts';

export function performChild(world: World, workerId: WorkerId, type: string, params: unknown): void {
  const { taskId } = (params ?? {}) as { taskId: TaskId };
  switch (type) {
    case 'writeHello':
      writeUp(world, workerId, { type: 'hello' });
      break;
    case 'runInitialize':
      noteProcess(world, workerId, { isInitializing: true });
      break;
    case 'writeReady':
      writeUp(world, workerId, { type: 'ready' });
      break;
    case 'writeInitializeFailed':
      writeUp(world, workerId, { type: 'initializeFailed' });
      break;
    case 'announceStart':
      announceStart(world, workerId, taskId);
      break;
    case 'look':
      noteProcess(world, workerId, { isLooking: true });
      break;
    case 'runTask':
      runTask(world, workerId, taskId);
      break;
    case 'abortTask':
      changeRun(world, workerId, taskId, { isAborted: true });
      break;
    case 'writeWaits':
    case 'writeResumed':
      writeUp(world, workerId, {
        type: type === 'writeWaits' ? 'waits' : 'resumed',
        taskId,
        attempt: runOf(world, workerId, taskId)?.attempt ?? 0,
      });
      break;
    case 'writeOutcome':
      writeOutcome(world, workerId, taskId);
      break;
    case 'writeDropped':
      writeUp(world, workerId, {
        type: 'dropped',
        taskId,
        attempt: runOf(world, workerId, taskId)?.attempt ?? 0,
      });
      dropRun(world, workerId, taskId);
      break;
    case 'flushAndExit':
      noteProcess(world, workerId, { isLeaving: true });
      break;
    case 'exitNow':
      die(world, workerId);
      break;
    default:
      world.violate(`child ${workerId} asks for ${type}, which nobody performs`);
  }
}

/**
 * The process ends. What the kernel has taken of its output stays; of the rest any part may have gone out,
 * and a message that went out by half is as good as lost.
 */
export function die(world: World, workerId: WorkerId): void {
  const { up, flushed } = processOf(world, workerId);
  const left = flushed + world.choose(up.length - flushed + 1);
  loseMessages(world, up.slice(left));
  noteProcess(world, workerId, {
    life: 'dead',
    up: up.slice(0, left),
    flushed: 0,
    down: [],
    runs: [],
    flushing: [],
    isInitializing: false,
    isLooking: false,
    isLeaving: false,
    isHung: false,
    signal: 'none',
  });
  if (world.has('child', workerId)) world.remove('child', workerId);
}

export function writeUp(world: World, workerId: WorkerId, message: Up): void {
  const process = processOf(world, workerId);
  world.message(
    `child ${workerId}`,
    'parent',
    'taskId' in message ? `${message.type} ${message.taskId}` : message.type,
  );
  if (process.isBroken || process.isCorrupt) loseMessages(world, [message]);
  else noteProcess(world, workerId, { up: [...process.up, message] });
}

/** The kernel has taken everything up to and with the announcement. */
export function flushAnnouncement(world: World, workerId: WorkerId, taskId: TaskId): void {
  const { up, flushed, flushing, isBroken } = processOf(world, workerId);
  // It can reach nobody: the child will see that its channel is closed, and must not begin.
  if (isBroken) return;
  const at = up.findLastIndex((message) => message.type === 'started' && message.taskId === taskId);
  noteProcess(world, workerId, {
    flushed: Math.max(flushed, at + 1),
    flushing: flushing.filter((waiting) => waiting !== taskId),
  });
  world.tell('child', workerId, { type: 'start.flushed', taskId } as { type: string });
}

/** A function comes to its end. */
export function endRun(
  world: World,
  workerId: WorkerId,
  taskId: TaskId,
  outcome: 'returned' | 'threw',
): void {
  const run = runOf(world, workerId, taskId);
  if (run === undefined) return;
  changeRun(world, workerId, taskId, { outcome });
  if (isKnown(world, taskId) && fateOf(world, taskId).attempt === run.attempt)
    noteFate(world, taskId, { truth: outcome });
  world.tell('child', workerId, { type: 'task.ended', taskId } as { type: string });
}

function announceStart(world: World, workerId: WorkerId, taskId: TaskId): void {
  const run = runOf(world, workerId, taskId);
  if (run === undefined) {
    world.violate(`child ${workerId} starts task ${taskId}, which it does not have`);
    return;
  }
  const { started, parked, concurrency } = world.contextOf<ChildContext>('child', workerId);
  const busy = processOf(world, workerId).runs.filter((each) => each.isRunning && !each.isWaiting);
  if (started.length - parked.length > concurrency || busy.length >= concurrency)
    world.violate(`child ${workerId} starts task ${taskId}, and runs as many as it may already`);
  writeUp(world, workerId, { type: 'started', taskId, attempt: run.attempt });
  // Most often the kernel takes it at once.
  const { flushing } = processOf(world, workerId);
  noteProcess(world, workerId, { flushing: [...flushing, taskId] });
  if (!fails(world, 'slowFlush')) flushAnnouncement(world, workerId, taskId);
}

function runTask(world: World, workerId: WorkerId, taskId: TaskId): void {
  const run = runOf(world, workerId, taskId);
  if (run === undefined) return;
  if (run.isRunning) world.violate(`task ${taskId} begins twice in child ${workerId}`);
  changeRun(world, workerId, taskId, { isRunning: true });
  const { tasksMax } = world.get<{ tasksMax: number | null }>('settings');
  if (tasksMax !== null) {
    const begun = processOf(world, workerId).begun + 1;
    noteProcess(world, workerId, { begun });
    if (begun > tasksMax) world.violate(`child ${workerId} runs ${begun} tasks, and may run ${tasksMax}`);
  }
  if (!isKnown(world, taskId)) return;
  const { begun } = fateOf(world, taskId);
  if (begun >= run.attempt && !isForged(world, taskId))
    world.violate(`task ${taskId} begins again in its attempt ${run.attempt}`);
  const { up, flushed } = processOf(world, workerId);
  if (up.some((message, at) => at >= flushed && message.type === 'started' && message.taskId === taskId))
    world.violate(`task ${taskId} begins before its announcement has left the child`);
  noteFate(world, taskId, { begun: run.attempt });
}

function writeOutcome(world: World, workerId: WorkerId, taskId: TaskId): void {
  const run = runOf(world, workerId, taskId);
  if (run === undefined || run.outcome === 'none') return;
  dropRun(world, workerId, taskId);
  writeUp(world, workerId, { type: run.outcome, taskId, attempt: run.attempt });
}

const runOf = (world: World, workerId: WorkerId, taskId: TaskId): Run | undefined =>
  processOf(world, workerId).runs.find((run) => run.taskId === taskId);

/** Writes down something about a task in a child. */
export function changeRun(world: World, workerId: WorkerId, taskId: TaskId, change: Partial<Run>): void {
  const { runs: before } = processOf(world, workerId);
  const at = before.findIndex((run) => run.taskId === taskId);
  const run = before[at];
  if (run === undefined) return;
  const runs = before.with(at, { ...run, ...change });
  noteProcess(world, workerId, { runs } satisfies Partial<Process>);
}

function dropRun(world: World, workerId: WorkerId, taskId: TaskId): void {
  const runs = processOf(world, workerId).runs.filter((run) => run.taskId !== taskId);
  noteProcess(world, workerId, { runs } satisfies Partial<Process>);
}
