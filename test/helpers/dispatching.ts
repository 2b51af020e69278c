/** Waiting tasks of three kinds, and a dispatcher that hands over whatever fits. */
import type { Dispatcher, Match, WaitingTask } from '../../machines/dispatcher.ts';

export const short = 1;
export const long = 2;
export const unknown = 3;

export const waitingTask = (
  taskId: number,
  priority = 0,
  key: string | null = null,
  kind: number = unknown,
): WaitingTask => ({ taskId, priority, key, kind });

export function drain(dispatcher: Dispatcher): Match[] {
  const matches: Match[] = [];
  for (let match = dispatcher.next(); match !== undefined; match = dispatcher.next()) matches.push(match);
  return matches;
}
