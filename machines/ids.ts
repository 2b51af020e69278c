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
  if (ids.length === 0 || (ids.length === 1 && ids[0] === taskId)) return noTasks;
  // Mostly it is the oldest.
  return ids[0] === taskId ? ids.slice(1) : ids.filter((id) => id !== taskId);
}
