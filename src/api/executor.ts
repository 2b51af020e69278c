/** The pool that users hold. */
import process from 'node:process';
import { valueAt } from '../../machines/protocol.ts';
import { encodeCall, explainCall } from '../codec/call.ts';
import type { Explanation } from '../codec/explain-call.ts';
import { type Engine, type HostPorts, type PoolStats, realHost, type WorkerInfo } from '../engine/engine.ts';
import { createLocalEngine, depthVariable } from '../engine/local.ts';
import { InvalidOptionError, InvariantError, NestingError } from '../errors.ts';
import type { PoolEvents, PoolState } from '../observe/events.ts';
import { boundOptions } from './bound-options.ts';
import { closeOnSignal } from './close-on-signal.ts';
import { usableCpus } from './cpu-count.ts';
import {
  checkByteCount,
  checkCloseOnSignalOptions,
  checkCloseOptions,
  checkCloseSignals,
  checkResizeOptions,
  checkTaskOptions,
  checkWarmCount,
  type CloseOnSignalOptions,
  type CloseOptions,
  type CloseSignal,
  type PoolOptions,
  type ResizeOptions,
  type ResolvedPoolOptions,
  type ResolvedTaskOptions,
  resolvePoolOptions,
  type TaskOptions,
} from './options.ts';
import { Submitter } from './submitter.ts';

/**
 * Makes a pool. No process is started before there is work, unless `minWorkers` asks for it; an idle pool
 * does not keep the program alive. A pool that nothing refers to any more is closed when the garbage
 * collector notices: tasks that wait or run complete first.
 *
 * Throws `InvalidOptionError` for a wrong or unknown option, `NestingError` more than `maxDepth` pools deep,
 * and `NotSerializableError` if `initialize` cannot be sent.
 *
 * @example
 *   await using pool = createPool({ maxWorkers: 4 });
 *   const sum = await pool.submit(add, 1, 2);
 */
export function createPool(options: PoolOptions = {}): Pool {
  return new Pool(resolvePoolOptions(options));
}

const engines = new WeakMap<Pool, Engine>();

/** What a pool runs its tasks with, for those who share pools. */
export function engineOf(pool: Pool): Engine {
  const engine = engines.get(pool);
  if (engine === undefined) throw new InvariantError('There is a pool without an engine.');
  return engine;
}

export class Pool extends Submitter {
  /** Shown in errors and in ids. */
  readonly name: string;
  /** Unique among all pools anywhere. */
  readonly id: string;
  readonly #engine: Engine;
  readonly #defaults: ResolvedTaskOptions;
  readonly #concurrency: number;
  readonly #captureThis: boolean;
  #minWorkers: number;
  #maxWorkers: number;

  /** @internal */
  constructor(options: ResolvedPoolOptions, ports: HostPorts = realHost) {
    const id = `${options.name}-${ports.newId(8)}`;
    const [depth, initialize] = [nextDepth(options), encodeInitialize(options)];
    const engine = createLocalEngine({ ...options, poolId: id, depth, initialize, cpus: usableCpus }, ports);
    super(engine, options.task, {
      slots: () => this.#maxWorkers * this.#concurrency,
      encoding: { readThis: options.captureThis },
      pool: { id, options: {}, unsent: [] },
    });
    this.id = id;
    this.name = options.name;
    this.#engine = engine;
    engines.set(this, engine);
    this.#defaults = options.task;
    this.#concurrency = options.concurrency;
    this.#captureThis = options.captureThis;
    this.#minWorkers = options.minWorkers;
    this.#maxWorkers = options.maxWorkers;
    // Nobody can submit any more. Tasks that wait or run have their own hold on the engine, and complete.
    ports.whenForgotten(this, closerOf(engine));
  }

  /** `'broken'` when workers could not start; then it only closes. */
  get state(): PoolState {
    return this.#engine.state;
  }

  /** The workers that exist now. */
  get workers(): readonly WorkerInfo[] {
    return this.#engine.workers;
  }

  /** Counts since the pool was made, and what is going on now. */
  stats(): PoolStats {
    return this.#engine.stats();
  }

  /**
   * The same pool with task options bound: they are checked here, once, and win over the pool's own.
   *
   * @example
   *   const careful = pool.with({ timeoutMs: 5_000, retries: 2 });
   *   await careful.submit(render, page);
   */
  with(options: TaskOptions): Submitter {
    const settings = checkTaskOptions(options, 'pool.with()', this.#defaults);
    return new Submitter(this.#engine, settings, {
      slots: () => this.#maxWorkers * this.#concurrency,
      encoding: { readThis: this.#captureThis },
      pool: { id: this.id, ...boundOptions(options) },
    });
  }

  /**
   * What a call of a function would send, and how: by reference, or by value with every variable it captures,
   * the way to each and its size. Sends nothing. Throws `NotSerializableError` if the function cannot be
   * sent.
   *
   * @example
   *   console.log(String(pool.explain((page) => render(page, templates))));
   */
  explain(fn: (...args: never[]) => unknown): Explanation {
    return explainCall(fn, this.#captureThis);
  }

  /**
   * Changes how many workers there may and must be. Takes effect at once, waits for nothing and loses
   * nothing: workers that are too many finish what they run.
   */
  resize(options: ResizeOptions): void {
    const limits = checkResizeOptions(options, {
      minWorkers: this.#minWorkers,
      maxWorkers: this.#maxWorkers,
    });
    this.#minWorkers = limits.minWorkers;
    this.#maxWorkers = limits.maxWorkers;
    this.#engine.resize(limits.minWorkers, limits.maxWorkers);
  }

  /**
   * Resolves when `submit` would not be refused for a full queue, or never will be accepted again. `bytes` is
   * what the arguments will weigh, where `maxQueueBytes` limits that: without it, there is room for a little.
   * Callers are woken one by one, in their order. Throws `InvalidOptionError` for bytes that are no number.
   */
  async ready(bytes?: number): Promise<void> {
    await this.#engine.ready(checkByteCount(bytes));
  }

  /**
   * Starts workers until `count` of them are ready (default `maxWorkers`), idle or busy, and resolves then.
   * It waits as long as starts fail and are tried again, and nobody leaves for being idle before. A warm
   * worker is one like any other: it leaves after `idleTimeoutMs`. The program stays alive meanwhile.
   *
   * Throws `InvalidOptionError` for a count that is none, or above `maxWorkers`. Rejects with
   * `PoolClosedError` or `PoolBrokenError` if there will not be so many.
   *
   * @example
   *   await pool.warm();
   *   server.listen(8080);
   */
  async warm(count?: number): Promise<void> {
    const limits = { minWorkers: this.#minWorkers, maxWorkers: this.#maxWorkers };
    await this.#engine.warm(checkWarmCount(count, limits));
  }

  /**
   * Takes no more tasks, lets those it has end, and stops the workers. With `drain: false`, tasks that have
   * not started reject with `PoolClosedError`. After `timeoutMs` (default: no limit) the rest is killed. May
   * be called again, also to add a limit; every call resolves when the pool is closed.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const { drain, timeoutMs } = checkCloseOptions(options);
    await this.#engine.close(drain, timeoutMs);
  }

  /**
   * When one of these signals comes, closes the pool as `close` does, and then ends the program as the signal
   * would have, so that whoever sent it sees it. A second one kills the workers at once. All pools of a
   * program that were told so close before it ends. If others listen to the signal too, it only closes: see
   * `exit`. Returns what undoes it; a closed pool listens no more.
   *
   * Throws `InvalidOptionError` for what is no such signal, and in a worker thread: no signal comes there.
   *
   * @example
   *   pool.closeOnSignal(['SIGTERM', 'SIGINT'], { timeoutMs: 20_000 });
   */
  closeOnSignal(
    signal: CloseSignal | readonly CloseSignal[],
    options: CloseOnSignalOptions = {},
  ): () => void {
    const signals = checkCloseSignals(signal);
    const settings = checkCloseOnSignalOptions(options);
    if (process.getBuiltinModule('node:worker_threads').parentPort === null)
      return closeOnSignal(this, signals, settings);
    throw new InvalidOptionError(
      'signal',
      'pool.closeOnSignal(): Node gives signals to the main thread only, and this is another. ' +
        'Listen there, and tell this thread to close its pool.',
    );
  }

  /** Kills every worker and what it started, now. Every unsettled task rejects with `PoolClosedError`. */
  terminate(): Promise<void> {
    return this.#engine.terminate();
  }

  /** Calls back after the fact; returns what ends it. */
  on<Name extends keyof PoolEvents>(name: Name, listener: (event: PoolEvents[Name]) => void): () => void {
    return this.#engine.observers.on(name, listener);
  }

  /** `await using pool = createPool()` closes it at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * A function of its own, because one made beside others in a constructor holds what they hold: `this`. Nor
 * does it hold the engine, whose listeners may hold the pool: as long as there is something to close, its
 * workers do.
 */
function closerOf(engine: Engine): () => void {
  const weak = new WeakRef(engine);
  return () => void weak.deref()?.close(true, Infinity);
}

function nextDepth({ maxDepth, name }: ResolvedPoolOptions): number {
  const depth = Number(process.env[depthVariable] ?? 0) + 1;
  if (depth <= maxDepth) return depth;
  throw new NestingError(
    `Pool "${name}" would be ${depth} pools deep: pools inside workers inside workers. The limit is ` +
      `maxDepth (${maxDepth}). If this is meant, raise maxDepth or TROUPE_MAX_DEPTH; if not, look for a ` +
      'module that makes a pool when it is imported.',
  );
}

function encodeInitialize({
  initialize,
  captureThis,
}: ResolvedPoolOptions): Parameters<typeof createLocalEngine>[0]['initialize'] {
  if (initialize === undefined) return null;
  // Workers that start later, too, get what was there at the call.
  return encodeCall(initialize.fn, initialize.args, { at: valueAt.init, readThis: captureThis });
}
