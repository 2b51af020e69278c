/** The options bound to a pool or submitter, as they go along when a function that captures it is sent. */
import type { NestedOptions, WireNumber } from '../../machines/protocol.ts';
import { resolveTaskOptions, taskDefaults, type TaskOptions } from './task-options.ts';

export interface BoundOptions {
  readonly options: NestedOptions;
  /** Those that only mean something in the process they were bound in. */
  readonly unsent: readonly string[];
}

/** Options that were checked already. */
export function boundOptions(given: TaskOptions): BoundOptions {
  const { retries, ...settings } = resolveTaskOptions(given, taskDefaults);
  const on = typeof retries.on === 'function' ? undefined : (retries.on ?? null);
  const unsent = [
    ...(settings.signal === undefined ? [] : ['signal']),
    ...(settings.onProgress === undefined ? [] : ['onProgress']),
    ...(on === undefined ? ['retries.on'] : []),
  ];
  const options: NestedOptions = {
    ...(given.timeoutMs === undefined ? {} : { timeoutMs: wireNumber(settings.timeoutMs) }),
    ...(given.queueTimeoutMs === undefined ? {} : { queueTimeoutMs: wireNumber(settings.queueTimeoutMs) }),
    ...(given.deadline === undefined ? {} : { deadline: wireNumber(settings.deadline) }),
    ...(given.priority === undefined ? {} : { priority: wireNumber(settings.priority) }),
    ...(given.retries === undefined || on === undefined ? {} : { retries: { ...retries, on } }),
    ...(given.key === undefined ? {} : { key: given.key }),
    ...(given.name === undefined ? {} : { name: given.name }),
  };
  return { options, unsent };
}

function wireNumber(value: number): WireNumber {
  if (Number.isFinite(value)) return value;
  return value > 0 ? 'Infinity' : '-Infinity';
}
