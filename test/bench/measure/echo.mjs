/** How fast small objects go there and come back. */
import { deepStrictEqual } from 'node:assert/strict';
import { costsOf, perTask, perTaskMetrics } from './costs.mjs';
import { warmUp } from './warm-up.mjs';

const workers = 2;

export const echo = {
  name: 'echo',
  title: 'Echo of a 1 KB object',
  about: 'An object of about 1 KB as JSON, sent to two warm workers and returned, all submitted at once.',
  sizes: { full: { tasks: 4000 }, quick: { tasks: 1000 } },
  floors: ['socketpair', 'socketpair-batched', 'fork'],
  metrics: perTaskMetrics,

  async run(open, { tasks }) {
    const pool = open({ workers });
    const order = kilobyteObject();
    await warmUp(pool, { workers, noops: 500 });
    for (const answer of await echoes(pool, order, 500)) deepStrictEqual(answer, order);
    return perTask(await costsOf(pool, () => echoes(pool, order, tasks)), tasks);
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
