/**
 * Runs many tasks through one pool and looks at the parent's heap, ten times, after garbage was collected:
 * `node test/bench/heap.mjs [--tasks 1000000] [--leak BYTES] [--json]`. `--leak` keeps so many bytes for each
 * task on purpose, to show that a leak would be seen.
 */
import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import v8 from 'node:v8';
import vm from 'node:vm';
import { createPool } from 'troupe';

const points = 10;
const waveSize = 1_000;

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '1000000' },
    leak: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});
const roundSize = 2 * waveSize;
const tasksPerPoint = Math.ceil(Number(values.tasks) / points / roundSize) * roundSize;
const leakedBytes = Number(values.leak);

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc');

const leaked = [];
const pool = createPool({ maxWorkers: 2, stdio: 'ignore' });

const add = (one, other) => one + other;

const mib = (bytes) => (bytes / 2 ** 20).toFixed(2).padStart(8);

const leakOf = (bytes) => Array.from({ length: bytes / 8 }, () => 0.5);

async function submitWave() {
  const tasks = Array.from({ length: waveSize }, (_, index) => pool.submit(add, index, 1));
  // Half of all tasks come here.
  if (leakedBytes > 0) leaked.push(tasks.map(() => leakOf(2 * leakedBytes)));
  await Promise.all(tasks);
}

/** Each has a variable of its own to take along. */
async function submitClosures() {
  const tasks = Array.from({ length: waveSize / 10 }, (_, index) => {
    const captured = { index, text: `task ${index}` };
    return pool.submit(() => captured.index + captured.text.length);
  });
  await Promise.all(tasks);
}

async function mapWave(count) {
  const items = Array.from({ length: count }, (_, index) => ({ index }));
  let sum = 0;
  for await (const value of pool.map((item) => item.index, items)) sum += value;
  return sum;
}

/** Five of ten tasks are submitted, one is a closure, four are mapped. */
async function runTasks(count) {
  for (let done = 0; done < count; done += roundSize) {
    await submitWave();
    await submitClosures();
    await submitClosures();
    await mapWave(roundSize - waveSize - 2 * (waveSize / 10));
  }
}

async function look() {
  for (let round = 0; round < 4; round += 1) {
    await nextTurn();
    collectGarbage();
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heapBytes: heapUsed + arrayBuffers, rssBytes: rss };
}

// What is compiled, cached and warm by then stays.
await runTasks(Math.max(tasksPerPoint, 20_000));
const looks = [await look()];
const startedAt = performance.now();
for (let point = 0; point < points; point += 1) {
  await runTasks(tasksPerPoint);
  looks.push(await look());
}
const seconds = (performance.now() - startedAt) / 1_000;
const { fulfilled } = pool.stats();
await pool.close();

const [first] = looks;
const growths = looks.map(({ heapBytes }) => heapBytes - first.heapBytes);
const bytesPerTask = growths.at(-1) / (points * tasksPerPoint);
if (values.json)
  process.stdout.write(`${JSON.stringify({ fulfilled, growths, bytesPerTask, leaks: leaked.length })}\n`);
else {
  for (const [index, { heapBytes, rssBytes }] of looks.entries()) {
    process.stdout.write(
      `${String(index * tasksPerPoint).padStart(9)} tasks  heap ${mib(heapBytes)} MiB  rss ${mib(rssBytes)} MiB\n`,
    );
  }
  process.stdout.write(
    `${fulfilled} tasks in ${seconds.toFixed(0)} s; ${bytesPerTask.toFixed(2)} bytes of heap for each\n`,
  );
}
