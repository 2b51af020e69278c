/**
 * Maps a function over any iterable in the workers, lazily: the source is read only as fast as results are
 * taken.
 */
import type { EachResult } from '../../machines/protocol.ts';
import { ChunkFailure } from '../engine/engine.ts';
import { follow, type Task } from './task.ts';

/** A chunk whose items have been encoded. */
export interface PreparedChunk {
  readonly bytes: number;
  submit(): Task<unknown>;
}

export interface MapRun {
  readonly chunkSize: number | 'auto';
  /** Chunks under way at a time. */
  readonly concurrency: number;
  readonly ordered: boolean;
  prepare(items: unknown[]): PreparedChunk;
  /** Whether the pool has room now for a task with so many bytes of arguments. */
  hasRoomFor(bytes: number): boolean;
  /** Resolves when there may be room: somebody else may be faster. */
  ready(bytes: number): Promise<void>;
  /** In milliseconds. */
  now(): number;
  /** The reader of the results waits for that. */
  noteWait(promise: Promise<unknown>): void;
}

/** Results of `pool.map`, one at a time or all at once. */
export interface MapResult<Result> extends AsyncIterableIterator<Result> {
  /** Reads to the end. */
  toArray(): Promise<Result[]>;
}

/**
 * With `chunkSize: 'auto'` a chunk should take about this long: overhead is small, and the last ones end
 * together.
 */
const chunkTargetMs = 20;
const chunkGrowth = 4;
const chunkMax = 10_000;

interface Chunk {
  readonly task: Task<unknown>;
  outcome: EachResult | null;
}

type Source = Iterator<unknown, unknown> | AsyncIterator<unknown, unknown>;

export function mapOver<Result>(
  iterable: Iterable<unknown> | AsyncIterable<unknown>,
  run: MapRun,
): MapResult<Result> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the function's type says what comes
  const results = new Mapping(iterable, run).results() as AsyncGenerator<Result, undefined>;
  return Object.assign(results, {
    async toArray(): Promise<Result[]> {
      const all: Result[] = [];
      for await (const result of results) all.push(result);
      return all;
    },
  });
}

class Mapping {
  readonly #iterable: Iterable<unknown> | AsyncIterable<unknown>;
  readonly #run: MapRun;
  readonly #chunks: Chunk[] = [];
  #size: number;
  #isReading = false;
  #isExhausted = false;
  #isAbandoned = false;
  #sourceFailure: { readonly error: unknown } | null = null;
  #wake: (() => void) | null = null;

  constructor(iterable: Iterable<unknown> | AsyncIterable<unknown>, run: MapRun) {
    this.#iterable = iterable;
    this.#run = run;
    this.#size = run.chunkSize === 'auto' ? 1 : run.chunkSize;
  }

  async *results(): AsyncGenerator<unknown, undefined> {
    const source = iteratorOf(this.#iterable);
    try {
      for (;;) {
        this.#fill(source);
        const ended = this.#takeEnded();
        if (ended !== undefined) {
          yield* ended.values;
          if (ended.failed) throw ended.error;
        } else if (this.#chunks.length > 0 || this.#isReading) await this.#nextWake();
        else if (this.#sourceFailure !== null) throw this.#sourceFailure.error;
        else return undefined;
      }
    } finally {
      this.#isAbandoned = true;
      for (const chunk of this.#chunks) chunk.task.cancel('the results of map() are no longer read');
      if (!this.#isExhausted) await this.#leave(source);
    }
  }

  /** A source that is waiting for its next item hears of it after that, which may be never. */
  async #leave(source: Source): Promise<void> {
    const left = Promise.resolve(source.return?.());
    if (this.#isReading) left.catch(() => undefined);
    else await left;
  }

  /** Starts reading ahead if there is room for another chunk. */
  #fill(source: Source): void {
    while (!this.#isReading && !this.#isExhausted && this.#chunks.length < this.#run.concurrency) {
      this.#isReading = true;
      void this.#readChunk(source);
    }
  }

  async #readChunk(source: Source): Promise<void> {
    if (!this.#run.hasRoomFor(1)) await this.#run.ready(1);
    const items: unknown[] = [];
    try {
      while (items.length < this.#size && !this.#isAbandoned) {
        const step = source.next();
        const { done, value }: IteratorResult<unknown, unknown> = step instanceof Promise ? await step : step;
        if (done === true) {
          this.#isExhausted = true;
          break;
        }
        items.push(value);
      }
    } catch (error) {
      this.#isExhausted = true;
      this.#sourceFailure = { error };
    }
    // What it gave before it broke is still wanted; the room there was may be taken by now.
    if (items.length > 0 && !this.#isAbandoned) {
      const prepared = this.#run.prepare(items);
      // Without a pause where there is room: what can be submitted now is in before whatever comes next.
      while (!this.#run.hasRoomFor(prepared.bytes)) await this.#run.ready(prepared.bytes);
      if (!this.#isAbandoned) this.#submit(items, prepared);
    }
    this.#isReading = false;
    this.#wakeUp();
  }

  #submit(items: unknown[], prepared: PreparedChunk): void {
    const startedAtMs = this.#run.now();
    const chunk: Chunk = { task: prepared.submit(), outcome: null };
    this.#chunks.push(chunk);
    follow(
      chunk.task,
      (result) => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what mode `each` returns
        chunk.outcome = result as EachResult;
        this.#adapt(items.length, this.#run.now() - startedAtMs);
        this.#wakeUp();
      },
      (error) => {
        chunk.outcome = failureOf(error);
        this.#wakeUp();
      },
    );
  }

  /** Chunks under way share the workers, so the time one took is an upper bound of its work. */
  #adapt(length: number, tookMs: number): void {
    if (this.#run.chunkSize !== 'auto' || length < this.#size) return;
    const ideal = (length * chunkTargetMs) / Math.max(tookMs, 0.01);
    this.#size = Math.max(1, Math.min(chunkMax, length * chunkGrowth, Math.round(ideal)));
  }

  #takeEnded(): EachResult | undefined {
    const at = this.#run.ordered ? 0 : this.#chunks.findIndex((chunk) => chunk.outcome !== null);
    const outcome = this.#chunks[at]?.outcome ?? undefined;
    if (outcome !== undefined) this.#chunks.splice(at, 1);
    return outcome;
  }

  #nextWake(): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#run.noteWait(woken);
    return woken;
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = null;
  }
}

function failureOf(error: unknown): EachResult {
  const { values, error: cause } = error instanceof ChunkFailure ? error : { values: [], error };
  return { values, failed: true, error: cause };
}

function iteratorOf(iterable: Iterable<unknown> | AsyncIterable<unknown>): Source {
  return Symbol.asyncIterator in iterable ? iterable[Symbol.asyncIterator]() : iterable[Symbol.iterator]();
}
