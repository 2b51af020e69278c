/** One direction of a pipe: what the kernel has taken and not yet given, and what it has not taken. */

/** How a stream is told that a write is over. */
export type Done = (error?: Error | null) => void;

export class Lane {
  readonly label: string;
  /** What the writing process still has: it goes with it. */
  waiting: { bytes: Buffer; readonly done: Done } | null = null;
  isReadScheduled = false;
  isWriteScheduled = false;
  /** Nobody can write any more. */
  isEnded = false;
  /** Nobody will read any more. */
  isDeaf = false;
  /** What comes after the last byte: the end, or an error if the peer died with bytes of ours unread. */
  isReset = false;
  readonly #capacityBytes: number;
  /** What the kernel has, whoever dies. */
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(label: string, capacityBytes: number) {
    this.label = label;
    this.#capacityBytes = capacityBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** How much of what waits the kernel can take. */
  get room(): number {
    return Math.min(this.waiting?.bytes.length ?? 0, this.#capacityBytes - this.#heldBytes);
  }

  /** The kernel takes so much of what waits. Returns whom to tell if that was all. */
  take(count: number): Done | null {
    const { waiting } = this;
    if (waiting === null) return null;
    if (count > 0) this.#held.push(waiting.bytes.subarray(0, count));
    this.#heldBytes += count;
    waiting.bytes = waiting.bytes.subarray(count);
    if (waiting.bytes.length > 0) return null;
    this.waiting = null;
    return waiting.done;
  }

  /** The kernel gives so much. A copy: the reader may keep it, and the writer may reuse its own. */
  give(count: number): Buffer {
    const all = Buffer.concat(this.#held);
    this.#held = count < all.length ? [all.subarray(count)] : [];
    this.#heldBytes -= count;
    return Buffer.from(all.subarray(0, count));
  }

  /** What the kernel has is gone. */
  drop(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }
}
