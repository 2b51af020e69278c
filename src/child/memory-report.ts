/**
 * Tells the parent how much memory this process holds, after a task and then again when it has become quiet.
 * What it means is decided there.
 */
import type { ChildPorts } from './child-ports.ts';

/** Asking the system takes microseconds, but a task may take no longer. */
const pauseMs = 100;

export class MemoryReport {
  readonly #ports: ChildPorts;
  readonly #write: (rssBytes: number) => void;
  #writtenAtMs = -Infinity;
  #isDue = false;

  constructor(ports: ChildPorts, write: (rssBytes: number) => void) {
    this.#ports = ports;
    this.#write = write;
  }

  /** The last task before a pause is told of when the pause is over. */
  noteTaskEnd(): void {
    if (this.#isDue) return;
    const waitMs = this.#writtenAtMs + pauseMs - this.#ports.now();
    if (waitMs <= 0) {
      this.#tell();
      return;
    }
    this.#isDue = true;
    this.#ports.after(waitMs, () => {
      this.#isDue = false;
      this.#tell();
    });
  }

  #tell(): void {
    this.#writtenAtMs = this.#ports.now();
    this.#write(this.#ports.usage().rssBytes);
  }
}
