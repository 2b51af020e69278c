/** Reports of tasks that running tasks submitted: their values are for another child, and stay as are. */
import { valueAt } from '../../machines/protocol.ts';
import type { HeaderDocument } from '../codec/codec.ts';
import { RelayedValue } from '../codec/relay.ts';
import type { TaskEntry } from './ledger.ts';

const places: ReadonlyMap<unknown, number> = new Map([
  ['returned', valueAt.returned],
  ['threw', valueAt.threw],
  ['yielded', valueAt.yielded],
  ['progress', valueAt.progress],
]);

/** The message with its value left as it was written; undefined if it is no report of such a task. */
export function relayedReport(
  document: HeaderDocument,
  binaries: readonly Uint8Array[],
  find: (taskId: number, attempt: number) => TaskEntry | undefined,
): unknown[] | undefined {
  const [kind, taskId, attempt] = document.json;
  const at = places.get(kind);
  if (at === undefined || typeof taskId !== 'number' || typeof attempt !== 'number') return undefined;
  const entry = find(taskId, attempt);
  if (entry === undefined || entry.givenId === null) return undefined;
  const control = document.json.slice(0, at);
  return document.json.length > at ? [...control, new RelayedValue(document, at, binaries)] : control;
}
