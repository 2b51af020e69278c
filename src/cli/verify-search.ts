/** One search of `troupe verify`, in parts: between them Ctrl-C is heard, and ends it with a report. */
import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkInParts, type Report } from '../verify/check.ts';
import type { VerifyOptions } from './verify-options.ts';
import { ProgressLine } from './verify-progress.ts';
import type { Subject } from './verify-subjects.ts';

/** Whether somebody pressed Ctrl-C. Whoever does so twice need not wait for what is under way. */
export class Interruption {
  isAsked = false;
  readonly #note = (): void => {
    this.isAsked = true;
  };

  constructor() {
    process.once('SIGINT', this.#note);
  }

  stop(): void {
    process.off('SIGINT', this.#note);
  }
}

/** Explores a subject to its end, to a limit, or until the interruption. */
export async function search(
  { limits, symmetry, reduction }: VerifyOptions,
  { name, model, scope, states }: Subject,
  interruption: Interruption,
): Promise<Report> {
  const line = new ProgressLine(process.stderr, name, symmetry && reduction ? states : 0);
  const parts = checkInParts(model, {
    ...scope,
    limits,
    symmetry,
    reduction,
    onProgress: (progress) => line.show(progress),
  });
  try {
    for (;;) {
      const part = parts.next(interruption.isAsked);
      if (part.done === true) return part.value;
      await nextTurn();
    }
  } finally {
    line.clear();
  }
}
