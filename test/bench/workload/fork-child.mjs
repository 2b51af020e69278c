/** The other end of the bare `fork`: runs what a message names and sends back what it gave. */
import process from 'node:process';
import { tasks } from './task-table.mjs';

process.on('message', ([id, task, value]) => {
  const result = tasks[task](value);
  if (result instanceof Promise) void result.then((late) => process.send([id, late]));
  else process.send([id, result]);
});
