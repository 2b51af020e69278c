/**
 * The worker file poolifier asks for: it registers the tasks by name. CommonJS, because a cluster worker that
 * is still loading its modules asynchronously never sees the pool's first message.
 */
const { ClusterWorker } = require('poolifier');
const tasks = require('./tasks.mjs');

module.exports = new ClusterWorker({ ...tasks });
