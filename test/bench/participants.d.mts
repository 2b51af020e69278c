/** Types of `participants.mjs`, for the test that checks it. */
import type { Contender } from './report.d.mts';

export interface Invitation {
  readonly only?: readonly string[];
  readonly kinds?: readonly string[];
  readonly floors: readonly string[];
}

export function participantsOf(measurement: Invitation, contenders: readonly Contender[]): Contender[];
