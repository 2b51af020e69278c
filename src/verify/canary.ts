/**
 * Small systems with a mistake in each, to be found before any other search is believed: a checker that finds
 * nothing may be blind. Each has a healthy twin, in which nothing may be found.
 */
import { check } from './check.ts';
import type { Model } from './model.ts';
import { twoLocks } from './canary-deadlock.ts';
import { oneTask } from './canary-double-settle.ts';
import { oneDoor } from './canary-livelock.ts';

/** A planted mistake. */
export interface CanaryResult {
  readonly name: string;
  /** The mistake was found, with a story that can be told, and its healthy twin passed. */
  readonly found: boolean;
}

interface Canary {
  readonly name: string;
  readonly make: (isPlanted: boolean) => Model;
  /** What the mistake breaks. */
  readonly property: string;
}

const canaries: readonly Canary[] = [
  { name: 'a planted deadlock', make: twoLocks, property: 'no deadlock' },
  { name: 'a planted double settle', make: oneTask, property: 'every step keeps the rules' },
  { name: 'a planted livelock', make: oneDoor, property: 'one of the two goes through' },
];

/** Looks for every planted mistake. It takes a few milliseconds. */
export function findCanaries(): CanaryResult[] {
  return canaries.map(({ name, make, property }) => {
    const { counterexample } = check(make(true));
    const length = (counterexample?.steps.length ?? 0) + (counterexample?.circle.length ?? 0);
    const isFound = counterexample?.property === property && length > 0;
    return { name, found: isFound && check(make(false)).verdict === 'passed' };
  });
}
