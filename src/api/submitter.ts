/**
 * Calls functions in a pool's workers, with the task options bound once. `Pool` is one with no options of its
 * own.
 */
import type { CallMode } from '../../machines/protocol.ts';
import {
  argumentBytes,
  callEncoder,
  encodeCall,
  type EncodeCall,
  type EncodedCall,
  isCallKnown,
  refusedCall,
  type CallOptions,
} from '../codec/call.ts';
import { markPool, type PoolMark } from '../codec/pool-mark.ts';
import type { Engine, TaskEntry, TaskRequest, TaskSettings, YieldSink } from '../engine/engine.ts';
import { InvalidOptionError } from '../errors.ts';
import { callSite, type CallSite } from './call-site.ts';
import { mapOver, type MapResult, type PreparedChunk } from './map.ts';
import { type ModuleProxy, moduleProxy, type StreamReference } from './module-proxy.ts';
import { checkMapOptions, type MapOptions } from './options.ts';
import { streamOf } from './stream.ts';
import { Task } from './task.ts';

type AnyFunction = (...args: never[]) => unknown;

/** How a function is called: what all calls of one method have in common. */
interface Manner {
  readonly mode: CallMode;
  readonly sink: YieldSink | null;
  readonly settings: TaskSettings;
  readonly site: CallSite;
}

/** What a submitter needs beside its engine. */
export interface SubmitterParts {
  /** How many tasks can run at a time. */
  readonly slots: () => number;
  readonly encoding: CallOptions;
  /** What goes along when a function that captures it is sent. */
  readonly pool: PoolMark;
}

export class Submitter {
  readonly #engine: Engine;
  readonly #settings: TaskSettings;
  readonly #slots: () => number;
  readonly #encoding: CallOptions;

  /** @internal */
  constructor(engine: Engine, settings: TaskSettings, { slots, encoding, pool }: SubmitterParts) {
    this.#engine = engine;
    this.#settings = settings;
    this.#slots = slots;
    this.#encoding = encoding;
    markPool(this, pool);
  }

  /**
   * Runs a function in a worker. Never throws: what is wrong with the call rejects the task.
   *
   * Rejects with what the function throws, `NotSerializableError` if the function, an argument or the result
   * cannot travel, `WorkerLostError` if the process died, `TaskTimeoutError`, `TaskCancelledError`,
   * `QueueFullError`, `PoolClosedError` or `PoolBrokenError`.
   *
   * @example
   *   import { resize } from './jobs.js';
   *   const thumbnail = await pool.submit(resize, bytes, 640);
   */
  submit<Args extends unknown[], Result>(
    fn: (...args: Args) => Result,
    ...args: Args
  ): Task<Awaited<Result>> {
    return this.#start<Awaited<Result>>(fn, args, this.#once(this.submit));
  }

  /**
   * Calls a function once per item, in the workers, and yields the results as they are read. The source may
   * be infinite or asynchronous: it is read only as far as the results are, plus `concurrency` chunks.
   *
   * `chunkSize` items travel together (default 1; `'auto'` aims at chunks of 20 ms). Options of a task count
   * for a chunk. A failing item throws at its place; what is under way is cancelled when the loop is left.
   *
   * @example
   *   for await (const size of pool.map(measure, paths, { chunkSize: 'auto' })) total += size;
   */
  map<Item, Result>(
    fn: (item: Item) => Result,
    iterable: Iterable<Item> | AsyncIterable<Item>,
    options: MapOptions = {},
  ): MapResult<Awaited<Result>> {
    const { chunkSize, concurrency, ordered } = checkMapOptions(options, 'pool.map()');
    checkIterable(iterable);
    const manner: Manner = { mode: 'each', sink: null, settings: this.#settings, site: callSite(this.map) };
    const encode = rememberedEncoder(fn, this.#encoding);
    return mapOver(iterable, {
      chunkSize,
      ordered,
      concurrency: concurrency ?? this.#slots() * chunksPerSlot,
      slots: this.#slots,
      prepare: (items) => this.#prepare(fn, manner, () => encode(items)),
      hasRoomFor: (bytes) => this.#engine.hasRoomFor(bytes),
      ready: (bytes) => this.#engine.ready(bytes),
      now: () => this.#engine.now(),
      noteWait: (promise) => this.#engine.noteWait(promise),
    });
  }

  /**
   * Runs a generator function in a worker and yields what it yields. The worker is at most 16 values ahead of
   * the reader; leaving the loop runs the generator's `finally`. Streams are not retried: values may have
   * been read.
   *
   * @example
   *   for await (const row of pool.stream(rows, 'big.csv')) if (row.id === wanted) break;
   */
  stream<Args extends unknown[], Yield>(
    fn:
      | ((
          ...args: Args
        ) => AsyncIterable<Yield> | Iterable<Yield> | Promise<AsyncIterable<Yield> | Iterable<Yield>>)
      | StreamReference<Args, Yield>,
    ...args: Args
  ): AsyncIterableIterator<Yield> {
    const settings = { ...this.#settings, retries: { ...this.#settings.retries, times: 0 } };
    return streamOf<Yield>(this.#engine, (sink) => {
      let entry: TaskEntry | null = null;
      const manner: Manner = { mode: 'stream', sink, settings, site: callSite(this.stream) };
      const task = this.#start(fn, args, manner, (opened) => {
        entry = opened;
      });
      return { task, entry: () => entry };
    });
  }

  /**
   * A module whose functions run in the workers, with their types. Nothing is imported here.
   *
   * @example
   *   const jobs = pool.module<typeof import('./jobs.js')>(new URL('./jobs.js', import.meta.url));
   *   const thumbnail = await jobs.resize(bytes, 640);
   */
  module<Module>(url: URL | string): ModuleProxy<Module> {
    return moduleProxy<Module>(url, (handle, args) => this.#start(handle, args, this.#once(handle)));
  }

  #once(above: AnyFunction): Manner {
    return { mode: 'call', sink: null, settings: this.#settings, site: callSite(above) };
  }

  #start<Result>(
    fn: unknown,
    args: readonly unknown[],
    manner: Manner,
    onOpened?: (entry: TaskEntry) => void,
  ): Task<Result> {
    return this.#open(fn, manner, () => encodeCall(fn, args, this.#encoding), onOpened);
  }

  /** What starts meanwhile need not be waited for. */
  #expectWork(fn: unknown, { settings }: Manner): void {
    if (!isCallKnown(fn) && settings.signal?.aborted !== true) this.#engine.expectWork();
  }

  /** Encodes a call that is made later: when there is room for so many bytes. */
  #prepare(fn: unknown, manner: Manner, encode: () => EncodedCall): PreparedChunk {
    this.#expectWork(fn, manner);
    try {
      const call = encode();
      return { bytes: argumentBytes(call), submit: () => this.#open(fn, manner, () => call) };
    } catch (error) {
      const refuse = (): never => {
        throw error;
      };
      return { bytes: 0, submit: () => this.#open(fn, manner, refuse) };
    }
  }

  #open<Result>(
    fn: unknown,
    manner: Manner,
    encode: () => EncodedCall,
    onOpened?: (entry: TaskEntry) => void,
  ): Task<Result> {
    const engine = this.#engine;
    return Task.open<Result>(engine, (resolve, reject) => {
      this.#expectWork(fn, manner);
      let call: EncodedCall;
      try {
        call = encode();
      } catch (error) {
        return engine.refuse(requestOf(refusedCall(fn), manner, resolve, reject), error);
      }
      const entry = engine.submit(requestOf(call, manner, resolve, reject));
      onOpened?.(entry);
      return entry;
    });
  }
}

/** Spelled out: this runs once per task, and spreading both took a tenth of all its time. */
function requestOf(
  { reference, args, captured }: EncodedCall,
  { mode, settings, sink, site }: Manner,
  resolve: TaskRequest['resolve'],
  reject: TaskRequest['reject'],
): TaskRequest {
  return { reference, args, captured, mode, settings, sink, site, resolve, reject };
}

/** Captures the function when the first chunk is sent, so that a refusal rejects as any other does. */
function rememberedEncoder(fn: unknown, options: CallOptions): EncodeCall {
  let encode: EncodeCall | undefined;
  return (args) => (encode ??= callEncoder(fn, options))(args);
}

/** Enough chunks under way that no worker waits for the next one to be read. */
const chunksPerSlot = 4;

function checkIterable(value: unknown): void {
  const isIterable =
    (typeof value === 'object' || typeof value === 'string') &&
    value !== null &&
    (Symbol.iterator in Object(value) || Symbol.asyncIterator in Object(value));
  if (isIterable) return;
  throw new InvalidOptionError(
    'iterable',
    `pool.map() got ${value === null ? 'null' : typeof value} as its second argument, which cannot be ` +
      'iterated. Pass an array, or any iterable or async iterable.',
  );
}
