/** The worker file worker-farm asks for: each task takes a callback. */
const tasks = require('./tasks.mjs');

function answer(result, callback) {
  if (typeof result?.then !== 'function') {
    callback(null, result);
    return;
  }
  result.then((value) => callback(null, value), callback);
}

for (const [name, task] of Object.entries(tasks))
  module.exports[name] = (value, callback) => answer(task(value), callback);
