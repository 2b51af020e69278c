/** Does its share of the work, and sends all results at once. */
import process from 'node:process';
import * as tasks from './tasks.mjs';

process.on('message', async ([task, values]) => {
  const results = [];
  for (const value of values) results.push(await tasks[task](value));
  process.send(results);
});
