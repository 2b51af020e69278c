/** Reads the caller's wishes about trying again. */
import { RelayedValue } from '../codec/relay.ts';
import type { TaskEntry } from './ledger.ts';

/** Whether the caller's wishes allow another attempt after this failure. */
export function isRetryable(entry: TaskEntry, failure: 'crash' | 'error', error: unknown): boolean {
  const retries = entry.request?.settings.retries;
  if (retries === undefined || retries.times === 0) return false;
  if (typeof retries.on === 'function')
    return asksForMore(retries.on, entry, error instanceof RelayedValue ? error.revive() : error);
  return retries.on === undefined || retries.on === failure;
}

/** What the caller's own function throws is what becomes of its task: it cannot cut our turn short. */
function asksForMore(on: (error: unknown) => boolean, entry: TaskEntry, error: unknown): boolean {
  try {
    return on(error);
  } catch (thrown) {
    entry.received = thrown;
    return false;
  }
}
