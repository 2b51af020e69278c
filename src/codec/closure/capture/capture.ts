/**
 * Takes values apart, functions with all they capture, into a graph that another process can make them of
 * again.
 */
import { addWeakEntries } from './weak-collections.ts';
import { Capturing } from './capturing.ts';
import { type Captured, finish } from './finish.ts';
import { describeFunctions } from './function-drafts.ts';
import { objectDraft } from './object-draft.ts';
import type { CaptureOptions } from './options.ts';

export type { Captured } from './finish.ts';
export type { CaptureOptions, Registered } from './options.ts';

/**
 * Captures values as they are now; later changes do not show. Runs no code of theirs. Throws
 * NotSerializableError if something that they need cannot be sent.
 */
export function capture(values: readonly unknown[], options: CaptureOptions): Captured {
  const capturing = new Capturing(options);
  const roots = values.map((value) => capturing.slotOf(value));
  // First the functions that were submitted, for where they were written decides what a child may import.
  const { ownerOfAll } = options;
  describeFunctions(
    capturing.takeFunctions(),
    capturing,
    (fn) => ownerOfAll === undefined || fn === ownerOfAll,
  );
  do {
    for (let turns = capturing.takeObjects(); turns.length > 0; turns = capturing.takeObjects())
      for (const turn of turns) turn.entry.draft ??= objectDraft(turn, capturing);
    describeFunctions(capturing.takeFunctions(), capturing, () => false);
  } while (capturing.hasTurns || addWeakEntries(capturing));
  return finish(capturing, roots);
}
