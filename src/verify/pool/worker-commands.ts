/** What the commands of a worker's machine mean, and which of them must not come. */
import type { TaskId, WorkerId } from '../../../machines/ids.ts';
import type { WorkerEnd } from '../../../machines/reasons.ts';
import type { WorkerContext } from '../../../machines/worker/machine.ts';
import type { World } from '../world.ts';
import { free, offer, park, resume, withdraw } from './dispatching.ts';
import { noteCutOff } from './nesting.ts';
import {
  fails,
  fateOf,
  isForged,
  isKnown,
  loseMessages,
  noteFate,
  noteOutside,
  noteProcess,
  outsideOf,
  processOf,
} from './outside.ts';
import { type Down, newProcess } from './records.ts';
import type { PoolScope } from './scope.ts';

interface Losses {
  readonly end: WorkerEnd;
  readonly running: readonly TaskId[];
  readonly handed: readonly TaskId[];
}

export function performWorker(
  world: World,
  scope: PoolScope,
  workerId: WorkerId,
  type: string,
  params: unknown,
): void {
  const { taskId, attempt, signal, end, served } = (params ?? {}) as {
    taskId: TaskId;
    attempt: number;
    signal: 'SIGTERM' | 'SIGKILL';
    end: WorkerEnd;
    served: boolean;
  };
  switch (type) {
    case 'spawnChild':
      return spawn(world, workerId);
    case 'writeInit':
      return write(world, workerId, { type: 'init' });
    case 'writeRun':
      return writeRun(world, scope, workerId, taskId, attempt);
    case 'writeCancel':
    case 'writeRecall':
      return askBack(world, workerId, type, taskId);
    case 'writePing':
      return write(world, workerId, { type: 'ping' });
    case 'reportUnresponsive':
      return reportUnresponsive(world, scope, workerId);
    case 'reportResponsive':
      return reportResponsive(world, workerId);
    case 'writeStop':
      return writeStop(world, workerId);
    case 'signalChild':
      return signalChild(world, scope, workerId, signal);
    case 'offerSlots':
      return offer(world, workerId, world.contextOf<WorkerContext>('worker', workerId).tasksLeft);
    case 'withdrawSlots':
      return withdraw(world, workerId);
    case 'freeSlot':
      return free(world, workerId, taskId);
    case 'parkSlot':
      return park(world, workerId, taskId);
    case 'retakeSlot':
      return resume(world, workerId, taskId);
    case 'reportProtocolError':
      return noteProcess(world, workerId, { isReported: true });
    case 'startTasks':
      return startTasks(world, (params as { taskIds: readonly TaskId[] }).taskIds);
    case 'readRest':
      return noteProcess(world, workerId, { isReadOut: true });
    case 'loseTasks':
      return loseTasks(world, params as Losses);
    case 'forgetWorker':
      return forgetWorker(world, scope, workerId, end, served);
    default:
      return world.violate(`worker ${workerId} asks for ${type}, which nobody performs`);
  }
}

function askBack(world: World, workerId: WorkerId, how: 'writeCancel' | 'writeRecall', taskId: TaskId): void {
  if (!isKnown(world, taskId)) return;
  if (how === 'writeCancel') noteFate(world, taskId, { cancelTold: true });
  write(world, workerId, { type: how === 'writeCancel' ? 'cancel' : 'recall', taskId });
}

function startTasks(world: World, taskIds: readonly TaskId[]): void {
  for (const taskId of taskIds) world.tell('task', taskId, { type: 'task.started' });
}

function spawn(world: World, workerId: WorkerId): void {
  if (world.has('process', workerId)) world.violate(`worker ${workerId} spawns a second child`);
  const hasFailed = fails(world, 'spawnFails');
  world.put('process', workerId, { ...newProcess, life: hasFailed ? 'failed' : 'up' });
  if (!hasFailed) world.create('child', workerId, undefined);
}

function write(world: World, workerId: WorkerId, message: Down): void {
  const process = processOf(world, workerId);
  world.message(
    'parent',
    `child ${workerId}`,
    'taskId' in message ? `${message.type} ${message.taskId}` : message.type,
  );
  if (process.life === 'failed' || process.exitTold || process.closeTold)
    world.violate(`${message.type} is written to worker ${workerId}, which is known to be dead`);
  if (process.life === 'up' && !process.isBroken && !process.isCorrupt)
    noteProcess(world, workerId, { down: [...process.down, message] });
}

function writeRun(world: World, scope: PoolScope, workerId: WorkerId, taskId: TaskId, attempt: number): void {
  if (!isKnown(world, taskId)) {
    world.violate(`task ${taskId} is handed over after it was over`);
    return;
  }
  if (attempt > scope.retries + 1) world.violate(`task ${taskId} is tried for the ${attempt}th time`);
  noteFate(world, taskId, { attempt, workerId, truth: 'none' });
  if (!fails(world, 'unsendable')) {
    write(world, workerId, { type: 'run', taskId, attempt });
    return;
  }
  noteFate(world, taskId, { begun: attempt, truth: 'unsendable' });
  world.tell('worker', workerId, { type: 'task.started', taskId } as { type: string });
  world.tell('worker', workerId, { type: 'task.threw', taskId, retryable: false } as { type: string });
}

function reportUnresponsive(world: World, { faults }: PoolScope, workerId: WorkerId): void {
  const { life, isHung, isFrozen, silenceTold } = processOf(world, workerId);
  if (silenceTold) world.violate(`worker ${workerId} is said to be silent twice, and did not answer between`);
  if (life === 'up' && !isHung && !isFrozen && faults.earlyTimer === 0)
    world.violate(`worker ${workerId} is said to be silent, and could have answered`);
  noteProcess(world, workerId, { silenceTold: true });
}

function reportResponsive(world: World, workerId: WorkerId): void {
  if (!processOf(world, workerId).silenceTold)
    world.violate(`worker ${workerId} is said to answer again, and nobody said that it did not`);
  noteProcess(world, workerId, { silenceTold: false });
}

function writeStop(world: World, workerId: WorkerId): void {
  if (
    processOf(world, workerId).runs.some(
      (run) => isKnown(world, run.taskId) && fateOf(world, run.taskId).phase === 'open',
    )
  )
    world.violate(`worker ${workerId} is asked to leave while it has an unsettled task`);
  write(world, workerId, { type: 'stop' });
}

/** Only who is asked to leave, or runs a task that does not end, is asked before it is killed. */
function isPastAsking(world: World, workerId: WorkerId): boolean {
  const { end, running } = world.contextOf<WorkerContext>('worker', workerId);
  if (end === 'killed') return running.length === 0;
  return ['protocolBroken', 'frozen', 'unresponsive', 'startTimedOut'].includes(end);
}

/** Who was asked to leave and can hear it leaves by itself, unless a timer was early. */
function isNeedless(world: World, { faults }: PoolScope, workerId: WorkerId): boolean {
  const { end, running } = world.contextOf<WorkerContext>('worker', workerId);
  const { isHung, isFrozen, life, isBroken, isCorrupt, babbled } = processOf(world, workerId);
  const { closing, announced } = outsideOf(world);
  const isForced = closing === 'terminate' || announced === 'broken' || isCorrupt || babbled;
  const isWell = life === 'up' && !isHung && !isFrozen && !isBroken && !isForced;
  const wasBooting =
    world.stateOf('child', workerId) === 'booting' ||
    !world.contextOf<WorkerContext>('worker', workerId).served;
  const isInTime = faults.earlyTimer === 0;
  if (end === 'killed') return isWell && isInTime && running.length === 0;
  if (end === 'stopped' || end === 'recycled') return isWell && isInTime && !wasBooting;
  return (end === 'startTimedOut' || end === 'initializeFailed') && isWell && isInTime;
}

function signalChild(
  world: World,
  scope: PoolScope,
  workerId: WorkerId,
  signal: 'SIGTERM' | 'SIGKILL',
): void {
  const process = processOf(world, workerId);
  world.note(`worker ${workerId} sends ${signal}`);
  // By then its number may belong to another process.
  if (process.exitTold) world.violate(`${signal} is sent to worker ${workerId}, whose process is gone`);
  if (signal === 'SIGTERM' && isPastAsking(world, workerId))
    world.violate(`SIGTERM is sent to worker ${workerId}, which SIGKILL should end`);
  if (isNeedless(world, scope, workerId))
    world.violate(`${signal} is sent to worker ${workerId}, which is well`);
  if (process.life !== 'up') return;
  if (fails(world, signal === 'SIGKILL' ? 'deafToKill' : 'deafToTerm')) return;
  if (process.signal !== 'SIGKILL') noteProcess(world, workerId, { signal });
}

function loseTasks(world: World, { running, handed }: Losses): void {
  for (const taskId of running) {
    if (!isKnown(world, taskId)) continue;
    const { phase } = fateOf(world, taskId);
    noteCutOff(world, taskId);
    world.tell('task', taskId, { type: 'worker.lost', retryable: phase === 'open' } as { type: string });
  }
  for (const taskId of handed.toReversed()) {
    const { begun, attempt } = isKnown(world, taskId) ? fateOf(world, taskId) : { begun: 0, attempt: 1 };
    if (begun === attempt && !isForged(world, taskId))
      world.violate(`task ${taskId} had begun, and is taken for one that had not`);
    world.tell('task', taskId, { type: 'worker.lost', retryable: false } as { type: string });
  }
}

function forgetWorker(
  world: World,
  scope: PoolScope,
  workerId: WorkerId,
  end: WorkerEnd,
  served: boolean,
): void {
  const process = processOf(world, workerId);
  world.note(`worker ${workerId} is gone: ${end}`);
  if (process.life === 'up') world.violate(`worker ${workerId} is forgotten while its child lives`);
  if (process.life === 'dead' && !process.exitTold)
    world.violate(`worker ${workerId} is forgotten before its child's exit was seen`);
  if (process.up.length > 0 && !process.isCorrupt)
    world.violate(`worker ${workerId} is forgotten with ${process.up.length} unread messages`);
  loseMessages(world, process.up);
  const objection = objectionTo(world, scope, workerId, end);
  if (objection !== null) world.violate(`worker ${workerId} is gone as "${end}", ${objection}`);
  if (!served && end !== 'stopped' && end !== 'killed') countFailure(world, scope);
  world.drop('process', workerId);
  if (world.has('child', workerId)) world.remove('child', workerId);
  world.remove('worker', workerId);
}

function objectionTo(world: World, scope: PoolScope, workerId: WorkerId, end: WorkerEnd): string | null {
  const process = processOf(world, workerId);
  switch (end) {
    case 'none':
      return 'which is no reason';
    case 'spawnFailed':
      return process.life === 'failed' ? null : 'but it was spawned';
    case 'protocolBroken':
      if (!process.babbled && !process.isCorrupt) return 'but it kept to the protocol';
      return process.isCorrupt || process.isReported ? null : 'and nobody was told why';
    case 'frozen':
      return process.isFrozen ? null : 'but nobody froze it';
    case 'unresponsive':
      if (scope.unresponsive !== 'kill') return 'but nobody wanted that';
      return process.silenceTold ? null : 'but nobody was told';
    default:
      return null;
  }
}

function countFailure(world: World, { restarts }: PoolScope): void {
  const failures = outsideOf(world).failures + 1;
  const failuresInRow = outsideOf(world).failuresInRow + 1;
  const isTooOften = failures > restarts || failuresInRow > restarts;
  const isOpen = world.stateOf('pool')?.startsWith('open') === true;
  const mustBreak = isTooOften && isOpen && world.ids('server').length === 0;
  noteOutside(world, { failures, failuresInRow, mustBreak });
}
