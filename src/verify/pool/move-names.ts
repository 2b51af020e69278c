/** What the moves around a pool are called, so that a report can say which of them were never made. */
import { kindsWithTimers } from './timer-owner.ts';

/** The name of the moves in which a timer of a machine fires. */
export const timerMoveOf = (kind: string): string => `a ${kind}'s timer`;

export const timerNames: readonly string[] = [
  ...kindsWithTimers.map(timerMoveOf),
  'recall',
  'notice a pause',
];

/** What callers may do, also if a scope rules it out: what no scope allows was not explored. */
export const callNames: readonly string[] = [
  'submit',
  'expect work',
  'wait for room',
  'warm',
  'release',
  'cancel',
  'resize',
  'close',
  'close without draining',
  'close within a time',
  'terminate',
  'grant a lease',
  'want leases',
];
