/**
 * Maps a function over any iterable in the workers, lazily: the source is read only as fast as results are
 * taken.
 */
import type { EachResult } from '../../machines/protocol.ts';
import { eachValues } from '../codec/each-result.ts';
import { ChunkFailure } from '../engine/engine.ts';
import { AutomaticSize, FixedSize } from './chunk-size.ts';
import { ItemSource } from './item-source.ts';
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
  /** How many tasks can run at a time. */
  slots(): number;
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

interface Failure {
  readonly error: unknown;
}

/** What a chunk came to: the results up to the first failure. */
interface Outcome {
  readonly values: readonly unknown[];
  readonly failure: Failure | null;
}

interface Chunk {
  readonly task: Task<unknown>;
  outcome: Outcome | null;
}

type Step<Result> = IteratorResult<Result, undefined>;

interface Waiter<Result> {
  resolve(step: Step<Result>): void;
  reject(error: unknown): void;
}

const noValues: readonly never[] = [];

export function mapOver<Result>(
  iterable: Iterable<unknown> | AsyncIterable<unknown>,
  run: MapRun,
): MapResult<Result> {
  return new Mapping<Result>(iterable, run);
}

/** Written by hand, because an async generator makes several promises for each result. */
class Mapping<Result> implements MapResult<Result> {
  readonly #source: ItemSource;
  readonly #run: MapRun;
  readonly #size: AutomaticSize | FixedSize;
  /** Under way, or ended and not yet read. */
  #chunks: Chunk[] = [];
  #underWay = 0;
  /** Of the chunk that is being read. */
  #values: readonly unknown[] = noValues;
  #next = 0;
  /** What the chunk that is being read ends with. */
  #failure: Failure | null = null;
  #waiters: Waiter<Result>[] = [];
  #isReading = false;
  #isExhausted = false;
  #isOver = false;
  #sourceFailure: Failure | null = null;

  constructor(iterable: Iterable<unknown> | AsyncIterable<unknown>, run: MapRun) {
    this.#source = new ItemSource(iterable);
    this.#run = run;
    this.#size = run.chunkSize === 'auto' ? new AutomaticSize() : new FixedSize(run.chunkSize);
  }

  next(): Promise<Step<Result>> {
    if (this.#next < this.#values.length) return Promise.resolve(this.#take());
    const step = new Promise<Step<Result>>((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    });
    this.#serve();
    if (this.#waiters.length > 0) this.#run.noteWait(step);
    return step;
  }

  async return(): Promise<Step<Result>> {
    const left = this.#stop();
    this.#tellRest();
    await left;
    return end;
  }

  async toArray(): Promise<Result[]> {
    const all: Result[] = [];
    for (;;) {
      const step = await this.next();
      if (step.done === true) return all;
      all.push(step.value);
      while (this.#next < this.#values.length) all.push(this.#take().value);
    }
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): IteratorYieldResult<Result> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the function's type says what comes
    const value = this.#values[this.#next] as Result;
    this.#next += 1;
    return { value, done: false };
  }

  /** Gives those who wait what there is. */
  #serve(): void {
    while (this.#waiters.length > 0) {
      if (this.#isOver) this.#tellRest();
      else if (this.#next < this.#values.length) this.#waiters.shift()?.resolve(this.#take());
      else if (this.#failure !== null) this.#finish(this.#failure);
      else if (!this.#turnToNext()) {
        this.#fill();
        if (this.#chunks.length > 0 || this.#isReading) return;
        this.#finish(this.#sourceFailure);
      }
    }
  }

  /** Begins to read a chunk that has ended, if there is one. */
  #turnToNext(): boolean {
    const at = this.#run.ordered ? 0 : this.#chunks.findIndex((chunk) => chunk.outcome !== null);
    const outcome = this.#chunks[at]?.outcome ?? null;
    this.#next = 0;
    this.#values = outcome?.values ?? noValues;
    if (outcome === null) return false;
    this.#chunks.splice(at, 1);
    this.#failure = outcome.failure;
    if (outcome.failure === null) this.#fill();
    return true;
  }

  /** Who waits longest hears how it ended, once the source is left. */
  #finish(failure: Failure | null): void {
    const first = this.#waiters.shift();
    const left = this.#stop();
    const tell = (): void => {
      if (failure === null) first?.resolve(end);
      else first?.reject(failure.error);
    };
    if (left === null) tell();
    else left.then(tell, (error: unknown) => first?.reject(error));
  }

  #tellRest(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.resolve(end);
  }

  /** Ends what is under way. Returns the leaving of a source that has not ended. */
  #stop(): Promise<unknown> | null {
    if (this.#isOver) return null;
    this.#isOver = true;
    this.#values = noValues;
    const chunks = this.#chunks;
    this.#chunks = [];
    for (const chunk of chunks) chunk.task.cancel('the results of map() are no longer read');
    return this.#isExhausted ? null : this.#leave();
  }

  /** A source that is waiting for its next item hears of it after that, which may be never. */
  async #leave(): Promise<void> {
    const left = Promise.resolve(this.#source.leave());
    if (this.#isReading) left.catch(() => undefined);
    else await left;
  }

  /** Starts reading ahead if there is room for another chunk. */
  #fill(): void {
    while (!this.#isOver && !this.#isReading && !this.#isExhausted && this.#hasPlace()) {
      this.#isReading = true;
      void this.#readChunk().then(() => this.#serve());
    }
  }

  #hasPlace(): boolean {
    const { concurrency } = this.#run;
    return this.#chunks.length < this.#size.mostUnderWay(concurrency, this.#run.slots());
  }

  async #readChunk(): Promise<void> {
    if (!this.#run.hasRoomFor(1)) await this.#run.ready(1);
    const items: unknown[] = [];
    if (!this.#isOver) {
      try {
        const count = this.#size.next(this.#source.left, this.#run.slots());
        const isAtEnd = this.#source.read(items, count, () => !this.#isOver);
        this.#isExhausted = typeof isAtEnd === 'boolean' ? isAtEnd : await isAtEnd;
      } catch (error) {
        this.#isExhausted = true;
        this.#sourceFailure = { error };
      }
    }
    // What it gave before it broke is still wanted; the room there was may be taken by now.
    if (items.length > 0 && !this.#isOver) {
      const prepared = this.#run.prepare(items);
      this.#size.noteBytes(items.length, prepared.bytes);
      // Without a pause where there is room: what can be submitted now is in before whatever comes next.
      while (!this.#run.hasRoomFor(prepared.bytes)) await this.#run.ready(prepared.bytes);
      if (!this.#isOver) this.#submit(items.length, prepared);
    }
    this.#isReading = false;
  }

  #submit(items: number, prepared: PreparedChunk): void {
    const startedAtMs = this.#run.now();
    const chunk: Chunk = { task: prepared.submit(), outcome: null };
    this.#chunks.push(chunk);
    this.#underWay += 1;
    const underWay = this.#underWay;
    follow(
      chunk.task,
      (value) => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what mode `each` returns
        const result = value as EachResult;
        const [tookMs, workMs] = [this.#run.now() - startedAtMs, (result.micros ?? 0) / 1_000];
        this.#size.noteEnded({ items, workMs, tookMs, underWay, slots: this.#run.slots() });
        this.#settle(chunk, { values: eachValues(result), failure: null });
      },
      (error: unknown) => {
        this.#settle(chunk, outcomeOf(error));
      },
    );
  }

  #settle(chunk: Chunk, outcome: Outcome): void {
    chunk.outcome = outcome;
    this.#underWay -= 1;
    this.#serve();
  }
}

const end: Step<never> = Object.freeze({ value: undefined, done: true });

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ChunkFailure)) return { values: noValues, failure: { error } };
  return { values: error.values, failure: { error: error.error } };
}
