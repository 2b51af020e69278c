/**
 * Ids are numbers that one pool counts up and never uses again; a message that carries an old one matches
 * nothing.
 */

/** One call of a function, whatever number of attempts it takes. */
export type TaskId = number;

/**
 * One child process as the parent knows it. A replacement gets a new id: this is the "worker epoch" of every
 * message.
 */
export type WorkerId = number;

/** No task: one list for all, since most lists are empty most of the time. */
export const noTasks: readonly TaskId[] = [];

/** The list without one task. */
export function withoutTask(ids: readonly TaskId[], taskId: TaskId): readonly TaskId[] {
  const at = ids.indexOf(taskId);
  if (at === -1) return ids;
  if (ids.length === 1) return noTasks;
  // Mostly it is the oldest.
  return at === 0 ? ids.slice(1) : ids.toSpliced(at, 1);
}

/** The list and one task more. Not by a spread, which sets aside half as much again. */
export function withTask(ids: readonly TaskId[], taskId: TaskId): readonly TaskId[] {
  return ids.length === 0 ? [taskId] : ids.concat(taskId);
}
