/** The worker file workerpool asks for: it registers the tasks by name. */
import workerpool from 'workerpool';
import { byteLength, echo, hold, noop, pid } from './tasks.mjs';

workerpool.worker({ byteLength, echo, hold, noop, pid });
