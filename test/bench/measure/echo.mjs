/** How fast small objects go there and come back. */
import process from 'node:process';
import { deepStrictEqual } from 'node:assert/strict';
import { warmUp } from './warm-up.mjs';

const workers = 2;

export const echo = {
  name: 'echo',
  title: 'Echo of a 1 KB object',
  about: 'An object of about 1 KB as JSON, sent to two warm workers and returned, all submitted at once.',
  sizes: { full: { tasks: 2000 }, quick: { tasks: 500 } },
  metrics: [
    { name: 'tasksPerSecond', label: 'throughput', unit: 'tasks/s', better: 'higher' },
    { name: 'parentCpu', label: 'parent CPU per task', unit: 'µs', better: 'lower' },
  ],

  async run(open, { tasks }) {
    const pool = open({ workers });
    const order = kilobyteObject();
    await warmUp(pool, { workers, noops: 500 });
    for (const answer of await echoes(pool, order, 200)) deepStrictEqual(answer, order);
    const cpuBefore = process.cpuUsage();
    const startMs = performance.now();
    await echoes(pool, order, tasks);
    const elapsedMs = performance.now() - startMs;
    const cpu = process.cpuUsage(cpuBefore);
    return {
      tasksPerSecond: (tasks / elapsedMs) * 1000,
      parentCpu: (cpu.user + cpu.system) / tasks,
    };
  },
};

function echoes(pool, value, count) {
  return Promise.all(Array.from({ length: count }, () => pool.call('echo', value)));
}

function kilobyteObject() {
  const lines = Array.from({ length: 12 }, (_, index) => ({
    sku: `SKU-${index}-0123456789`,
    quantity: index,
    price: index * 1.5,
    tags: ['small', 'blue'],
  }));
  return { id: 'order-4711', isPaid: true, customer: { name: 'Ada Lovelace', city: 'London' }, lines };
}
