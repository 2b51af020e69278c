/** Whether what a caller gets is what the machines say they gave it. */
import {
  NotSerializableError,
  PoolBrokenError,
  PoolClosedError,
  QueueFullError,
  TaskCancelledError,
  TaskTimeoutError,
  WorkerLostError,
} from '../../src/errors.ts';

const classes: Readonly<Record<string, readonly (abstract new (...args: never[]) => Error)[]>> = {
  cancelled: [TaskCancelledError],
  timedOut: [TaskTimeoutError],
  queueTimedOut: [TaskTimeoutError],
  deadlineMissed: [TaskTimeoutError],
  lost: [WorkerLostError],
  closed: [PoolClosedError],
  broken: [PoolBrokenError],
  'refused: full': [QueueFullError],
  'refused: closing': [PoolClosedError],
  'refused: closed': [PoolClosedError],
  'refused: broken': [PoolBrokenError],
};

/** The outcome, or what is wrong with it. `value` is what the caller's promise settled with. */
export function outcomeOf(outcome: string | undefined, how: 'resolved' | 'rejected', value: unknown): string {
  if (outcome === undefined) return `${how} though no machine said so`;
  return isFitting(outcome, how, value) ? outcome : `${outcome}, but ${how} with ${String(value)}`;
}

function isFitting(outcome: string, how: 'resolved' | 'rejected', value: unknown): boolean {
  if (outcome === 'fulfilled') return how === 'resolved' && value === 'done';
  if (how === 'resolved') return false;
  if (outcome !== 'rejected') return (classes[outcome] ?? []).some((each) => value instanceof each);
  return value instanceof NotSerializableError || String(value).includes('It threw');
}
