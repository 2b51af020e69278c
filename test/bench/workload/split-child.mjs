/** Does its share of the work, and sends all results at once. */
import process from 'node:process';
import { tasks } from './task-table.mjs';

async function work(task, values) {
  const results = [];
  for (const value of values) results.push(await tasks[task](value));
  process.send(results);
}

process.on('message', ([task, values]) => {
  void work(task, values);
});
