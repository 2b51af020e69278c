/** The other end of the bare `fork`: runs what a message names and sends back what it gave. */
import process from 'node:process';
import * as tasks from './tasks.mjs';

process.on('message', ([id, task, value]) => {
  const result = tasks[task](value);
  if (result instanceof Promise) result.then((late) => process.send([id, late]));
  else process.send([id, result]);
});
