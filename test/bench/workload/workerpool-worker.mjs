/** The worker file workerpool asks for: it registers the tasks by name. */
import workerpool from 'workerpool';
import * as tasks from './tasks.mjs';

workerpool.worker({ ...tasks });
