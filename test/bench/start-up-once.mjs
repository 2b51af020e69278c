/** The process of one round of `start-up.mjs`: prints its milliseconds as JSON. */
import process from 'node:process';

const zod = new URL('./workload/zod-task.mjs', import.meta.url);
const startMs = performance.now();
const { createPool } = await import('troupe');
const importMs = performance.now() - startMs;
const { noop, pid } = await import('./workload/tasks.mjs');

async function firstResult(options, call) {
  const beginMs = performance.now();
  const pool = createPool({ maxWorkers: 1, ...options });
  await call(pool);
  return { pool, ms: performance.now() - beginMs };
}

/** From the signal until the loss is told, and until the next result. */
async function recovery(pool) {
  const worker = await pool.submit(pid);
  let detectMs;
  const beginMs = performance.now();
  pool.on('workerLost', () => {
    detectMs ??= performance.now() - beginMs;
  });
  process.kill(worker, 'SIGKILL');
  for (;;) {
    // Until its end is known, a dead worker may be given the task.
    const isAnswered = await pool.submit(noop).then(
      () => true,
      () => false,
    );
    if (isAnswered) return { detectMs, restartMs: performance.now() - beginMs };
  }
}

async function heavy(env) {
  const { pool, ms } = await firstResult({ env }, (made) => made.module(zod).parse('troupe'));
  await pool.close();
  return ms;
}

const { pool, ms: firstResultMs } = await firstResult({}, (made) => made.submit(noop));
const { detectMs, restartMs } = await recovery(pool);
await pool.close();
// The first one fills the cache, where there is one.
await heavy({});
const heavyCachedMs = await heavy({});
const heavyMs = await heavy({ NODE_DISABLE_COMPILE_CACHE: '1' });
process.stdout.write(
  JSON.stringify({ importMs, firstResultMs, detectMs, restartMs, heavyMs, heavyCachedMs }),
);
