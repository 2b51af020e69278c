/** Performs one operation of a plan after the other; whatever takes time goes on in the background. */
import type { Task } from 'troupe';
import { behaviors, exportOf } from './behaviors.ts';
import type { Call, CallOptions, Operation } from './call.ts';
import { iterateMap, iterateStream, type Iteration } from './iterations.ts';
import type { Ending, Ledger } from './ledger.ts';
import type { WorkloadPool, WorkloadWorld } from './run.ts';
import { problemOfWarm } from './warming.ts';
import type { CallRecord, Surroundings } from './verdict.ts';

type AnyFunction = (...args: unknown[]) => unknown;
type Tasks = Readonly<Record<string, AnyFunction>>;

interface Made {
  readonly record: CallRecord;
  readonly task: Task<unknown>;
  readonly controller: AbortController | null;
  readonly ended: Promise<Ending>;
}

/** After so many vain tries something is wrong with `ready`. */
const triesMax = 1_000;

export class Performer {
  mapped = 0;
  streamed = 0;
  warmed = 0;
  /** The largest sizes the pool was given, one after the other. */
  readonly #sizes: number[];
  readonly #pool: WorkloadPool;
  readonly #ledger: Ledger;
  readonly #surroundings: Surroundings;
  readonly #world: WorkloadWorld;
  readonly #tasks: Tasks;
  readonly #made = new Map<number, Made>();
  /** The calls by the ids of their tasks. */
  readonly #tokens = new Map<string, number>();
  readonly #controllers = new Map<number, AbortController>();
  /** What goes on, with what it is. */
  readonly #pending = new Map<Promise<void>, string>();

  constructor(pool: WorkloadPool, ledger: Ledger, surroundings: Surroundings, world: WorkloadWorld) {
    this.#pool = pool;
    this.#ledger = ledger;
    this.#surroundings = surroundings;
    this.#world = world;
    this.#sizes = [world.maxWorkers ?? 1];
    this.#tasks = pool.module<Tasks>(new URL('tasks.mjs', import.meta.url));
  }

  perform(operation: Operation): void {
    switch (operation.kind) {
      case 'submit':
        this.#submit(operation.call);
        break;
      case 'cancel':
        this.#withdraw(operation.token, ({ task }) => task.cancel('cancelled by the plan'));
        break;
      case 'abort':
        this.#abort(operation.token);
        break;
      case 'regret':
        this.#regret(operation.count);
        break;
      case 'map':
      case 'stream':
        this.#iterate(operation);
        break;
      case 'resize':
        this.#resize(operation.minWorkers, operation.maxWorkers);
        break;
      case 'burst':
        this.#burst(operation.after, operation.calls);
        break;
      case 'ready':
        this.#track(`call ${operation.call.token} to be let in`, this.#submitWhenReady(operation.call));
        break;
      case 'warm':
        this.#track(`warm(${operation.count ?? ''})`, this.#warm(operation.count));
        break;
      case 'release':
        this.#world.release?.();
        break;
      case 'close':
        this.#close(operation);
        break;
      case 'terminate':
        this.#surroundings.isClosing = true;
        this.#surroundings.isAbandoning = true;
        this.#track('terminate()', this.#expectClosed(this.#pool.terminate()));
        break;
    }
  }

  /** Waits for everything that goes on, and for what that starts. */
  async finish(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending.keys());
  }

  unfinished(): string[] {
    return [...this.#pending.values()].map((what) => `The workload waits for ${what}.`);
  }

  #submit(call: Call): Made {
    const { token, options } = call;
    const record = this.#ledger.record(token, call, options);
    const controller = this.#controllerFor(token, options);
    // The plan may have taken it back while it waited for room.
    if (controller?.signal.aborted === true) record.isCancelled = true;
    let reported = 0;
    const onProgress = (value: unknown): void => {
      const { token: own } = value as { token: unknown };
      if (own !== token || call.fn !== 'reports') this.#ledger.reportCall(record, 'got progress of another');
      reported += 1;
    };
    const settings = { ...settingsOf(options, controller), onProgress };
    const fn = this.#tasks[exportOf(call)] as AnyFunction;
    const args = [token, ...(behaviors[call.fn].args?.(call) ?? [])];
    const task: Task<unknown> = this.#pool.with(settings).submit(fn, ...args);
    this.#world.onTask?.(task.id, call.fn);
    const ended = this.#ledger.follow(record, task);
    const made = { record, task, controller, ended };
    this.#made.set(token, made);
    this.#tokens.set(task.id, token);
    const checked = ended.then((ending) => {
      const isShort = call.fn === 'reports' && ending === 'fulfilled' && reported < call.size;
      if (isShort) this.#ledger.reportCall(record, `got ${reported} of ${call.size} reports`);
    });
    this.#track(`call ${token}`, checked);
    return made;
  }

  #abort(token: number): void {
    const controller = this.#controllers.get(token);
    if (controller === undefined || controller.signal.aborted) return;
    const reason = new Error('aborted by the plan');
    if (this.#made.has(token)) this.#withdraw(token, () => controller.abort(reason));
    else controller.abort(reason);
  }

  #regret(count: number): void {
    let left = count;
    const off = this.#pool.on('taskRetried', ({ taskId }) => {
      const token = this.#tokens.get(taskId);
      if (token === undefined) return;
      left -= 1;
      if (left === 0) off();
      const cancel = (): void => this.#withdraw(token, ({ task }) => task.cancel('regretted by the plan'));
      this.#track(`call ${token} to be regretted`, this.#world.pace().then(cancel));
    });
  }

  /** What is cancelled before it settled must be so at once. */
  #withdraw(token: number, act: (made: Made) => void): void {
    const made = this.#made.get(token);
    if (made === undefined) return;
    const { task, record } = made;
    if (!isOpen(task)) {
      act(made);
      return;
    }
    record.isCancelled = true;
    act(made);
    const { state } = task;
    if (state !== 'cancelled') this.#ledger.reportCall(record, `was cancelled, but its state is ${state}`);
  }

  #iterate(operation: Extract<Operation, { kind: 'map' | 'stream' }>): void {
    const { token, options, kind } = operation;
    const record = this.#ledger.record(token, null, options);
    const controller = this.#controllerFor(token, options);
    // The tasks of an iteration are not to be had one by one: an abort is allowed to end it from now on.
    record.isCancelled ||= controller !== null;
    const iteration: Iteration = {
      record,
      ledger: this.#ledger,
      submitter: this.#pool.with(settingsOf(options, controller)),
      count: (results) => {
        if (kind === 'map') this.mapped += results;
        else this.streamed += results;
      },
    };
    const fn = this.#tasks[operation.kind === 'map' ? 'doubles' : operation.fn] as AnyFunction;
    const reading =
      operation.kind === 'map'
        ? iterateMap(iteration, fn, operation)
        : iterateStream(iteration, fn, operation);
    this.#track(`${kind} ${token}`, reading);
  }

  #burst(after: Extract<Operation, { kind: 'burst' }>['after'], calls: readonly Call[]): void {
    const submitAll = (): void => {
      for (const call of calls) this.#submit(call);
    };
    if (typeof after === 'number') {
      const ended = this.#made.get(after)?.ended;
      if (ended !== undefined) this.#track(`the burst after call ${after}`, ended.then(submitAll));
      return;
    }
    const off = this.#pool.on(after, () => {
      off();
      submitAll();
    });
  }

  async #submitWhenReady(call: Call): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      await this.#pool.ready(bytesFor(call));
      const { ended, record } = this.#submit(call);
      if ((await ended) !== 'full') return;
      if (tries < triesMax) continue;
      this.#ledger.reportCall(record, `was refused ${tries} times right after ready()`);
      return;
    }
  }

  /**
   * Only nested tasks are admitted beyond the limit; one task alone may weigh anything. In a callback of the
   * pool nothing can be said: what was submitted there may not have been refused yet.
   */
  checkBytes(): void {
    const { maxQueueBytes = Infinity } = this.#world;
    if (maxQueueBytes === Infinity || this.#surroundings.hasNested) return;
    const { queuedBytes, waiting, running } = this.#pool.stats();
    if (queuedBytes > maxQueueBytes && waiting + running > 1)
      this.#ledger.report(`${waiting + running} tasks hold ${queuedBytes} bytes of ${maxQueueBytes}.`);
  }

  #resize(minWorkers: number, maxWorkers: number): void {
    this.#pool.resize({ minWorkers, maxWorkers });
    this.#sizes.push(maxWorkers);
  }

  async #warm(count: number | null): Promise<void> {
    const firstSize = this.#sizes.length - 1;
    const isKnown = this.#world.maxWorkers !== undefined;
    const problem = await problemOfWarm(this.#pool, count, this.#surroundings, () =>
      isKnown ? Math.min(...this.#sizes.slice(firstSize)) : 1,
    );
    if (problem === 'none') this.warmed += 1;
    else if (problem !== null) this.#ledger.report(problem);
  }

  #close({ drain, timeoutMs }: Extract<Operation, { kind: 'close' }>): void {
    this.#surroundings.isClosing = true;
    if (!drain || timeoutMs !== null) this.#surroundings.isAbandoning = true;
    const closed = this.#pool.close({ drain, ...(timeoutMs === null ? {} : { timeoutMs }) });
    this.#track('close()', this.#expectClosed(closed));
  }

  async #expectClosed(closed: Promise<void>): Promise<void> {
    await closed;
    const { state, workers } = this.#pool;
    if (state === 'closed' && workers.length === 0) return;
    this.#ledger.report(`A pool that said it is closed is ${state} and has ${workers.length} workers.`);
  }

  #controllerFor(token: number, { signal }: CallOptions): AbortController | null {
    if (signal === undefined) return null;
    const controller = this.#controllers.get(token) ?? new AbortController();
    this.#controllers.set(token, controller);
    if (signal === 'aborted') controller.abort(new Error('aborted before the call'));
    return controller;
  }

  #track(what: string, promise: Promise<void>): void {
    const noted = promise.catch((error: unknown) => {
      this.#ledger.report(`The workload failed at ${what}: ${String(error)}`);
    });
    const pending = noted.finally(() => {
      this.#pending.delete(pending);
    });
    this.#pending.set(pending, what);
  }
}

/** More than its arguments weigh as they travel. */
const bytesFor = ({ fn, size }: Call): number => (fn === 'sums' ? size : 0) + 500;

const isOpen = ({ state }: Task<unknown>): boolean => state === 'queued' || state === 'running';

function settingsOf(
  { timeoutMs, queueTimeoutMs, retries, priority, key }: CallOptions,
  controller: AbortController | null,
): Parameters<WorkloadPool['with']>[0] {
  return { timeoutMs, queueTimeoutMs, retries, priority, key, signal: controller?.signal };
}
