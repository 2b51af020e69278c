/** Runs the main program in a thread of its own. */
import { Worker } from 'node:worker_threads';

const worker = new Worker(new URL('main.mjs', import.meta.url));
worker.on('error', (error) => {
  throw error;
});
