/** A seat of a Tinypool, what is known of its worker, and how calls are given to it. */
import type { Submitter } from '../api/submitter.ts';
import type { Report } from './report-to-parent.ts';
import type { Seat } from './seat.ts';
import type { TinypoolCall, TinypoolChannel } from './tinypool-call.ts';

export class Place {
  readonly seat: Seat;
  /** Runs a call that can be aborted, which takes the process along. */
  isAlone = false;
  /** Such a call was aborted: what it left behind may still run. */
  isTainted = false;
  isTooLarge = false;
  /** Leaves when its calls have ended. */
  isSpent = false;
  idle: NodeJS.Timeout | undefined;
  retired: Promise<void> | undefined;
  channel: TinypoolChannel | undefined;
  readonly #submitters = new Map<string, Submitter>();

  constructor(seat: Seat) {
    this.seat = seat;
  }

  /** Calls with neither signal nor channel share one for each name, so that options are checked once. */
  submitterFor({ parts: { name, channel }, signal }: TinypoolCall): Submitter {
    const isPlain = signal === null && channel === undefined;
    const known = isPlain ? this.#submitters.get(name) : undefined;
    if (known !== undefined) return known;
    const onProgress = (report: unknown): void => this.#hear(report, channel);
    const made = this.seat.pool.with({ name, onProgress, signal: signal ?? undefined });
    if (isPlain) this.#submitters.set(name, made);
    return made;
  }

  #hear(report: unknown, channel: TinypoolChannel | undefined): void {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by report-to-parent.ts
    const said = report as Report;
    if ('heapBytes' in said) this.isTooLarge = true;
    else channel?.postMessage?.(said.message);
  }
}
