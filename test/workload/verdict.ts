/** Says whether a call may have ended as it did, after all that was done to it and to its pool. */
import { behaviors, isOwnResult } from './behaviors.ts';
import type { Call, CallOptions } from './call.ts';

/** What was asked of the pool so far, and what surrounds it. */
export interface Surroundings {
  /** `close` or `terminate` was called. */
  isClosing: boolean;
  /** Tasks may have been given up: no drain, a time limit, or `terminate`. */
  isAbandoning: boolean;
  /** Somebody may kill any worker at any moment, or a task may take its neighbors along. */
  readonly mayLoseAny: boolean;
  /** Workers may fail to start. */
  readonly mayBreak: boolean;
  readonly mayBeFull: boolean;
  /** Tasks submit others, which no limit of the queue keeps out. */
  readonly hasNested: boolean;
  /** A worker may be ended because it is silent or stopped. */
  readonly mayBeSilent: boolean;
  /** Whoever is silent is ended for it. */
  readonly killsSilent: boolean;
  /** Who computes for so long is surely noticed. */
  readonly noticesAfterMs: number;
}

/** One call that was made, and what its caller did since. */
export interface CallRecord {
  /** `null` for a chunk of `map` and a stream, whose values are checked one by one. */
  readonly call: Call | null;
  readonly token: number;
  readonly options: CallOptions;
  /** The pool was closing before the call was made. */
  readonly isLate: boolean;
  readonly submittedAtMs: number;
  isCancelled: boolean;
  settlements: number;
  taskId: string | null;
  /** The attempt in which its worker was said to be silent, or 0. */
  silentIn: number;
  attempt: () => number;
}

/** The wall clock and that of timers may differ by as much. */
const timerSlackMs = 5;

/** What is wrong with a value a call was fulfilled with. */
export function problemOfValue(
  record: CallRecord,
  value: unknown,
  { noticesAfterMs, killsSilent }: Pick<Surroundings, 'noticesAfterMs' | 'killsSilent'>,
): string | null {
  const { call, isLate, options } = record;
  if (isLate) return 'was fulfilled although its pool was closing when it was submitted';
  if (options.signal === 'aborted') return 'was fulfilled although its signal had aborted before';
  const isHeard = call?.fn !== 'blocks' || call.size < noticesAfterMs;
  if (!isHeard && killsSilent) return `blocked its worker for ${call.size} ms and was fulfilled`;
  if (!isHeard && record.silentIn !== record.attempt())
    return `blocked its worker for ${call.size} ms, which nobody noticed`;
  if (call === null || isOwnResult(call, value)) return null;
  return `was fulfilled with what is not its result: ${describe(value)}`;
}

/** What is wrong with an error a call was rejected with. */
export function problemOfError(
  record: CallRecord,
  error: unknown,
  surroundings: Surroundings,
  nowMs: number,
): string | null {
  const code = codeOf(error);
  const reason =
    ofIdentity(record, error, code) ??
    (code === undefined
      ? ofOwnError(record, error, surroundings)
      : ofCode(record, code, error, surroundings, nowMs));
  return reason === null ? null : `${reason}: ${describe(error)}`;
}

/** A rejection names the task it belongs to. */
function ofIdentity({ taskId }: CallRecord, error: unknown, code: string | undefined): string | null {
  const named = fieldOf(error, 'taskId');
  if (code === undefined || named === undefined || taskId === null || named === taskId) return null;
  return `was rejected with the error of another task than its own, ${taskId}`;
}

function ofOwnError(record: CallRecord, error: unknown, surroundings: Surroundings): string | null {
  const { call, token, isLate } = record;
  const isBelow = call !== null && behaviors[call.fn].dependsOnOthers === true;
  const isOwn = call === null || isBelow ? 'own' : behaviors[call.fn].fails;
  if (isOwn !== 'own' || fieldOf(error, 'token') !== token) return 'was rejected with an error not its own';
  if (isLate) return 'ran although its pool was closing when it was submitted';
  if (call === null) return null;
  if (isBelow) return ofBelow(record, fieldOf(error, 'below'), surroundings) ?? ofAttempts(record, 'error');
  if (call.fn === 'throwsUntil' && record.attempt() >= call.size)
    return `threw in attempt ${record.attempt()}, which should have been fulfilled`;
  return ofAttempts(record, 'error');
}

/** Why a task failed that another one submitted. */
function ofBelow(
  { isCancelled }: CallRecord,
  code: unknown,
  { mayLoseAny, mayBreak, isAbandoning }: Surroundings,
): string | null {
  const causes: Readonly<Record<string, boolean>> = {
    ERR_TROUPE_WORKER_LOST: mayLoseAny,
    ERR_TROUPE_TASK_CANCELLED: isCancelled,
    ERR_TROUPE_POOL_CLOSED: isAbandoning,
    ERR_TROUPE_POOL_BROKEN: mayBreak,
  };
  return causes[String(code)] === true ? null : `failed for ${String(code)} below it, without a cause`;
}

/** Who asks for retries gets them all before the failure. */
function ofAttempts(record: CallRecord, failure: 'crash' | 'error'): string | null {
  const { retries } = record.options;
  const isRetried = record.call !== null && retries !== undefined && (retries.on ?? failure) === failure;
  if (!isRetried || record.attempt() === retries.times + 1) return null;
  return `failed in attempt ${record.attempt()} with retries left`;
}

function ofCode(
  record: CallRecord,
  code: string,
  error: unknown,
  surroundings: Surroundings,
  nowMs: number,
): string | null {
  const { call, options, isLate } = record;
  const behavior = call === null ? undefined : behaviors[call.fn];
  const isRefused = behavior?.isRefused === true;
  if (isRefused && code !== behavior?.fails) return 'was not refused for its argument';
  const isLateError = code === 'ERR_TROUPE_POOL_CLOSED' || code === 'ERR_TROUPE_POOL_BROKEN';
  const isEarly = isRefused || record.isCancelled || options.signal === 'aborted';
  if (isLate && !isLateError && !isEarly)
    return 'was not refused although its pool was closing when it was submitted';
  switch (code) {
    case 'ERR_TROUPE_NOT_SERIALIZABLE':
      return behavior?.fails === code ? null : 'can be sent, but was rejected because it could not';
    case 'ERR_TROUPE_QUEUE_FULL':
      return surroundings.mayBeFull ? null : 'was refused for a full queue, which has no limit';
    case 'ERR_TROUPE_TASK_CANCELLED':
      return record.isCancelled ? null : 'was cancelled by nobody';
    case 'ERR_TROUPE_TASK_TIMEOUT':
      return ofTimeout(record, error, nowMs);
    case 'ERR_TROUPE_POOL_CLOSED':
      return isLate || surroundings.isAbandoning || (call === null && surroundings.isClosing)
        ? null
        : 'was given up by a pool that nobody closed so';
    case 'ERR_TROUPE_POOL_BROKEN':
      return surroundings.mayBreak ? null : 'was given up by a pool that broke without a cause';
    case 'ERR_TROUPE_WORKER_LOST':
      return ofLoss(record, error, surroundings);
    default:
      return 'was rejected with an error nobody has an explanation for';
  }
}

function ofLoss(record: CallRecord, error: unknown, surroundings: Surroundings): string | null {
  const { call, silentIn } = record;
  const dies = call !== null && behaviors[call.fn].dies === true;
  if (!dies && !surroundings.mayLoseAny) return 'lost a worker that nothing ended';
  const isForSilence = fieldOf(error, 'likelyCause') === 'unresponsive';
  if (isForSilence && !surroundings.mayBeSilent) return 'lost a worker for a silence nobody listened to';
  if (!isForSilence && surroundings.killsSilent && silentIn === record.attempt())
    return 'does not say that its worker was ended for its silence';
  return ofAttempts(record, 'crash');
}

function ofTimeout({ options, submittedAtMs }: CallRecord, error: unknown, nowMs: number): string | null {
  const limitMs = fieldOf(error, 'kind') === 'execution' ? options.timeoutMs : options.queueTimeoutMs;
  if (limitMs === undefined || fieldOf(error, 'limitMs') !== limitMs) return 'had no such time limit';
  const waitedMs = nowMs - submittedAtMs;
  return waitedMs + timerSlackMs < limitMs ? `timed out after ${waitedMs.toFixed(1)} ms already` : null;
}

const fieldOf = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;

/** The code of an error of ours. */
export function codeOf(error: unknown): string | undefined {
  const code = fieldOf(error, 'code');
  return typeof code === 'string' && code.startsWith('ERR_TROUPE') ? code : undefined;
}

/** The first words of a value, for a person. */
export function describe(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message.split('\n', 1).join('').slice(0, 300)}`;
  return (JSON.stringify(value) ?? String(value)).slice(0, 200);
}
