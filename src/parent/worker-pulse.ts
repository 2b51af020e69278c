/** How a worker is: what it said of itself, what it was asked, and how long it was silent. */

/** A worker that did not answer. */
export interface Silence {
  readonly silentMs: number;
  /** The system had stopped the process; no task blocked it. */
  readonly isStopped: boolean;
  /** Public ids of the tasks that ran in it. */
  readonly tasks: readonly string[];
  /** The limit that was passed. */
  readonly limitMs: number;
}

/** What a child says about itself, about once a second while it has tasks. */
export interface PulseReport {
  /** The longest that its event loop was late since the last report. */
  readonly lagMs: number;
  readonly rssBytes: number;
  readonly cpuMs: number;
  /** When it was read here. */
  readonly atMs: number;
}

export class WorkerPulse {
  /** Tasks that came to an end in it. */
  tasksDone = 0;
  /** Why it was said to be silent, the last time. */
  silence: Silence | null = null;
  last: PulseReport | null = null;
  /** How long the last answer took. */
  lastSilentMs = 0;
  #askedAtMs: number | null = null;

  /** Notes a question. If an earlier one has no answer yet, the silence began there. */
  ask(nowMs: number): void {
    this.#askedAtMs ??= nowMs;
  }

  /** Notes an answer. */
  answer(nowMs: number): void {
    this.lastSilentMs = this.silentMs(nowMs);
    this.#askedAtMs = null;
  }

  get isAsked(): boolean {
    return this.#askedAtMs !== null;
  }

  /** Since the first question that has no answer. */
  silentMs(nowMs: number): number {
    return this.#askedAtMs === null ? 0 : nowMs - this.#askedAtMs;
  }
}
