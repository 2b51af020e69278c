/** What can be done to a dispatcher, as random sequences. */
import fc from 'fast-check';
import { long, short, unknown } from './dispatching.ts';

export const workersMax = 4;
export const movesMax = 60;

/** `again`: it comes back to the queue, as one that is recalled or tried again. */
export type Move =
  | { readonly kind: 'submit'; readonly taskKind: number; readonly level: number }
  | { readonly kind: 'cancel' | 'withdraw' | 'park' | 'resume'; readonly pick: number }
  | { readonly kind: 'free'; readonly pick: number; readonly again: 'no' | 'front' | 'back' }
  | { readonly kind: 'offer'; readonly left: number | null }
  | { readonly kind: 'retire'; readonly count: number }
  | { readonly kind: 'learn'; readonly taskKind: number; readonly micros: number };

const taskKind = fc.constantFrom(short, short, short, long, unknown);
export const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('submit' as const),
        taskKind,
        level: fc.constantFrom(0, 0, 0, 1, 2),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('park' as const), pick: fc.nat() }) },
    fc.record({ kind: fc.constant('resume' as const), pick: fc.nat() }),
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('free' as const),
        pick: fc.nat(),
        again: fc.constantFrom('no' as const, 'no' as const, 'front' as const, 'back' as const),
      }),
    },
    fc.record({ kind: fc.constantFrom('cancel' as const, 'withdraw' as const), pick: fc.nat() }),
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('offer' as const),
        left: fc.option(fc.integer({ min: 1, max: 9 })),
      }),
    },
    fc.record({ kind: fc.constant('retire' as const), count: fc.integer({ min: 1, max: workersMax }) }),
    fc.record({
      kind: fc.constant('learn' as const),
      taskKind: fc.constantFrom(short, long),
      micros: fc.constantFrom(10, 900, 5_000),
    }),
  ),
  // By default most would be shorter than ten.
  { maxLength: movesMax, size: 'max' },
);
