/** The worker file worker-farm asks for: each task takes a callback. */
const tasks = require('./tasks.mjs');

const isPromise = (result) => typeof result?.then === 'function';

async function answerLater(result, callback) {
  let value;
  try {
    value = await result;
  } catch (error) {
    callback(error);
    return;
  }
  callback(null, value);
}

for (const [name, task] of Object.entries(tasks))
  module.exports[name] = (value, callback) => {
    const result = task(value);
    if (isPromise(result)) void answerLater(result, callback);
    else callback(null, result);
  };
