/** The tasks by name. */
import * as exported from './tasks.mjs';

export const tasks = { ...exported };
