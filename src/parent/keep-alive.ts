/**
 * Keeps the program alive while something is owed to it: an unsettled task, or a `close` that has not ended.
 * Every other handle of a pool is unreferenced, so an idle pool never holds a program back.
 */
export class KeepAlive {
  #owed = 0;
  #handle: NodeJS.Timeout | null = null;

  add(count: number): void {
    const before = this.#owed;
    this.#owed += count;
    if (before === 0 && this.#owed > 0) this.#hold();
    else if (before > 0 && this.#owed === 0) this.#handle?.unref();
  }

  #hold(): void {
    // A timer that never matters: it is only there to be referenced.
    this.#handle ??= setInterval(() => undefined, 2 ** 30);
    this.#handle.ref();
  }
}
