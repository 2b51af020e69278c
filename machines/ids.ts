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
