/** Whose timer a move is about: the kind of its owner is the last digit of the move's number. */

export const kindsWithTimers = ['pool', 'worker', 'task'] as const;

export interface TimerOwner {
  readonly kind: (typeof kindsWithTimers)[number];
  readonly id: number;
}

export const numberOfOwner = ({ kind, id }: TimerOwner): number =>
  id * kindsWithTimers.length + kindsWithTimers.indexOf(kind);

export function ownerOfTimer(number: number): TimerOwner {
  const kind = kindsWithTimers[number % kindsWithTimers.length] ?? 'pool';
  return { kind, id: Math.floor(number / kindsWithTimers.length) };
}
