/** What a pool tells those who watch it: the names and payloads of its events. */
import type { TaskOutcome, WorkerEnd } from '../../machines/reasons.ts';

export type PoolState = 'running' | 'draining' | 'closed' | 'broken';

export interface TaskStartedEvent {
  readonly taskId: string;
  readonly name: string;
  readonly attempt: number;
  readonly workerId: number;
}

export interface TaskRetriedEvent {
  readonly taskId: string;
  readonly name: string;
  /** The attempt that failed. */
  readonly attempt: number;
  readonly error: unknown;
}

export interface TaskSettledEvent {
  readonly taskId: string;
  readonly name: string;
  readonly attempt: number;
  readonly outcome: TaskOutcome;
}

export interface WorkerStartedEvent {
  readonly workerId: number;
  readonly pid: number | undefined;
}

export interface WorkerExitedEvent extends WorkerStartedEvent {
  readonly end: WorkerEnd;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The tasks that were running in it. */
  readonly lostTasks: readonly string[];
}

export interface WorkerUnresponsiveEvent extends WorkerStartedEvent {
  /** How long ago it was asked whether its main loop turns; it has been blocked for at least that. */
  readonly silentMs: number;
  /** The system had stopped the process (SIGSTOP): no task blocks it. Known on Linux. */
  readonly isStopped: boolean;
  /** The tasks that run in it: one of them blocks it. */
  readonly tasks: readonly string[];
}

export interface WorkerResponsiveEvent extends WorkerStartedEvent {
  /** How long its answer took. */
  readonly silentMs: number;
}

export interface WorkerOutputEvent extends WorkerStartedEvent {
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
  /** The task that wrote it, if that is known: see the guide on observing workers. */
  readonly taskId: string | undefined;
}

/** Every event of a pool. Listeners are called in the parent, after the fact. */
export interface PoolEvents {
  stateChanged: { readonly state: PoolState };
  taskStarted: TaskStartedEvent;
  taskRetried: TaskRetriedEvent;
  taskSettled: TaskSettledEvent;
  workerStarted: WorkerStartedEvent;
  /** It has said hello and run `initialize`. */
  workerReady: WorkerStartedEvent;
  /** It died, was killed, or could not start. */
  workerLost: WorkerExitedEvent;
  /** It left, for whatever reason; after `workerLost` if it was lost. */
  workerExited: WorkerExitedEvent;
  /** Its main loop did not answer for `unresponsiveAfterMs`. Before it is killed, if it is. */
  workerUnresponsive: WorkerUnresponsiveEvent;
  /** It answers again. */
  workerResponsive: WorkerResponsiveEvent;
  /** With `stdio: 'capture'`. All that a task wrote comes before its `taskSettled`. */
  workerOutput: WorkerOutputEvent;
}

type Listener<Payload> = (payload: Payload) => void;

/** A typed emitter. Nothing is built for an event that nobody listens to. */
export class Observers {
  readonly #listeners = new Map<keyof PoolEvents, Set<Listener<never>>>();

  /** Adds a listener and returns what removes it. */
  on<Name extends keyof PoolEvents>(name: Name, listener: Listener<PoolEvents[Name]>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /**
   * A listener that throws does not harm the pool: its error surfaces as an uncaught exception of its own.
   */
  emit<Name extends keyof PoolEvents>(name: Name, payload: () => PoolEvents[Name]): void {
    const listeners = this.#listeners.get(name);
    if (listeners === undefined || listeners.size === 0) return;
    const value = payload();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- kept under its event's name
    for (const listener of listeners as Set<Listener<PoolEvents[Name]>>) callSafely(() => listener(value));
  }
}

/**
 * Runs a user's callback; what it throws is rethrown outside our turn, where nothing of ours can be cut
 * short.
 */
export function callSafely(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}
