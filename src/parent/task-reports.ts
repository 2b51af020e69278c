/** What a child says about one task: the values go to the caller's side, and what is left is an event. */
import type { EachResult, UpMessage } from '../../machines/protocol.ts';
import { eachValues } from '../codec/each-result.ts';
import { RelayedValue } from '../codec/relay.ts';
import type { WorkerEvent } from '../../machines/worker/machine.ts';
import { UndecodedValue } from '../codec/result.ts';
import { ChunkFailure, type TaskEntry } from './ledger.ts';
import { boundaryOf, withSite } from './remote-stack.ts';
import type { LinkHost } from './link-contract.ts';

/** Messages that name a task and an attempt. */
export type TaskMessage = Extract<
  UpMessage,
  ['started' | 'returned' | 'threw' | 'dropped' | 'waits' | 'resumed' | 'yielded' | 'progress', ...unknown[]]
>;

const kinds: ReadonlySet<string> = new Set([
  'started',
  'returned',
  'threw',
  'dropped',
  'waits',
  'resumed',
  'yielded',
  'progress',
] satisfies TaskMessage[0][]);

export function isTaskMessage(message: UpMessage): message is TaskMessage {
  return kinds.has(message[0]);
}

/** Passes on what the message carries, and returns what it means for the worker's machine. */
export function takeReport(host: LinkHost, entry: TaskEntry, message: TaskMessage): WorkerEvent | null {
  const { taskId } = entry;
  switch (message[0]) {
    case 'started':
      return { type: 'task.started', taskId };
    case 'returned':
      host.onMicros(entry, message[3]);
      return takeResult(host, entry, message[4]);
    case 'threw':
      host.onMicros(entry, message[3]);
      entry.received = message[4];
      return { type: 'task.threw', taskId, retryable: host.isRetryable(entry, message[4]) };
    case 'dropped':
      return { type: 'task.dropped', taskId };
    case 'waits':
      return { type: 'task.waits', taskId };
    case 'resumed':
      return { type: 'task.resumed', taskId };
    case 'yielded':
      host.onYield(entry, message[3]);
      return null;
    case 'progress':
      host.onProgress(entry, message[3]);
      return null;
  }
}

/** A chunk in which an item failed has failed as a whole, so that it can be tried again. */
function takeResult(host: LinkHost, entry: TaskEntry, value: unknown): WorkerEvent {
  const { taskId } = entry;
  const isEach = entry.request?.mode === 'each';
  if (value instanceof UndecodedValue) {
    entry.received = isEach ? new ChunkFailure([], value.error) : value.error;
    return { type: 'task.threw', taskId, retryable: host.isRetryable(entry, value.error) };
  }
  entry.received = value;
  if (!isEach) return { type: 'task.returned', taskId };
  if (value instanceof RelayedValue) return takeRelayedChunk(host, entry, value);
  const result = value as EachResult;
  if (!result.failed) return { type: 'task.returned', taskId };
  const { error } = result;
  const shown = withSite(error, entry.request?.site, boundaryOf(entry));
  entry.received = new ChunkFailure(eachValues(result), shown);
  return { type: 'task.threw', taskId, retryable: host.isRetryable(entry, error) };
}

/** What failed in it, its owner finds out. */
function takeRelayedChunk(host: LinkHost, entry: TaskEntry, value: RelayedValue): WorkerEvent {
  const { taskId } = entry;
  if (!value.isFailedChunk) return { type: 'task.returned', taskId };
  return { type: 'task.threw', taskId, retryable: host.isRetryable(entry, value) };
}
