/** A farm's workers, each in a seat of its own, and the calls that wait for them. */
import { PassThrough } from 'node:stream';
import { InvalidOptionError, InvariantError, PoolClosedError } from '../errors.ts';
import { FifoQueue, type QueuedCall, type TaskQueue } from './jest-worker-queues.ts';
import type { FarmSettings } from './jest-worker-options.ts';
import type { FarmFile } from './jest-worker-child.ts';
import type { Report } from './report-to-parent.ts';
import { Seat } from './seat.ts';
import { childFileUrl } from './worker-file.ts';
import { moduleProxy } from '../api/module-proxy.ts';
import type { Submitter } from '../api/submitter.ts';

type Child = typeof import('./jest-worker-child.ts');

/** What a method returns: a promise that also passes on what the worker says with `messageParent()`. */
export interface PromiseWithCustomMessage<Result> extends Promise<Result> {
  /** Calls back with each message; returns what ends that. */
  UNSTABLE_onCustomMessage?: (listener: (message: unknown) => void) => () => void;
}

/** Output that nobody has begun to read is kept up to this size. */
const unreadLimitBytes = 1024 * 1024;

const childUrl = childFileUrl('jest-worker-child');

/** Only named here, for workers to call. */
const { callMethod, prepare, setUp, tearDown } = moduleProxy<Child>(childUrl, () => {
  throw new InvariantError('A function of the child was called in the parent.');
});

/** One call, from the queue to its end. */
class FarmCall implements QueuedCall {
  readonly request: [type: 1, isProcessed: boolean, methodName: string, args: readonly unknown[]];
  key: string | null = null;
  /** Most calls have none. */
  listeners: Set<(message: unknown) => void> | null = null;
  readonly promise: PromiseWithCustomMessage<unknown>;
  resolve: (value: unknown) => void = () => undefined;
  reject: (error: unknown) => void = () => undefined;

  constructor(method: string, args: readonly unknown[]) {
    this.request = [1, false, method, args];
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.promise.UNSTABLE_onCustomMessage = (listener) => {
      (this.listeners ??= new Set()).add(listener);
      return () => void this.listeners?.delete(listener);
    };
  }
}

class FarmSeat extends Seat {
  current: FarmCall | null = null;
  isTooLarge = false;
  readonly submitters = new Map<string, Submitter>();

  /** What the worker says while it runs a call. */
  hear(report: unknown): void {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by report-to-parent.ts
    const said = report as Report;
    if ('heapBytes' in said) this.isTooLarge = true;
    else for (const listener of this.current?.listeners ?? []) listener(said.message);
  }
}

export class Farm {
  readonly stdout: PassThrough = new PassThrough();
  readonly stderr: PassThrough = new PassThrough();
  readonly #file: FarmFile;
  readonly #settings: FarmSettings;
  readonly #queue: TaskQueue;
  readonly #seats: FarmSeat[];
  readonly #waiting = new Set<FarmCall>();
  /** The worker that took the first call with a key. */
  readonly #bound = new Map<string, number>();
  readonly #leaving = new Set<Promise<boolean>>();
  #turn = 0;
  #ended: Promise<{ forceExited: boolean }> | null = null;

  constructor(url: string, settings: FarmSettings) {
    this.#settings = settings;
    this.#queue = settings.taskQueue ?? new FifoQueue();
    this.#file = { url, setupArgs: settings.setupArgs, heapLimitBytes: settings.heapLimitBytes };
    this.#seats = Array.from({ length: settings.numWorkers }, (_, index) => this.#open(index));
  }

  /** Queues a call. Never throws: what `computeWorkerKey` or the queue throws rejects it. */
  call(method: string, args: readonly unknown[]): PromiseWithCustomMessage<unknown> {
    const call = new FarmCall(method, args);
    try {
      if (this.#ended !== null) throw ended(method);
      call.key = this.#settings.computeWorkerKey(method, ...args);
      this.#enqueue(call);
    } catch (error) {
      this.#waiting.delete(call);
      call.reject(error);
    }
    return call.promise;
  }

  /** Starts every worker and runs the file's `setup` in it. */
  async start(): Promise<void> {
    if (this.#ended !== null) throw ended('start');
    await Promise.all(this.#seats.map((seat) => seat.pool.submit(setUp)));
  }

  /** Ends every worker, after its `teardown`; what is left after a while is killed. */
  end(): Promise<{ forceExited: boolean }> {
    return (this.#ended ??= this.#end());
  }

  async #end(): Promise<{ forceExited: boolean }> {
    for (const call of this.#waiting) call.reject(ended(call.request[2]));
    this.#waiting.clear();
    for (const seat of this.#seats) this.#retire(seat);
    const forced = await Promise.all(this.#leaving);
    this.stdout.end();
    this.stderr.end();
    return { forceExited: forced.includes(true) };
  }

  #open(index: number): FarmSeat {
    const { pool } = this.#settings;
    const seat = new FarmSeat(index + 1, {
      ...pool,
      env: { ...pool.env, JEST_WORKER_ID: String(index + 1) },
      initialize: { fn: prepare, args: [this.#file] },
    });
    seat.pool.on('workerOutput', ({ stream, line }) => write(this[stream], `${line}\n`));
    return seat;
  }

  /** Lets a worker go when its call has ended, or the time for that is over. */
  #retire(seat: Seat): void {
    const farewell = async (): Promise<void> => {
      // Behind the call that runs: a seat runs one thing at a time.
      seat.pool.submit(tearDown).catch(() => undefined);
    };
    const left = seat.leave(farewell, (pool) => pool.close({ timeoutMs: this.#settings.exitLimitMs }));
    this.#leaving.add(left);
    const forget = (): boolean => this.#leaving.delete(left);
    left.then(forget, forget);
  }

  #enqueue(call: FarmCall): void {
    this.#waiting.add(call);
    const bound = call.key === null ? undefined : this.#bound.get(call.key);
    if (bound === undefined) this.#queue.enqueue(call);
    else this.#queue.enqueue(call, bound);
    if (bound === undefined) this.#offer(call);
    else this.#advance(bound);
  }

  #offer(call: FarmCall): void {
    const { length } = this.#seats;
    const first = this.#settings.isInOrder ? 0 : this.#turn;
    this.#turn = (this.#turn + 1) % length;
    for (let step = 0; step < length && !call.request[1]; step += 1) this.#advance((first + step) % length);
  }

  /** Gives a free worker its next call. */
  #advance(index: number): void {
    const seat = this.#seats[index];
    if (seat === undefined || seat.calls > 0 || this.#ended !== null) return;
    const call = this.#queue.dequeue(index);
    if (call === null) return;
    if (!(call instanceof FarmCall) || call.request[1])
      throw new InvalidOptionError(
        'taskQueue',
        'The task queue gave a call that it was not given, or gave one twice. `dequeue` must return each ' +
          'call of `enqueue` once, or null.',
      );
    call.request[1] = true;
    this.#waiting.delete(call);
    if (call.key !== null) this.#bound.set(call.key, index);
    void this.#run(seat, call);
  }

  async #run(seat: FarmSeat, call: FarmCall): Promise<void> {
    const [, , name, args] = call.request;
    seat.calls += 1;
    seat.current = call;
    try {
      call.resolve(await this.#submitter(seat, name).submit(callMethod, ...args, name));
    } catch (error) {
      call.reject(error);
    }
    seat.calls -= 1;
    seat.current = null;
    call.listeners = null;
    if (seat.isTooLarge && this.#ended === null) {
      this.#seats[seat.number - 1] = this.#open(seat.number - 1);
      this.#retire(seat);
    }
    this.#advance(seat.number - 1);
  }

  /** The same one for all calls of a method: options are checked once. */
  #submitter(seat: FarmSeat, name: string): Submitter {
    const known = seat.submitters.get(name);
    if (known !== undefined) return known;
    const retries = { times: this.#settings.retries, on: 'crash' } as const;
    const made = seat.pool.with({ name, retries, onProgress: (report) => seat.hear(report) });
    seat.submitters.set(name, made);
    return made;
  }
}

function ended(method: string): PoolClosedError {
  return new PoolClosedError(
    `The call of \`${method}\` was refused, because end() was called on this farm before it could start. ` +
      'Make a new Worker for further calls.',
  );
}

function write(stream: PassThrough, text: string): void {
  const isUnread = stream.readableFlowing === null && stream.listenerCount('readable') === 0;
  const waitingBytes = stream.readableLength + stream.writableLength;
  if (!stream.writable || (isUnread && waitingBytes > unreadLimitBytes)) return;
  stream.write(text);
}
