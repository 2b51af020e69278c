/** The worker file workerpool asks for: it registers the tasks by name. */
import workerpool from 'workerpool';
import { tasks } from './task-table.mjs';

workerpool.worker({ ...tasks });
