/**
 * Shares leases among pools made inside workers: arithmetic over plain data. Each such pool runs one worker
 * in the place of the task that made it, which waits meanwhile; every further one needs a lease.
 */

/** `Holder`: who asks, a pool or a worker on behalf of the pools in it. */
export class Budget<Holder> {
  readonly #held = new Map<Holder, number>();
  /** In the order in which they are served: one lease each, then again. */
  readonly #asked = new Map<Holder, number>();
  #capacity: number;
  #heldInAll = 0;
  #askedInAll = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** There may be fewer leases than are held: then none is given until enough have come back. */
  get capacity(): number {
    return this.#capacity;
  }

  set capacity(capacity: number) {
    this.#capacity = capacity;
  }

  /** Leases that nobody holds. */
  get free(): number {
    return Math.max(0, this.#capacity - this.#heldInAll);
  }

  /** Leases asked for and not given. */
  get wanted(): number {
    return this.#askedInAll;
  }

  /** Leases that should be there and are not: those asked for, and those held beyond the capacity. */
  get short(): number {
    return this.#askedInAll + Math.max(0, this.#heldInAll - this.#capacity);
  }

  /** Whether anybody holds a lease, or asks for one. */
  get isUsed(): boolean {
    return this.#heldInAll > 0 || this.#askedInAll > 0;
  }

  /** Those who could give some back. */
  get holders(): Holder[] {
    return [...this.#held.keys()];
  }

  heldBy(holder: Holder): number {
    return this.#held.get(holder) ?? 0;
  }

  /** What is short for others than this one. */
  shortBeside(holder: Holder): number {
    return this.short - (this.#asked.get(holder) ?? 0);
  }

  ask(holder: Holder, count: number): void {
    if (count <= 0) return;
    this.#asked.set(holder, (this.#asked.get(holder) ?? 0) + count);
    this.#askedInAll += count;
  }

  /** More than it holds cannot come back. */
  giveBack(holder: Holder, count: number): void {
    const held = this.heldBy(holder);
    const returned = Math.max(0, Math.min(count, held));
    this.#heldInAll -= returned;
    if (held > returned) this.#held.set(holder, held - returned);
    else this.#held.delete(holder);
  }

  /** The holder is gone, with all it asked for and held. */
  leave(holder: Holder): void {
    this.#askedInAll -= this.#asked.get(holder) ?? 0;
    this.#asked.delete(holder);
    this.giveBack(holder, Infinity);
  }

  /** Gives one lease to who is next, and says who that is. */
  next(): Holder | undefined {
    if (this.free === 0) return undefined;
    for (const [holder, count] of this.#asked) {
      this.#asked.delete(holder);
      if (count > 1) this.#asked.set(holder, count - 1);
      this.#askedInAll -= 1;
      this.#held.set(holder, this.heldBy(holder) + 1);
      this.#heldInAll += 1;
      return holder;
    }
    return undefined;
  }
}
