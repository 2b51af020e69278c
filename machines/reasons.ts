/**
 * Why things end, as data. `src/errors.ts` and `src/parent/failures.ts` are where a reason becomes an Error.
 */

/** How a task ended for its caller. */
export type TaskOutcome =
  | 'fulfilled'
  | 'rejected'
  | 'cancelled'
  | 'timedOut'
  | 'queueTimedOut'
  | 'deadlineMissed'
  | 'lost'
  | 'closed'
  | 'broken';

/** Why a worker left; `none` while it has not. The first reason wins. */
export type WorkerEnd =
  | 'none'
  /** the process ended, or its channel closed, by itself */
  | 'died'
  /** asked to stop, and did */
  | 'stopped'
  /** it was worn, and left between tasks: another takes its place */
  | 'recycled'
  /** killed because a task did not end after its cancellation, or because the pool was terminated */
  | 'killed'
  | 'spawnFailed'
  | 'startTimedOut'
  | 'initializeFailed'
  /** it sent something that is not in the protocol */
  | 'protocolBroken'
  /** the operating system had stopped it (SIGSTOP) for too long */
  | 'frozen'
  /** its main loop did not answer for too long, and such workers are to be killed */
  | 'unresponsive';

/** Why a pool gives up the tasks it still holds. */
export type AbandonReason = 'closed' | 'broken';
