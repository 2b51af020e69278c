/**
 * Every error troupe makes. A message says what happened, to which task or worker, the likely cause, and what
 * to do. Each class carries a stable `code` and a brand, so `instanceof` holds across two copies of the
 * package.
 */

const brand = Symbol.for('troupe.error');

export interface ErrorDetails {
  readonly cause?: unknown;
}

/** The base of every error troupe makes. `code` is stable across versions; the message is not. */
export class TroupeError extends Error {
  static readonly code: string = 'ERR_TROUPE';
  readonly code: string;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = new.target.code;
    Object.defineProperty(this, 'name', { value: new.target.name, configurable: true, writable: true });
    Object.defineProperty(this, brand, { value: brandsOf(new.target) });
  }

  /** True for an error of this class made by any copy of troupe in this process. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return false;
    const brands: unknown = Reflect.get(value, brand);
    return Array.isArray(brands) && brands.includes(this.code);
  }
}

function brandsOf(most: typeof TroupeError): readonly string[] {
  const codes: string[] = [];
  let current: unknown = most;
  while (typeof current === 'function' && 'code' in current && typeof current.code === 'string') {
    codes.push(current.code);
    current = Object.getPrototypeOf(current);
  }
  return codes;
}

/** An option has a wrong name or value. Nothing was started. */
export class InvalidOptionError extends TroupeError {
  static override readonly code = 'ERR_TROUPE_INVALID_OPTION';
  /** The option, as a path: `retries.times`. */
  readonly option: string;
  constructor(option: string, message: string) {
    super(message);
    this.option = option;
  }
}

/** A function, argument, result or error cannot travel to another process. Only that task is affected. */
export class NotSerializableError extends TroupeError {
  static override readonly code = 'ERR_TROUPE_NOT_SERIALIZABLE';
  /** Where the value is: `argument 0.user.socket`. */
  readonly path: string;
  constructor(path: string, message: string, details: ErrorDetails = {}) {
    super(message, details);
    this.path = path;
  }
}

/** The queue holds `maxQueue` waiting tasks. */
export class QueueFullError extends TroupeError {
  static override readonly code = 'ERR_TROUPE_QUEUE_FULL';
}

/** Pools inside workers inside workers, more than `maxDepth` deep. */
export class NestingError extends TroupeError {
  static override readonly code = 'ERR_TROUPE_NESTING';
}

/**
 * A task threw something that cannot be rebuilt as itself; `remoteName` and `remoteStack` tell what it was.
 */
export class RemoteError extends TroupeError {
  static override readonly code = 'ERR_TROUPE_REMOTE';
  readonly remoteName: string;
  readonly remoteStack: string;
  constructor(message: string, details: ErrorDetails & { remoteName: string; remoteStack: string }) {
    super(message, details);
    this.remoteName = details.remoteName;
    this.remoteStack = details.remoteStack;
  }
}

/** The task was cancelled by `cancel()` or its signal. `cause` is the reason given. */
export class TaskCancelledError extends TroupeError {
  static override readonly code = 'ERR_TROUPE_TASK_CANCELLED';
  readonly taskId: string;
  constructor(message: string, details: ErrorDetails & { taskId: string }) {
    super(message, details);
    this.name = 'AbortError';
    this.taskId = details.taskId;
  }
}

/** A time limit passed: `kind` says which. */
export class TaskTimeoutError extends TroupeError {
  static override readonly code = 'ERR_TROUPE_TASK_TIMEOUT';
  readonly taskId: string;
  /** `'wait'`: only whoever iterated `asCompleted()` stopped waiting; the tasks go on. */
  readonly kind: 'execution' | 'queue' | 'deadline' | 'wait';
  readonly limitMs: number;
  constructor(
    message: string,
    details: ErrorDetails & Pick<TaskTimeoutError, 'taskId' | 'kind' | 'limitMs'>,
  ) {
    super(message, details);
    this.taskId = details.taskId;
    this.kind = details.kind;
    this.limitMs = details.limitMs;
  }
}

/** The pool is closed or closing. */
export class PoolClosedError extends TroupeError {
  static override readonly code = 'ERR_TROUPE_POOL_CLOSED';
}

export type LikelyCause = 'out-of-memory' | 'killed' | 'exit' | 'native-crash' | 'unresponsive';

export interface WorkerLossDetails extends ErrorDetails {
  readonly workerId: number;
  readonly pid: number | undefined;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly likelyCause: LikelyCause;
  readonly stderrTail: string;
  readonly uptimeMs: number;
  readonly taskId: string;
  readonly attempt: number;
}

/**
 * The process that ran the task died, or was killed, before the task ended. The task may have had effects.
 */
export class WorkerLostError extends TroupeError {
  static override readonly code = 'ERR_TROUPE_WORKER_LOST';
  readonly workerId: number;
  readonly pid: number | undefined;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly likelyCause: LikelyCause;
  /** The last 8 KiB the process wrote to stderr. */
  readonly stderrTail: string;
  readonly uptimeMs: number;
  readonly taskId: string;
  readonly attempt: number;
  constructor(message: string, details: WorkerLossDetails) {
    super(message, details);
    this.workerId = details.workerId;
    this.pid = details.pid;
    this.exitCode = details.exitCode;
    this.signal = details.signal;
    this.likelyCause = details.likelyCause;
    Object.defineProperty(this, 'stderrTail', { value: details.stderrTail, enumerable: false });
    this.stderrTail = details.stderrTail;
    this.uptimeMs = details.uptimeMs;
    this.taskId = details.taskId;
    this.attempt = details.attempt;
  }
}

/** A worker could not start: its process, its hello, or `initialize` failed. */
export class WorkerStartError extends TroupeError {
  static override readonly code = 'ERR_TROUPE_WORKER_START';
}

/** Workers kept dying at start-up, so the pool gave up. `errors` holds every cause. */
export class PoolBrokenError extends TroupeError {
  static override readonly code = 'ERR_TROUPE_POOL_BROKEN';
  readonly errors: readonly Error[];
  constructor(message: string, details: ErrorDetails & { errors: readonly Error[] }) {
    super(message, details);
    this.errors = details.errors;
  }
}

/** The other end of a channel sent bytes that are not the protocol. Only that worker is affected. */
export class ProtocolError extends TroupeError {
  static override readonly code = 'ERR_TROUPE_PROTOCOL';
}

/** A rule troupe promises itself was broken: a bug in troupe. */
export class InvariantError extends TroupeError {
  static override readonly code = 'ERR_TROUPE_INVARIANT';
  constructor(message: string, details: ErrorDetails = {}) {
    super(`${message} This is a bug in troupe: please report it with this stack.`, details);
  }
}
