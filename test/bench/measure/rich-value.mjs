/** How fast values go there and back that are more than JSON. */
import { deepStrictEqual } from 'node:assert/strict';
import { costsOf, perTask, perTaskMetrics } from './costs.mjs';
import { warmUp } from './warm-up.mjs';

const workers = 2;

export const richValue = {
  name: 'rich-value',
  title: 'Echo of a rich value',
  about: [
    'A value of about 10 KB with dates, maps, sets and nested objects, sent to two warm workers and',
    'returned, all submitted at once. The peers send it as a structured clone (`serialization:',
    "'advanced'` in child processes).",
  ],
  sizes: { full: { tasks: 600 }, quick: { tasks: 150 } },
  floors: ['socketpair', 'fork'],
  metrics: perTaskMetrics,

  async run(open, { tasks }) {
    const pool = open({ workers, isStructured: true });
    const value = pool.isJsonOnly ? asJson(customers()) : customers();
    await warmUp(pool, { workers, noops: 200 });
    for (const answer of await echoes(pool, value, 50)) deepStrictEqual(answer, value);
    const costs = await costsOf(pool, () => echoes(pool, value, tasks));
    const note = pool.isJsonOnly ? 'the same as JSON: dates as text, maps and sets as arrays' : '';
    return { values: perTask(costs, tasks), note };
  },
};

function echoes(pool, value, count) {
  return Promise.all(Array.from({ length: count }, () => pool.call('echo', value)));
}

function customers() {
  return new Map(
    Array.from({ length: 24 }, (_, index) => [
      `customer-${index}`,
      {
        name: `Ada Lovelace ${index}`,
        since: new Date(1_600_000_000_000 + index * 86_400_000),
        tags: new Set(['early', 'paying', `group-${index % 5}`]),
        address: { street: `${index} Analytical Row`, city: 'London', geo: { lat: 51.5, lon: -0.12 } },
        orders: [0, 1].map((order) => ({
          id: `order-${index}-${order}`,
          at: new Date(1_700_000_000_000 + order * 3_600_000),
          lines: new Map([
            ['sku-1', { quantity: order + 1, price: 9.5, isPaid: true }],
            ['sku-2', { quantity: 7, price: 0.25, isPaid: false }],
          ]),
        })),
      },
    ]),
  );
}

function asJson(value) {
  return JSON.parse(
    JSON.stringify(value, (_key, part) => (part instanceof Map || part instanceof Set ? [...part] : part)),
  );
}
