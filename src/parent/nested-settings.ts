/** What a task that a running task submits is to be done with: the options bound there, else the pool's. */
import type { NestedOptions, WireNumber } from '../../machines/protocol.ts';
import type { TaskSettings } from './ledger.ts';

const noLimits: TaskSettings = {
  timeoutMs: Infinity,
  queueTimeoutMs: Infinity,
  deadline: Infinity,
  retries: { times: 0, on: undefined, backoffMs: 0 },
  priority: 0,
  key: undefined,
  signal: undefined,
  onProgress: undefined,
  name: undefined,
};

/** `onProgress` stays with who submitted it; the pool's own signal counts as for all its tasks. */
export function nestedSettings(
  options: NestedOptions,
  defaults: TaskSettings = noLimits,
): Omit<TaskSettings, 'onProgress'> {
  const { retries } = options;
  return {
    timeoutMs: numberOf(options.timeoutMs, defaults.timeoutMs),
    queueTimeoutMs: numberOf(options.queueTimeoutMs, defaults.queueTimeoutMs),
    deadline: numberOf(options.deadline, defaults.deadline),
    retries: retries === undefined ? defaults.retries : { ...retries, on: retries.on ?? undefined },
    priority: numberOf(options.priority, defaults.priority),
    key: options.key ?? defaults.key,
    signal: defaults.signal,
    name: options.name ?? defaults.name,
  };
}

const numberOf = (given: WireNumber | undefined, otherwise: number): number =>
  given === undefined ? otherwise : Number(given);
