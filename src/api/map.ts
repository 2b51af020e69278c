/** Maps a function over any iterable in the workers, lazily: the source is read only as fast as results are taken. */
import type { Task } from './task.ts';

/** What one chunk came to: results up to the first failure. */
export interface ChunkResult {
  readonly values: unknown[];
  readonly failed: boolean;
  readonly error?: unknown;
}

export interface MapRun {
  readonly chunkSize: number | 'auto';
  /** Chunks under way at a time. */
  readonly concurrency: number;
  readonly ordered: boolean;
  submit(items: unknown[]): Task<unknown>;
  /** Resolves when the pool has room for a task. */
  ready(): Promise<void>;
}

/** Results of `pool.map`, one at a time or all at once. */
export interface MapResult<Result> extends AsyncIterableIterator<Result> {
  /** Reads to the end. */
  toArray(): Promise<Result[]>;
}

/** With `chunkSize: 'auto'` a chunk should take about this long: overhead is small, and the last ones end together. */
const chunkTargetMs = 20;
const chunkGrowth = 4;
const chunkMax = 10_000;

interface Chunk {
  readonly task: Task<unknown>;
  outcome: ChunkResult | null;
}

type Source = Iterator<unknown> | AsyncIterator<unknown>;

export function mapOver<Result>(iterable: Iterable<unknown> | AsyncIterable<unknown>, run: MapRun): MapResult<Result> {
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
      for (const chunk of this.#chunks) chunk.task.cancel('the results of map() are no longer read');
      if (!this.#isExhausted) await source.return?.();
    }
  }

  /** Starts reading ahead if there is room for another chunk. */
  #fill(source: Source): void {
    while (!this.#isReading && !this.#isExhausted && this.#chunks.length < this.#run.concurrency) {
      this.#isReading = true;
      void this.#readChunk(source);
    }
  }

  async #readChunk(source: Source): Promise<void> {
    try {
      await this.#run.ready();
      const items: unknown[] = [];
      while (items.length < this.#size) {
        const step = source.next();
        const { done, value } = step instanceof Promise ? await step : (step as IteratorResult<unknown>);
        if (done === true) {
          this.#isExhausted = true;
          break;
        }
        items.push(value);
      }
      if (items.length > 0) this.#submit(items);
    } catch (error) {
      this.#isExhausted = true;
      this.#sourceFailure = { error };
    }
    this.#isReading = false;
    this.#wakeUp();
  }

  #submit(items: unknown[]): void {
    const startedAtMs = performance.now();
    const chunk: Chunk = { task: this.#run.submit(items), outcome: null };
    this.#chunks.push(chunk);
    chunk.task.then(
      (result) => {
        chunk.outcome = result as ChunkResult;
        this.#adapt(items.length, performance.now() - startedAtMs);
        this.#wakeUp();
      },
      (error: unknown) => {
        chunk.outcome = { values: [], failed: true, error };
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

  #takeEnded(): ChunkResult | undefined {
    const at = this.#run.ordered ? 0 : this.#chunks.findIndex((chunk) => chunk.outcome !== null);
    const outcome = this.#chunks[at]?.outcome ?? undefined;
    if (outcome !== undefined) this.#chunks.splice(at, 1);
    return outcome;
  }

  #nextWake(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = null;
  }
}

function iteratorOf(iterable: Iterable<unknown> | AsyncIterable<unknown>): Source {
  return Symbol.asyncIterator in iterable ? iterable[Symbol.asyncIterator]() : iterable[Symbol.iterator]();
}
