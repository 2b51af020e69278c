/** Callers who wait for something of a pool: room in its queue, or its end. */

export class WaitingCallers {
  #resolvers: (() => void)[] = [];

  get count(): number {
    return this.#resolvers.length;
  }

  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolvers.push(resolve);
    });
  }

  /** Wakes who has waited longest. */
  wakeOne(): void {
    this.#resolvers.shift()?.();
  }

  /** Wakes all, and says how many they were. */
  wakeAll(): number {
    const resolvers = this.#resolvers;
    this.#resolvers = [];
    for (const resolve of resolvers) resolve();
    return resolvers.length;
  }
}
