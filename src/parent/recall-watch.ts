/**
 * Takes tasks back that wait, handed over but not started, in a worker that has said nothing for a while,
 * when another worker could start them. Durations are only guesses: a task that is slow for once must not
 * hold up others.
 */
import type { Dispatcher } from '../../machines/dispatcher.ts';
import type { Clock, Timer } from '../runtime/timers.ts';
import type { WorkerLink } from './worker-link.ts';

/** Silence shorter than this is ordinary: what is handed over ahead should start within two milliseconds. */
const lookAfterMs = 10;

/** A child that computes without a pause cannot answer; looking again and again gets rarer. */
const lookAfterMsMax = 1_000;

export class RecallWatch {
  readonly #clock: Clock;
  readonly #dispatcher: Dispatcher;
  readonly #links: ReadonlyMap<number, WorkerLink>;
  readonly #recall: (link: WorkerLink) => void;
  /** How many reports each worker had made at the last look. */
  readonly #reports = new Map<WorkerLink, number>();
  #timer: Timer | null = null;
  #delayMs = lookAfterMs;

  constructor(
    clock: Clock,
    dispatcher: Dispatcher,
    links: ReadonlyMap<number, WorkerLink>,
    recall: (link: WorkerLink) => void,
  ) {
    this.#clock = clock;
    this.#dispatcher = dispatcher;
    this.#links = links;
    this.#recall = recall;
  }

  /** Called whenever something may have changed; costs nothing while work is spread evenly. */
  check(): void {
    if (this.#timer !== null || !this.#dispatcher.isUneven) return;
    this.#note();
    this.#delayMs = lookAfterMs;
    this.#arm();
  }

  #arm(): void {
    this.#timer = this.#clock.after(this.#delayMs, () => this.#look());
  }

  #note(): void {
    this.#reports.clear();
    for (const link of this.#links.values()) this.#reports.set(link, link.reportCount);
  }

  #look(): void {
    this.#timer = null;
    if (!this.#dispatcher.isUneven) return;
    const silent = [...this.#links.values()].filter((link) => this.#reports.get(link) === link.reportCount);
    this.#note();
    this.#delayMs = Math.min(lookAfterMsMax, this.#delayMs * 2);
    this.#arm();
    for (const link of silent) this.#recall(link);
  }
}
