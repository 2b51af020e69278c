/** The tasks that tasks of this process have submitted, until the parent says what came of each. */
import type {
  EachResult,
  NestedCall,
  NestedDownMessage,
  NestedOptions,
  NestedUpMessage,
} from '../../machines/protocol.ts';
import { type RunningTask, runningTask } from '../child/current-task.ts';
import { capturedErrorClass } from '../codec/call.ts';
import { messageHeader, parseHeader, reviveMessage } from '../codec/codec.ts';
import { eachValues } from '../codec/each-result.ts';
import { errorClassNear } from '../codec/function-reference.ts';
import type { NestedPort } from '../codec/nested-port.ts';
import { nestedSubmitHeader } from '../codec/relay.ts';
import { rebuildResultWith } from '../codec/result.ts';
import { InvalidOptionError, NestingError, TaskCancelledError } from '../errors.ts';
import { callSafely } from '../observe/events.ts';
import { cancelled, reasonText } from '../parent/failures.ts';
import { ChunkFailure, type TaskEntry, type TaskRequest } from '../parent/ledger.ts';
import { onAbort } from '../parent/on-abort.ts';
import { withSite } from '../parent/remote-stack.ts';

/** The pool a task is for, with what is bound to it. */
export interface Destination {
  readonly id: string;
  readonly options: NestedOptions;
  /** Options that were bound in the parent and could not come along. */
  readonly unsent: readonly string[];
}

export class RemoteTasks {
  readonly #port: NestedPort;
  readonly #entries = new Map<number, TaskEntry>();
  /** The tasks that submitted them. */
  readonly #owners = new WeakMap<TaskEntry, RunningTask>();
  readonly #promises = new WeakMap<TaskEntry, Promise<unknown>>();
  #last = 0;

  constructor(port: NestedPort) {
    this.#port = port;
  }

  /** A task that has an id and nothing else yet. */
  open(request: TaskRequest, { id: pool }: Destination): TaskEntry {
    this.#last += 1;
    const { workerId } = this.#port;
    const own = `w${workerId}.${this.#last}`;
    return {
      taskId: this.#last,
      functionId: 0,
      kind: 0,
      name: request.settings.name ?? request.reference.name,
      bytes: 0,
      givenId: pool === this.#port.pool ? own : `${this.#port.pool}/${own}`,
      level: 0,
      request,
      state: 'queued',
      attempt: 0,
      workerId: 0,
      submittedAtMs: 0,
      received: undefined,
      cancelReason: undefined,
      stopListening: null,
      progress: null,
    };
  }

  submit(request: TaskRequest, destination: Destination): TaskEntry {
    const entry = this.open(request, destination);
    try {
      this.#submit(entry, request, destination);
    } catch (error) {
      this.settle(entry, 'rejected', error);
    }
    return entry;
  }

  attach(entry: TaskEntry, promise: Promise<unknown>): void {
    this.#promises.set(entry, promise);
  }

  cancel(entry: TaskEntry, pool: string, reason: unknown): void {
    if (entry.request === null) return;
    const { name, attempt, request } = entry;
    const label = { taskId: `${pool}/${entry.givenId}`, name, attempt };
    const error = withSite(cancelled(label, reason, entry.state === 'running'), request.site);
    this.#send(['nested', 'cancel', entry.taskId, reasonText(reason)]);
    this.settle(entry, 'cancelled', error);
  }

  grantCredit({ taskId, request }: TaskEntry, credit: number): void {
    if (request !== null) this.#send(['nested', 'credit', taskId, credit]);
  }

  receive(header: string, binaries: readonly Uint8Array[]): void {
    const document = parseHeader(header);
    const [, , nestedId] = document.json;
    const entry = this.#entries.get(Number(nestedId));
    const request = entry?.request ?? null;
    if (entry === undefined || request === null) return;
    const { captured, reference } = request;
    try {
      const message = reviveMessage(
        document,
        binaries,
        (name) => capturedErrorClass(captured, name) ?? errorClassNear(reference, name),
        rebuildResultWith(this.#port.known),
      );
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parent's own, in its protocol
      this.#take(entry, request, message as NestedDownMessage);
    } catch (error) {
      this.settle(entry, 'rejected', error);
    }
  }

  settle(entry: TaskEntry, state: 'fulfilled' | 'rejected' | 'cancelled', value: unknown): void {
    const { request } = entry;
    if (request === null) return;
    this.#entries.delete(entry.taskId);
    // Who was cut off cannot hear it, and is not to fall over it either.
    const owner = this.#owners.get(entry);
    const promise = this.#promises.get(entry);
    if (promise !== undefined && (owner?.owner === null || owner?.signal.aborted === true))
      void Promise.prototype.then.call(promise, ignore, ignore);
    entry.state = state;
    entry.request = null;
    entry.stopListening?.();
    entry.stopListening = null;
    if (state === 'fulfilled') request.resolve(value);
    else request.reject(value);
  }

  #submit(entry: TaskEntry, request: TaskRequest, destination: Destination): void {
    const { args, captured, settings, mode, reference } = request;
    const run = runningTask();
    const owner = ownerOf(run, entry, destination);
    if (run !== undefined) this.#owners.set(entry, run);
    if (settings.signal?.aborted === true) {
      this.#entries.set(entry.taskId, entry);
      this.cancel(entry, destination.id, settings.signal.reason);
      return;
    }
    const call: NestedCall = {
      pool: destination.id,
      id: entry.givenId ?? '',
      reference,
      mode,
      options: destination.options,
      roots: captured?.roots ?? null,
      signals: captured?.signals.length ?? 0,
      argumentBytes: args.binaries.length,
    };
    const header = nestedSubmitHeader([entry.taskId, owner.taskId, owner.attempt], call, args, captured);
    this.#port.send(header, [...args.binaries, ...(captured?.graph.binaries ?? [])]);
    this.#entries.set(entry.taskId, entry);
    this.#listen(entry, request, destination);
  }

  #listen(entry: TaskEntry, { settings: { signal }, captured }: TaskRequest, { id }: Destination): void {
    const stops = (captured?.signals ?? []).map((each, index) =>
      onAbort(each, () => this.#send(['nested', 'signal', entry.taskId, index, reasonText(each.reason)])),
    );
    if (signal !== undefined) stops.push(onAbort(signal, () => this.cancel(entry, id, signal.reason)));
    entry.stopListening = () => {
      for (const stop of stops) stop();
    };
  }

  #take(entry: TaskEntry, request: TaskRequest, message: NestedDownMessage): void {
    switch (message[1]) {
      case 'began':
        entry.state = 'running';
        entry.attempt = message[3];
        break;
      case 'returned':
        this.#return(entry, request, message);
        break;
      case 'threw':
        this.settle(entry, stateOf(entry, message[4]), withSite(message[4], request.site, message[3]));
        break;
      case 'yielded':
        request.sink?.push(message[3]);
        break;
      case 'progress': {
        const value = message[3];
        entry.progress?.push(value);
        const { onProgress } = request.settings;
        if (onProgress !== undefined) callSafely(() => onProgress(value));
        break;
      }
    }
  }

  #return(
    entry: TaskEntry,
    { mode, site }: TaskRequest,
    [, , , boundary, value]: readonly [unknown, unknown, unknown, string, value?: unknown],
  ): void {
    if (mode !== 'each' || !isFailedChunk(value)) {
      this.settle(entry, 'fulfilled', value);
      return;
    }
    const error = withSite(value.error, site, boundary);
    this.settle(entry, 'rejected', new ChunkFailure(eachValues(value), error));
  }

  #send(message: NestedUpMessage): void {
    this.#port.send(messageHeader(message));
  }
}

/** The task that submits, found by where its code runs. */
function ownerOf(
  run: RunningTask | undefined,
  { name }: TaskEntry,
  { id, unsent }: Destination,
): { readonly taskId: number; readonly attempt: number } {
  const [unsentOption] = unsent;
  if (unsentOption !== undefined)
    throw new InvalidOptionError(
      unsentOption,
      `The option \`${unsentOption}\` was bound to pool "${id}" where it was made, and cannot come along ` +
        'into a task. Send the pool without it, and bind it in the task with pool.with().',
    );
  const owner = run?.owner ?? null;
  if (owner !== null) return owner;
  throw new NestingError(
    `${name}() was submitted to pool "${id}" in one of its workers, and no task was running there: it has ` +
      'ended, or the call came from outside of it (from `initialize`, or an event that outlived the task). ' +
      'Wait in the task for what it submits.',
  );
}

const ignore = (): void => {};

const isFailedChunk = (value: unknown): value is EachResult =>
  typeof value === 'object' && value !== null && Reflect.get(value, 'failed') === true;

/** Its own cancellation, and not one that its function came upon. */
const stateOf = ({ givenId }: TaskEntry, error: unknown): 'cancelled' | 'rejected' =>
  error instanceof TaskCancelledError && error.taskId.endsWith(`/${givenId}`) ? 'cancelled' : 'rejected';
