/** The workers of a Tinypool, each in a seat of its own, and the calls that wait for them. */
import process from 'node:process';
import { moduleProxy } from '../api/module-proxy.ts';
import { InvariantError, PoolClosedError, QueueFullError, TaskTimeoutError } from '../errors.ts';
import { Seat } from './seat.ts';
import type { TinypoolCall, TinypoolChannel } from './tinypool-call.ts';
import { CancelError } from './tinypool-errors.ts';
import type { FilledOptions } from './tinypool-options.ts';
import { Place } from './tinypool-place.ts';
import { childFileUrl } from './worker-file.ts';

type Child = typeof import('./tinypool-child.ts');

/** What the workers tell the pool that users hold. */
export interface WorkersHost {
  onDrained(): void;
  onError(error: unknown): void;
}

/** A worker runs what it is given; beside calls, that is messages. Its seat counts the calls. */
const concurrency = 1_000;

/** A worker that is too busy to begin its teardown within this time is killed without. */
const hearingMs = 2_000;

const childUrl = childFileUrl('tinypool-child');

/** Only named here, for workers to call. */
const { deliver, prepare, run, tearDown } = moduleProxy<Child>(childUrl, () => {
  throw new InvariantError('A function of the child was called in the parent.');
});

export class TinypoolWorkers {
  completed = 0;
  readonly #options: FilledOptions;
  readonly #url: string | null;
  readonly #host: WorkersHost;
  readonly #places = new Set<Place>();
  readonly #waiting: TinypoolCall[] = [];
  #destroyed: Promise<void> | null = null;

  constructor(options: FilledOptions, url: string | null, host: WorkersHost) {
    this.#options = options;
    this.#url = url;
    this.#host = host;
    this.#keepEnough();
  }

  get seats(): readonly Seat[] {
    return [...this.#places].map(({ seat }) => seat);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  submit(call: TinypoolCall): void {
    const { maxQueue } = this.#options;
    if (this.#destroyed !== null) call.reject(destroyed());
    else if (call.signal?.aborted === true) call.abort();
    else if (this.#waiting.length >= maxQueue && this.#placeFor(call) === undefined)
      call.reject(new QueueFullError(queueIsFull(maxQueue)));
    else {
      this.#waiting.push(call);
      this.#dispatch();
    }
  }

  /** Takes back a call that waits; what runs is ended by its task's own signal. */
  abort(call: TinypoolCall): void {
    const index = this.#waiting.indexOf(call);
    if (index === -1) return;
    this.#waiting.splice(index, 1);
    call.abort();
  }

  cancelPending(): void {
    for (const call of this.#waiting.splice(0)) call.reject(new CancelError());
  }

  /** Replaces every worker, busy ones after their calls. Resolves when the old ones are gone. */
  async recycle(): Promise<void> {
    if (this.#options.isolateWorkers || this.#destroyed !== null) return;
    const leaving = [...this.#places].map((place) => {
      place.isSpent = true;
      return place.seat.calls === 0 ? this.#retire(place) : this.#whenIdle(place);
    });
    await Promise.all(leaving);
  }

  /** Ends everything: calls reject, workers run their teardown and leave, or are killed. */
  destroy(): Promise<void> {
    return (this.#destroyed ??= this.#destroy());
  }

  async #destroy(): Promise<void> {
    for (const call of this.#waiting.splice(0)) call.reject(destroyed());
    const left = await Promise.allSettled([...this.#places].map((place) => this.#retire(place)));
    const failed = left.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** The place a call could go to now, one that is opened for it included. */
  #placeFor(call: TinypoolCall): Place | undefined {
    let best: Place | undefined;
    for (const place of this.#places) {
      const { calls } = place.seat;
      const limit = call.signal === null ? this.#options.concurrentTasksPerWorker : 1;
      if (place.isSpent || place.isAlone || calls >= limit) continue;
      if (best === undefined || calls < best.seat.calls) best = place;
    }
    const mayOpen = this.#places.size < this.#options.maxThreads;
    return (best === undefined || best.seat.calls > 0) && mayOpen ? this.#open() : best;
  }

  #dispatch(): void {
    for (;;) {
      const [call] = this.#waiting;
      const place = call === undefined ? undefined : this.#placeFor(call);
      if (call === undefined || place === undefined) return;
      this.#waiting.shift();
      void this.#run(place, call);
      if (this.#waiting.length === 0) this.#host.onDrained();
    }
  }

  async #run(place: Place, call: TinypoolCall): Promise<void> {
    const { seat } = place;
    const { task, url, name, channel } = call.parts;
    if (place.idle !== undefined) clearTimeout(place.idle);
    seat.calls += 1;
    place.isAlone = call.signal !== null;
    if (channel !== undefined) this.#connect(place, channel);
    try {
      const submitter = place.submitterFor(call);
      call.resolve(await submitter.submit(run, task, url, name));
    } catch (error) {
      call.reject(error);
    }
    this.completed += 1;
    seat.calls -= 1;
    place.isAlone = false;
    place.isTainted = call.signal?.aborted === true;
    this.#settle(place);
  }

  #settle(place: Place): void {
    if (this.#destroyed !== null) return;
    place.isSpent ||= place.isTainted || place.isTooLarge || this.#options.isolateWorkers;
    if (place.isSpent && place.seat.calls === 0) this.#retireLater(place);
    else this.#dispatch();
    const isExtra = this.#places.size > this.#options.minThreads;
    if (place.isSpent || place.seat.calls > 0 || !isExtra || this.#options.idleTimeout === Infinity) return;
    place.idle = setTimeout(() => this.#leaveIdle(place), this.#options.idleTimeout).unref();
  }

  #leaveIdle(place: Place): void {
    if (place.seat.calls === 0 && this.#places.size > this.#options.minThreads) this.#retireLater(place);
  }

  #connect(place: Place, channel: TinypoolChannel): void {
    if (place.channel !== channel) place.channel?.onClose?.();
    place.channel = channel;
    channel.onMessage?.((message) => {
      if (place.seat.isLeaving) return;
      place.seat.pool.submit(deliver, message).catch((error: unknown) => this.#host.onError(error));
    });
  }

  #keepEnough(): void {
    while (this.#destroyed === null && this.#places.size < this.#options.minThreads) this.#open();
  }

  #open(): Place {
    const taken = new Set([...this.#places].map(({ seat }) => seat.number));
    let workerId = 1;
    while (taken.has(workerId)) workerId += 1;
    const { env, execArgv, resourceLimits, argv = [], workerData, ...rest } = this.#options;
    const facts = {
      workerId,
      workerData,
      argv,
      url: this.#url,
      heapLimitBytes: rest.maxMemoryLimitBeforeRecycle,
    };
    const seat = new Seat(workerId, {
      name: 'tinypool',
      minWorkers: 1,
      concurrency,
      execArgv,
      resourceLimits,
      env: { ...(env ?? process.env), TINYPOOL_WORKER_ID: String(workerId) },
      initialize: { fn: prepare, args: [facts] },
    });
    const place = new Place(seat);
    this.#places.add(place);
    return place;
  }

  #retireLater(place: Place): void {
    this.#retire(place).catch((error: unknown) => this.#host.onError(error));
  }

  /** Rejects with what the teardown throws, when the process is gone. */
  #retire(place: Place): Promise<void> {
    place.isSpent = true;
    clearTimeout(place.idle);
    return (place.retired ??= this.#end(place));
  }

  async #end(place: Place): Promise<void> {
    const { terminateTimeout } = this.#options;
    const isQuiet = place.seat.calls === 0 && !place.isTainted;
    try {
      await place.seat.leave(
        () => this.#tearDown(place),
        (pool) => (isQuiet ? pool.close({ timeoutMs: terminateTimeout }) : pool.terminate()),
      );
    } finally {
      place.channel?.onClose?.();
      this.#places.delete(place);
      this.#keepEnough();
      this.#dispatch();
    }
  }

  async #tearDown({ seat, isTainted }: Place): Promise<void> {
    const { teardown: name, terminateTimeout } = this.#options;
    if (name === undefined || this.#url === null || isTainted) return;
    const limits = { timeoutMs: terminateTimeout, queueTimeoutMs: Math.min(terminateTimeout, hearingMs) };
    const submitter = seat.pool.with({ name, ...limits });
    try {
      await submitter.submit(tearDown, this.#url, name);
    } catch (error) {
      if (!(error instanceof TaskTimeoutError) || error.kind !== 'queue') throw error;
    }
  }

  /** A spent place retires by itself when its calls have ended. */
  #whenIdle({ seat }: Place): Promise<void> {
    return new Promise((resolve) => {
      const off = seat.pool.on('stateChanged', ({ state }) => {
        if (state !== 'closed') return;
        off();
        resolve();
      });
    });
  }
}

function destroyed(): PoolClosedError {
  return new PoolClosedError(
    'The task was refused or given up, because destroy() was called on this Tinypool before it could start.',
  );
}

function queueIsFull(maxQueue: number): string {
  return (
    `All workers are busy and ${maxQueue} tasks wait, which is the limit set by \`maxQueue\`. Wait for the ` +
    "event 'drain', or raise `maxQueue`."
  );
}
