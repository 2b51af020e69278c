/**
 * What must hold, in three words: `always` in every moment, `sometimes` in at least one, `eventually` from
 * every moment on, on every fair path.
 */
import type { World } from './world.ts';

/** A sentence about a system, and how to tell whether it holds in a moment. */
export interface Property {
  readonly kind: 'always' | 'sometimes' | 'eventually';
  readonly name: string;
  readonly holds: (world: World) => boolean;
}

/**
 * Holds in every moment that can be reached; a moment in which it does not is a counterexample.
 *
 * @example
 *   always('at most one holds the lock', (world) => {
 *     const holders = world.ids('client').filter((id) => world.stateOf('client', id) === 'working');
 *     return holders.length <= 1;
 *   });
 */
export function always(name: string, holds: (world: World) => boolean): Property {
  return { kind: 'always', name, holds };
}

/**
 * Holds in at least one moment. Proves nothing about the system, but that the search was not an empty one:
 * a model in which nothing happens satisfies every `always`.
 */
export function sometimes(name: string, holds: (world: World) => boolean): Property {
  return { kind: 'sometimes', name, holds };
}

/**
 * Wherever the system is, on every fair path from there it comes to hold. A path is fair if no move that has
 * to happen (a `system` or a `timer` move) stays possible for ever without being made; moves of callers and
 * faults may be made or not. It fails if the system can come to rest where it does not hold, or go round for
 * ever without it: this is computed on the strongly connected components of the moments in which it does not
 * hold, and is exact for weak fairness between the names of moves.
 */
export function eventually(name: string, holds: (world: World) => boolean): Property {
  return { kind: 'eventually', name, holds };
}
