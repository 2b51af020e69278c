/** What jest-worker's two kinds of workers have in common. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'jest-worker';
import { tasks } from './task-table.mjs';

const workerPath = fileURLToPath(new URL('./tasks.mjs', import.meta.url));

export function openJestWorker(options) {
  const pool = new Worker(workerPath, { ...options, exposedMethods: Object.keys(tasks) });
  return {
    call: (task, value) => pool[task](value),
    close: () => pool.end(),
  };
}
