/** How many items travel together when `chunkSize` is `'auto'`: a matter of what chunks before took. */

/** A chunk should keep a worker busy for so long: overhead is small, and the last ones end together. */
const targetMs = 20;

/** Items after fast ones may be slow, so a chunk is at most so many times larger than one that has ended. */
const growth = 8;
const itemsMax = 10_000;

/** More than this in a chunk saves nothing, and holds up whatever else its two processes do. */
const bytesMax = 128 * 1024;

/** Towards the end of a source, chunks are no smaller than this part of what they would be otherwise. */
const smallestPart = 1 / 8;

/** A chunk that has ended. */
export interface EndedChunk {
  readonly items: number;
  /** What the function took for all of them. */
  readonly workMs: number;
  /** From when it was submitted until its results were here. */
  readonly tookMs: number;
  /** How many chunks were under way when it was submitted, and with it. */
  readonly underWay: number;
  /** How many tasks can run at a time. */
  readonly slots: number;
}

/** A size that follows from what chunks took. */
export class AutomaticSize {
  #size = 1;
  #fitting = itemsMax;
  #isGrowing = true;

  /** How many chunks may be under way: few of those that are smaller than they will be. */
  mostUnderWay(concurrency: number, slots: number): number {
    return this.#isGrowing ? Math.min(concurrency, 2 * slots) : concurrency;
  }

  /** For the next chunk of a source that has so many items left, as far as it is known. */
  next(left: number, slots: number): number {
    const size = Math.min(this.#size, this.#fitting);
    const share = Math.max(Math.ceil(left / (2 * slots)), Math.ceil(size * smallestPart));
    return Math.min(size, share);
  }

  /** So many items took so many bytes. */
  noteBytes(items: number, bytes: number): void {
    this.#fitting = Math.max(1, Math.floor((items * bytesMax) / Math.max(bytes, 1)));
  }

  /**
   * The way of a chunk counts, too: results may be quick to make and slow to send. Chunks under way share the
   * slots and the way.
   */
  noteEnded({ items, workMs, tookMs, underWay, slots }: EndedChunk): void {
    const wayMs = tookMs * Math.min(1, slots / underWay);
    const ideal = Math.round((items * targetMs) / Math.max(workMs, wayMs, 0.001));
    const most = Math.max(this.#size, items * growth);
    this.#size = Math.max(1, Math.min(ideal, itemsMax, most));
    this.#isGrowing = this.#size < Math.min(ideal, itemsMax, this.#fitting);
  }
}

/** A size that was asked for. */
export class FixedSize {
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  next(): number {
    return this.#size;
  }

  mostUnderWay(concurrency: number): number {
    return concurrency;
  }

  noteBytes(): void {
    // As large as they are.
  }

  noteEnded(): void {
    // As long as it takes.
  }
}
