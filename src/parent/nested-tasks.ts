/**
 * Tasks that running tasks submit: what a child asks for becomes a task of the pool it names, and what comes
 * of it is passed on to that child. Values are never made here.
 */
import type { TaskId } from '../../machines/ids.ts';
import { type FunctionReference, valueAt } from '../../machines/protocol.ts';
import { encodeThrown, type EncodedValue } from '../codec/codec.ts';
import { RecentMap } from '../codec/closure/source/recent-map.ts';
import { RelayedValue } from '../codec/relay.ts';
import { PoolClosedError, ProtocolError, TaskCancelledError } from '../errors.ts';
import { type KnownPool, poolOfId } from './known-pools.ts';
import type { NestedRelay, TaskEntry, TaskRequest } from './ledger.ts';
import type { NestedRequest, NestedSubmission } from './nested-message.ts';
import { nestedSettings } from './nested-settings.ts';
import type { PoolParts } from './pool-parts.ts';
import type { PoolSystem } from './pool-system.ts';
import { boundaryOf } from './remote-stack.ts';
import type { WorkerLink } from './worker-link.ts';

/** One task that a child submitted, until it settles. */
interface Nested {
  readonly submission: NestedSubmission;
  readonly link: WorkerLink;
  readonly level: number;
  readonly signals: readonly AbortController[];
  /** Where it runs, once its owner was found to be running. */
  place: { readonly pool: PoolSystem; readonly entry: TaskEntry } | null;
}

const referencesMax = 1_000;

export class NestedTasks {
  readonly #parts: () => PoolParts;
  readonly #nested = new Map<number, Nested>();
  /** By worker, and then by the child's number. */
  readonly #handles = new Map<WorkerLink, Map<number, number>>();
  /** One object for all calls of one function: by it the pool knows that they take about as long. */
  readonly #references = new RecentMap<string, FunctionReference>(referencesMax);
  #last = 0;

  constructor(parts: () => PoolParts) {
    this.#parts = parts;
  }

  /** Does what a child asks for. Returns what is wrong with it, if no child of ours would say that. */
  take(link: WorkerLink, request: NestedRequest): ProtocolError | null {
    if (request.kind === 'submit') return this.#submit(link, request);
    const nested = this.#nested.get(this.#handles.get(link)?.get(request.nestedId) ?? 0);
    // It has settled while the message was on its way.
    if (nested === undefined) return null;
    if (request.kind === 'signal')
      nested.signals[request.index]?.abort(new DOMException(request.reason, 'AbortError'));
    else if (nested.place !== null) {
      const { pool, entry } = nested.place;
      if (request.kind === 'cancel') pool.cancel(entry, request.reason);
      else pool.grantCredit(entry, request.credit);
    }
    return null;
  }

  /** The owner runs: what it submitted becomes a task. */
  admit(handle: number): void {
    const nested = this.#nested.get(handle);
    if (nested === undefined) return;
    const { call } = nested.submission;
    const pool = poolOfId(call.pool);
    if (pool === undefined) {
      this.#fail(handle, nested, noSuchPool(nested.submission));
      return;
    }
    const entry = pool.system.submit(this.#requestOf(handle, nested, pool));
    if (this.#nested.has(handle)) nested.place = { pool: pool.system, entry };
  }

  /** The owner is over, or should be. */
  refuse(handle: number): void {
    const nested = this.#nested.get(handle);
    if (nested === undefined) return;
    const { pool, id, reference } = nested.submission.call;
    const message =
      `Task ${pool}/${id} (${reference.name}) was not accepted: the task that submitted it has been ` +
      'cancelled, or has run into its limit.';
    this.#fail(handle, nested, new TaskCancelledError(message, { taskId: `${pool}/${id}` }));
  }

  /** Nobody waits any more for what the task submitted. */
  cancelOf(owner: TaskId): void {
    for (const { submission, place } of this.#nested.values()) {
      if (submission.owner !== owner || place === null) continue;
      place.pool.cancel(place.entry, 'the task that submitted it has ended before it');
    }
  }

  /** The worker is gone: what its tasks left behind goes on, and there is nobody to tell. */
  forget(link: WorkerLink): void {
    this.#handles.delete(link);
  }

  #submit(link: WorkerLink, submission: NestedSubmission): ProtocolError | null {
    const { nestedId, owner, call } = submission;
    const handles = this.#handles.get(link) ?? new Map<number, number>();
    const { ledger, system } = this.#parts();
    const entry = ledger.find(owner);
    const isOwners = entry?.workerId === link.workerId && entry.attempt === submission.attempt;
    if (!isOwners || handles.has(nestedId)) {
      const who = `Worker ${link.workerId} submitted nested task ${nestedId}`;
      return new ProtocolError(`${who} twice, or for task ${owner}, which it does not have.`);
    }
    this.#last += 1;
    const signals = Array.from({ length: call.signals }, () => new AbortController());
    this.#handles.set(link, handles.set(nestedId, this.#last));
    this.#nested.set(this.#last, { submission, link, level: entry.level + 1, signals, place: null });
    system.tell('task', owner, { type: 'nested.submitted', nestedId: this.#last });
    system.run();
    return null;
  }

  #requestOf(handle: number, nested: Nested, { defaults }: KnownPool): TaskRequest {
    const { submission, link, level, signals } = nested;
    const { call, nestedId, values } = submission;
    const relay: NestedRelay = {
      id: call.id,
      level,
      onBegan: (attempt) => link.writeNested(['began', nestedId, attempt]),
    };
    return {
      reference: this.#referenceOf(submission),
      args: values.args,
      captured:
        values.captured === null
          ? null
          : { ...values.captured, signals: signals.map((controller) => controller.signal) },
      mode: call.mode,
      settings: {
        ...nestedSettings(call.options, defaults),
        ...(call.mode === 'stream' ? { retries: { times: 0, on: undefined, backoffMs: 0 } } : {}),
        onProgress: (value) => this.#give(nested, 'progress', value),
      },
      sink: {
        push: (value) => this.#give(nested, 'yielded', value),
        fail: (error) => this.#end(handle, nested, 'threw', error),
      },
      site: {},
      relay,
      resolve: (value) => this.#end(handle, nested, 'returned', value),
      reject: (error) => this.#end(handle, nested, 'threw', error),
    };
  }

  #referenceOf({ call, values }: NestedSubmission): FunctionReference {
    const { url, name } = call.reference;
    const key = `${url}\n${name}\n${values.captured?.units[0]?.id ?? ''}`;
    const reference = this.#references.get(key) ?? { url, name };
    this.#references.set(key, reference);
    return reference;
  }

  #give({ link, submission }: Nested, kind: 'yielded' | 'progress', value: unknown): void {
    if (value instanceof RelayedValue) link.writeNested([kind, submission.nestedId], value.encoded);
  }

  #fail(handle: number, nested: Nested, error: Error): void {
    this.#end(handle, nested, 'threw', error);
  }

  #end(handle: number, nested: Nested, kind: 'returned' | 'threw', value: unknown): void {
    const { submission, link, place } = nested;
    if (!this.#nested.delete(handle)) return;
    this.#handles.get(link)?.delete(submission.nestedId);
    const boundary = value instanceof RelayedValue && place !== null ? boundaryOf(place.entry) : '';
    // What a chunk came to before it failed still counts.
    const isChunk = submission.call.mode === 'each' && value instanceof RelayedValue && value.isFailedChunk;
    link.writeNested([isChunk ? 'returned' : kind, submission.nestedId, boundary], encodedOf(value));
  }
}

function noSuchPool({ call: { pool, id } }: NestedSubmission): PoolClosedError {
  return new PoolClosedError(
    `Task ${pool}/${id} was not accepted: this process has no such pool, or no longer. A task can submit ` +
      'to pools of the process that its own pool is in: keep them until it has ended.',
  );
}

/** What a child wrote goes on as it is; what was decided here is written now. */
function encodedOf(value: unknown): EncodedValue | undefined {
  if (value === undefined) return undefined;
  return value instanceof RelayedValue ? value.encoded : encodeThrown(value, valueAt.threw);
}
