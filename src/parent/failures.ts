/** Turns reasons into errors: the only place where what happened to a task or a worker gets its words. */
import { inspect } from 'node:util';
import type { RefusalReason } from '../../machines/pool/machine.ts';
import {
  PoolBrokenError,
  PoolClosedError,
  QueueFullError,
  TaskCancelledError,
  TaskTimeoutError,
  WorkerLostError,
  WorkerStartError,
} from '../errors.ts';
import type { WorkerEnd } from '../../machines/reasons.ts';
import { describeExit, describeStartExit, likelyCause } from './likely-cause.ts';
import type { WorkerLink } from './worker-link.ts';
import type { Silence } from './worker-pulse.ts';

/** What every message about a task starts with. */
export interface TaskLabel {
  /** The pool's id and the task's number. */
  readonly taskId: string;
  readonly name: string;
  readonly attempt: number;
}

const quoted = (task: TaskLabel): string => `Task ${task.taskId} (${task.name})`;

/** How a worker ended, gathered once for all the tasks it takes with it. */
export interface WorkerLoss {
  readonly end: WorkerEnd;
  readonly link: WorkerLink;
  readonly uptimeMs: number;
}

/** The line that names an error, as Node and V8 print it, comes before a trace that may be long. */
const errorLine = /^(?:Uncaught )?(?:[\w$.]*Error(?: \[\w+\])?: |FATAL ERROR: |# Fatal )/u;

function lastLines(text: string, count: number): string {
  const all = text.trimEnd().split('\n');
  const named = all.findLastIndex((line) => errorLine.test(line));
  const isCut = named !== -1 && named < all.length - count;
  const lines = isCut ? [String(all[named]), '…', ...all.slice(2 - count)] : all.slice(-count);
  return lines.map((line) => `  | ${line}`).join('\n');
}

function withStderr(message: string, stderrTail: string): string {
  if (stderrTail.trim() === '') return message;
  return `${message}\nThe end of its stderr:\n${lastLines(stderrTail, 6)}`;
}

function exitFacts({ end, link }: WorkerLoss): Parameters<typeof likelyCause>[0] {
  return {
    exitCode: link.exitCode,
    signal: link.exitSignal,
    stderrTail: link.stderrTail,
    oomKillMoved: link.oomKillMoved,
    frozen: end === 'frozen' || end === 'unresponsive',
  };
}

/** The process that ran a task is gone. */
export function workerLost(task: TaskLabel, loss: WorkerLoss): WorkerLostError {
  const { link, uptimeMs } = loss;
  const facts = exitFacts(loss);
  const who = `worker ${link.workerId} (pid ${link.pid ?? 'none'}, up ${(uptimeMs / 1000).toFixed(1)} s)`;
  const why = lossReason(loss);
  const message =
    `${quoted(task)} was running in ${who} when that process ended, in attempt ${task.attempt}. ${why} ` +
    'The task may have had effects; it is not run again unless you set `retries`.';
  return new WorkerLostError(withStderr(message, link.stderrTail), {
    workerId: link.workerId,
    pid: link.pid,
    exitCode: link.exitCode,
    signal: link.exitSignal,
    likelyCause: likelyCause(facts),
    stderrTail: link.stderrTail,
    uptimeMs,
    taskId: task.taskId,
    attempt: task.attempt,
    ...causeOf(link),
  });
}

function lossReason(loss: WorkerLoss): string {
  const { end, link } = loss;
  if (end === 'killed') {
    return (
      'The process was killed by this pool: another task in it did not end in time after it was ' +
      'cancelled or timed out, or the pool was terminated.'
    );
  }
  if (end === 'unresponsive' && link.pulse.silence?.isStopped === false)
    return silenceReason(link.pulse.silence);
  if (end === 'protocolBroken')
    return link.protocolError?.message ?? 'It sent bytes that are not the protocol.';
  if (link.reportedError === undefined) return describeExit(exitFacts(loss));
  return (
    `An error that nobody caught ended the process: ${describe(link.reportedError)} (the cause of this ` +
    'error). It was thrown outside the task itself, from a timer, an event or a promise without a handler: ' +
    'handle it there.'
  );
}

function silenceReason({ silentMs, limitMs, tasks }: Silence): string {
  const which =
    tasks.length > 1
      ? `One of the tasks it ran (${tasks.join(', ')}) blocked it`
      : 'The task blocked it: it computed, or waited synchronously,';
  const limit = `unresponsiveAfterMs is ${limitMs} ms, and \`unresponsive\` is 'kill'`;
  return (
    `The process was killed by this pool because its main loop had not answered for ` +
    `${(silentMs / 1000).toFixed(1)} s (${limit}). ${which} all that time. ` +
    'If that is legitimate, raise the limit and bound the task with `timeoutMs`; if not, look for an ' +
    'endless loop, or let other things happen in between (`await`).'
  );
}

function causeOf(link: WorkerLink): { cause?: unknown } {
  const cause = link.protocolError ?? link.reportedError ?? link.spawnError;
  return cause === undefined || cause === null ? {} : { cause };
}

/** A worker never got to serve. */
export function workerStart(loss: WorkerLoss, startTimeoutMs: number): WorkerStartError {
  const { end, link } = loss;
  const who = `Worker ${link.workerId}${link.pid === undefined ? '' : ` (pid ${link.pid})`} could not start`;
  return new WorkerStartError(
    withStderr(`${who}: ${startReason(loss, startTimeoutMs)}`, stderrOf(end, link)),
    causeOf(link),
  );
}

const stderrOf = (end: WorkerEnd, link: WorkerLink): string =>
  end === 'initializeFailed' ? '' : link.stderrTail;

function startReason(loss: WorkerLoss, startTimeoutMs: number): string {
  const { end, link } = loss;
  switch (end) {
    case 'spawnFailed':
      return (
        `the system refused to make a process (${link.spawnError?.message ?? 'no reason given'}). ` +
        'Check `cwd`, the limits on processes and open files (ulimit -u, ulimit -n), and memory.'
      );
    case 'startTimedOut':
      return (
        `it was not ready within startTimeoutMs (${startTimeoutMs} ms). ` +
        'Make `initialize` and what it imports faster, or raise the limit.'
      );
    case 'initializeFailed':
      return `\`initialize\` failed: ${describe(link.reportedError)}. Its error is the cause of this one.`;
    case 'protocolBroken':
      return link.protocolError?.message ?? 'it sent bytes that are not the protocol.';
    default:
      if (link.reportedError !== undefined) {
        return (
          `an error that nobody caught ended it: ${describe(link.reportedError)} (the cause of this one). ` +
          'It came from `initialize` or a module it imports, outside what they return: handle it there.'
        );
      }
      return describeStartExit(exitFacts(loss));
  }
}

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : reasonText(error);

/** Workers kept failing to start. A new object each time: a rejection is never shared. */
export function poolBroken(poolName: string, errors: readonly Error[], what: string): PoolBrokenError {
  const last = errors.at(-1);
  return new PoolBrokenError(
    `${what}: pool "${poolName}" is broken, because its workers cannot start (${errors.length} failures; ` +
      `see \`errors\`). The last one: ${last?.message ?? 'unknown'}\n` +
      'Mend the cause and make a new pool; this one only closes.',
    { errors: [...errors], cause: last },
  );
}

/** The pool did not admit a task. */
export function refused(
  why: RefusalReason,
  task: TaskLabel,
  pool: {
    readonly name: string;
    readonly maxQueue: number;
    readonly maxQueueBytes: number;
    readonly heldBytes: number;
    /** Of the task itself. */
    readonly bytes: number;
    readonly startErrors: readonly Error[];
  },
): Error {
  switch (why) {
    case 'full':
      return new QueueFullError(
        `${quoted(task)} was not accepted: ${pool.maxQueue} tasks wait in pool "${pool.name}" already ` +
          '(maxQueue). Wait with `await pool.ready()` before submitting, use pool.map(), or raise maxQueue.',
      );
    case 'heavy':
      return new QueueFullError(
        `${quoted(task)} was not accepted: its arguments are ${pool.bytes} bytes, and those of the tasks ` +
          `in pool "${pool.name}" that have not settled are ${pool.heldBytes} bytes already, ` +
          `of ${pool.maxQueueBytes} (maxQueueBytes). ` +
          'Wait with `await pool.ready(bytes)` before submitting, use pool.map(), or raise maxQueueBytes.',
      );
    case 'broken':
      return poolBroken(pool.name, pool.startErrors, `${quoted(task)} was not accepted`);
    case 'closing':
    case 'closed':
      return new PoolClosedError(
        `${quoted(task)} was not accepted: pool "${pool.name}" is ${why}. ` +
          'Submit before close(), or make a new pool.',
      );
  }
}

/** The workers somebody waits for will not be there. */
export function notWarm(
  why: RefusalReason,
  count: number,
  poolName: string,
  startErrors: readonly Error[],
): Error {
  const what = `pool.warm(${count}) cannot be fulfilled`;
  if (why === 'broken') return poolBroken(poolName, startErrors, what);
  return new PoolClosedError(
    `${what}: pool "${poolName}" is ${why}, and starts workers for nobody. Warm it before close().`,
  );
}

/** The pool closed before the task ended. */
export function poolClosed(task: TaskLabel, poolName: string, wasRunning: boolean): PoolClosedError {
  return new PoolClosedError(
    wasRunning
      ? `${quoted(task)} was still running when pool "${poolName}" was terminated, and was killed with its ` +
          'worker. Use close() without a limit to let running tasks end.'
      : `${quoted(task)} had not started when pool "${poolName}" closed, and will not run. ` +
          'Use close({ drain: true }) to let waiting tasks run first.',
  );
}

/** The words of a reason that may be anything. */
export function reasonText(reason: unknown): string {
  if (reason === undefined) return '';
  if (reason instanceof Error) return reason.message;
  return typeof reason === 'string' ? reason : inspect(reason, { depth: 1 });
}

/** `cancel()` was called or the signal aborted. */
export function cancelled(task: TaskLabel, reason: unknown, wasRunning: boolean): TaskCancelledError {
  const why = reasonText(reason);
  const when = wasRunning ? `while it ran, in attempt ${task.attempt}` : 'before it started';
  return new TaskCancelledError(`${quoted(task)} was cancelled ${when}${why === '' ? '.' : `: ${why}`}`, {
    taskId: task.taskId,
    cause: reason,
  });
}

/** One of the three time limits passed. */
export function timedOut(
  task: TaskLabel,
  kind: 'execution' | 'queue' | 'deadline',
  limitMs: number,
): TaskTimeoutError {
  const messages = {
    execution:
      `ran longer than timeoutMs (${limitMs} ms), in attempt ${task.attempt}. Its signal was aborted; if ` +
      'it does not end within killGraceMs its worker is killed. Raise the limit, or give it less to do.',
    queue:
      `waited longer than queueTimeoutMs (${limitMs} ms) without starting. ` +
      'The workers are busy: raise maxWorkers, submit less at a time, or raise the limit.',
    deadline: `did not end before its deadline (${limitMs} ms after it was submitted).`,
  } as const;
  return new TaskTimeoutError(`${quoted(task)} ${messages[kind]}`, { taskId: task.taskId, kind, limitMs });
}
