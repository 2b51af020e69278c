/**
 * Tells the parent how this process is, about once a second while it has tasks: how late its event loop was,
 * and what it has used. A child without tasks does not wake up for that.
 */
import type { ChildPorts } from './child-ports.ts';

/** How often it looks how late it is. A block of the loop is measured from the next look on. */
const lookEveryMs = 100;

const reportEveryMs = 1_000;

export type WritePulse = (lagMs: number, rssBytes: number, cpuMicros: number) => void;

export class Pulse {
  readonly #ports: ChildPorts;
  readonly #hasTasks: () => boolean;
  readonly #write: WritePulse;
  #isLooking = false;
  #hadTask = false;
  #reportedAtMs = 0;
  #worstMs = 0;
  /** In the second before: what was long must not be hidden by a last report soon after. */
  #worstBeforeMs = 0;

  constructor(ports: ChildPorts, hasTasks: () => boolean, write: WritePulse) {
    this.#ports = ports;
    this.#hasTasks = hasTasks;
    this.#write = write;
  }

  noteTask(): void {
    this.#hadTask = true;
    if (this.#isLooking) return;
    this.#reportedAtMs = this.#ports.now();
    this.#worstMs = 0;
    this.#worstBeforeMs = 0;
    this.#arm();
  }

  #arm(): void {
    this.#isLooking = true;
    const dueMs = this.#ports.now() + lookEveryMs;
    this.#ports.after(lookEveryMs, () => this.#look(dueMs));
  }

  #look(dueMs: number): void {
    this.#isLooking = false;
    const nowMs = this.#ports.now();
    this.#worstMs = Math.max(this.#worstMs, nowMs - dueMs);
    const isAtRest = !this.#hadTask && !this.#hasTasks();
    this.#hadTask = false;
    if (isAtRest || nowMs - this.#reportedAtMs >= reportEveryMs) this.#report(nowMs);
    if (!isAtRest) this.#arm();
  }

  #report(nowMs: number): void {
    const { rssBytes, cpuMicros } = this.#ports.usage();
    // Timers are rounded to whole milliseconds, and may be early by a part of one.
    const lagMs = Math.max(0, this.#worstMs, this.#worstBeforeMs);
    this.#write(Math.round(lagMs * 1_000) / 1_000, rssBytes, cpuMicros);
    if (nowMs - this.#reportedAtMs < reportEveryMs) return;
    this.#worstBeforeMs = this.#worstMs;
    this.#reportedAtMs = nowMs;
    this.#worstMs = 0;
  }
}
