/** How calls end that no worker has taken: the names tinypool gives these errors. */

/** The call was aborted while it waited. `cause` is the signal's reason. */
export class AbortError extends Error {
  constructor(reason: unknown) {
    super('The task was aborted before it started.', { cause: reason });
    this.name = 'AbortError';
  }
}

/** The call was waiting when `cancelPendingTasks()` was called. */
export class CancelError extends Error {
  constructor() {
    super('The task was cancelled before it started, by cancelPendingTasks().');
    this.name = 'CancelError';
  }
}
