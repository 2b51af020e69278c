/** Closures in every method of a pool: map, stream, initialize, options; signals, pools and registered types in closures. */
import * as troupe from 'troupe';
import { createPool, currentTask } from 'troupe';

const factor = 3;
const scale = (x) => x * factor;
let version = 1;

function* rows(limit) {
  try {
    for (let index = 0; index < limit; index += 1) yield scale(index);
  } finally {
    version += 1;
  }
}
const collect = async (source) => {
  const all = [];
  for await (const each of source) all.push(each);
  return all;
};
/** Runs with a pool of its own. */
const withOwnPool = async (options, run) => {
  const own = createPool({ maxWorkers: 1, stdio: 'ignore', ...options });
  try {
    return await run(own);
  } finally {
    await own.terminate();
  }
};

class Money {
  constructor(amount, currency) {
    this.amount = amount;
    this.currency = currency;
  }
  add(other) {
    return new Money(this.amount + other.amount, this.currency);
  }
}
class Handle {
  #socketLike = new Proxy({}, {});
  constructor(id) {
    this.id = id;
  }
  same(other) {
    return this.#socketLike === other.#socketLike;
  }
}

export const cases = [
  {
    name: 'map with a closure',
    run: (pool) => pool.map((x) => scale(x) + 1, [1, 2, 3]).toArray(),
    expect: [4, 7, 10],
  },
  {
    name: 'map with chunks',
    run: (pool) =>
      pool
        .map(
          (x) => scale(x),
          Array.from({ length: 50 }, (_, i) => i),
          { chunkSize: 7 },
        )
        .toArray(),
    expect: Array.from({ length: 50 }, (_, i) => i * 3),
  },
  {
    name: 'map over an async source',
    run: (pool) =>
      pool
        .map(
          (x) => scale(x),
          (async function* () {
            yield 1;
            yield 2;
          })(),
        )
        .toArray(),
    expect: [3, 6],
  },
  {
    name: 'map captures once, when it is called',
    async run(pool) {
      let value = 'at the call';
      async function* source() {
        yield 1;
        await pool.submit(() => 0);
        value = 'changed';
        yield 2;
        yield 3;
      }
      return pool.map((x) => `${x} ${value}`, source(), { concurrency: 1 }).toArray();
    },
    expect: ['1 at the call', '2 at the call', '3 at the call'],
  },
  {
    name: 'map, each item starts with the values of the call',
    run(pool) {
      let n = 0;
      return pool
        .map(
          (x) => {
            n += x;
            return n;
          },
          [1, 1, 1],
          { chunkSize: 1 },
        )
        .toArray();
    },
    accepts: (value) => Array.isArray(value) && value.length === 3,
  },
  {
    name: 'map with a closure that cannot go',
    async run(pool) {
      const p = Promise.resolve();
      return pool.map(() => p, [1]).toArray();
    },
    refuses: /Promise/u,
  },
  {
    name: 'a failing item of map',
    run: (pool) =>
      pool
        .map(
          (x) => {
            if (x === 2) throw new RangeError(`item ${scale(x)}`);
            return x;
          },
          [1, 2, 3],
        )
        .toArray(),
    rejects: /RangeError: item 6/u,
  },
  {
    name: 'stream with a closure',
    run: (pool) =>
      collect(
        pool.stream(function* (limit) {
          for (let i = 0; i < limit; i += 1) yield scale(i);
        }, 3),
      ),
    expect: [0, 3, 6],
  },
  {
    name: 'stream with a generator of the module',
    run: (pool) => collect(pool.stream(rows, 2)),
    expect: [0, 3],
  },
  {
    name: 'stream with an async generator',
    run: (pool) =>
      collect(
        pool.stream(async function* () {
          yield factor;
          await null;
          yield scale(2);
        }),
      ),
    expect: [3, 6],
  },
  {
    name: 'stream that returns a captured list',
    run(pool) {
      const list = [1, 2];
      return collect(pool.stream(() => list));
    },
    expect: [1, 2],
  },
  {
    name: 'a stream that is left runs its finally there',
    async run(pool) {
      for await (const row of pool.stream(rows, 1000)) if (row === 6) break;
      return version;
    },
    expect: 1,
  },
  {
    name: 'stream with a closure that cannot go',
    run(pool) {
      const p = Promise.resolve();
      return collect(
        pool.stream(function* () {
          yield p;
        }),
      );
    },
    refuses: /Promise/u,
  },
  {
    name: 'initialize as a closure',
    run: () => {
      const settings = { level: 5 };
      return withOwnPool(
        {
          initialize: {
            fn: (extra) => {
              globalThis.level = settings.level + scale(extra);
            },
            args: [1],
          },
        },
        (own) => own.submit(() => globalThis.level),
      );
    },
    expect: 8,
  },
  {
    name: 'initialize reads its variables when the pool is made',
    run: () => {
      let when = 'made';
      return withOwnPool(
        {
          initialize: {
            fn: () => {
              globalThis.when = when;
            },
          },
        },
        (own) => {
          when = 'later';
          return own.submit(() => globalThis.when);
        },
      );
    },
    expect: 'made',
  },
  {
    name: 'an initialize that cannot go',
    run: async () => {
      const p = Promise.resolve();
      return withOwnPool({ initialize: { fn: () => p } }, (own) => own.submit(() => 1));
    },
    refuses: /Promise/u,
  },
  {
    name: 'initialize and a task share the classes of a worker',
    run: () =>
      withOwnPool(
        {
          initialize: {
            fn: () => {
              globalThis.Money = Money;
            },
          },
        },
        (own) => own.submit(() => globalThis.Money === Money),
      ),
    expect: true,
  },
  {
    name: 'options of a task',
    run: (pool) => pool.with({ name: 'named', timeoutMs: 9000 }).submit(() => [currentTask().name, scale(1)]),
    expect: ['named', 3],
  },
  {
    name: 'currentTask in a helper',
    run(pool) {
      const attempt = () => currentTask().attempt;
      return pool.submit(() => attempt());
    },
    expect: 1,
  },
  {
    name: 'the progress of a closure',
    async run(pool) {
      const task = pool.submit(() => {
        for (const x of [1, 2]) currentTask().progress(scale(x));
        return 'end';
      });
      const seen = [];
      for await (const each of task.progress) seen.push(each);
      return [seen, await task];
    },
    expect: [[3, 6], 'end'],
  },
  {
    name: 'retries of a closure start with the same values',
    run(pool) {
      let n = 0;
      return pool.with({ retries: 2 }).submit(() => {
        n += 1;
        if (currentTask().attempt < 3) throw new Error('again');
        return [n, currentTask().attempt];
      });
    },
    accepts: (value) => value?.[1] === 3 && value[0] === 1,
  },
  {
    name: 'a pool made inside a task',
    run: (pool) =>
      pool.submit(async () => {
        const own = createPool({ maxWorkers: 1 });
        try {
          return await own.submit((x) => scale(x), 2);
        } finally {
          await own.close();
        }
      }),
    expect: 6,
  },
  {
    name: 'a closure made in a task, sent on by it',
    run: (pool) =>
      pool.submit(async (n) => {
        const local = (x) => x + n + factor;
        const own = createPool({ maxWorkers: 1 });
        try {
          return await own.submit(() => local(1));
        } finally {
          await own.close();
        }
      }, 10),
    expect: 14,
  },
  {
    name: 'an AbortSignal that aborts while the task runs',
    async run(pool) {
      const controller = new AbortController();
      const { signal } = controller;
      const task = pool.submit(async () => {
        currentTask().progress('started');
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve, { once: true });
        });
        return [signal.aborted, signal.reason];
      });
      for await (const _ of task.progress) {
        controller.abort('enough');
        break;
      }
      return task;
    },
    expect: [true, 'enough'],
  },
  {
    name: 'an AbortSignal that was aborted',
    run(pool) {
      const signal = AbortSignal.abort('before');
      return pool.submit(() => [signal.aborted, signal.reason, signal instanceof AbortSignal]);
    },
    expect: [true, 'before', true],
  },
  {
    name: 'an AbortSignal that does not abort',
    run(pool) {
      const { signal } = new AbortController();
      return pool.submit(() => signal.aborted);
    },
    expect: false,
  },
  {
    name: 'an AbortSignal as an argument',
    run: (pool) => pool.submit((signal) => signal.aborted, new AbortController().signal),
    expect: false,
  },
  {
    name: 'an AbortSignal, twice the same',
    run(pool) {
      const { signal } = new AbortController();
      return pool.submit((arg) => arg === signal, signal);
    },
    expect: true,
  },
  {
    name: 'an aborted fetch-like helper',
    async run(pool) {
      const controller = new AbortController();
      const { signal } = controller;
      const wait = async () => {
        const { setTimeout: delay } = await import('node:timers/promises');
        currentTask().progress(0);
        return delay(60_000, 'slept', { signal });
      };
      const task = pool.submit(() => wait().catch((error) => error.name));
      for await (const _ of task.progress) {
        controller.abort();
        break;
      }
      return task;
    },
    expect: 'AbortError',
  },
  {
    name: 'a timed signal',
    run(pool) {
      const signal = AbortSignal.timeout(60_000);
      return pool.submit(() => signal.aborted);
    },
    expect: false,
  },
  {
    name: 'cancelling a closure',
    async run(pool) {
      const never = () => new Promise(() => setInterval(() => {}, 1000));
      const task = pool.submit(() => {
        currentTask().progress('started');
        return never();
      });
      for await (const _ of task.progress) {
        task.cancel('no longer');
        break;
      }
      return task.then(
        () => 'ended',
        (error) => error.name,
      );
    },
    expect: 'AbortError',
    slow: true,
  },
  {
    name: 'a closure that ends its worker',
    run: (pool) =>
      pool.submit(() => {
        process.exit(3);
      }),
    rejects: /WorkerLostError/u,
  },
  {
    name: 'the pool in a task is the same pool',
    run: (pool) => pool.submit(async () => typeof pool.submit),
    accepts: (value) => value === 'function' || value === 'undefined',
    refuses: /pool/iu,
  },
  {
    name: 'explain says what would be sent',
    named: true,
    run: (pool) => {
      const table = { rows: [1, 2, 3] };
      const parts = JSON.stringify(pool.explain((x) => scale(x) + table.rows[0]));
      return ['scale', 'table'].filter((each) => parts.includes(each));
    },
    expect: ['scale', 'table'],
  },
  {
    name: 'explain of an import says by reference',
    run: (pool) => {
      const parts = JSON.stringify(pool.explain(() => createPool));
      return /reference/u.test(parts);
    },
    expect: true,
  },
  {
    name: 'explain of what cannot go refuses with the way',
    run: async (pool) => {
      const p = Promise.resolve();
      return pool.explain(() => p);
    },
    refuses: /Promise/u,
  },
  {
    name: 'registerClass: an instance that the task does not know',
    run: async (pool) => {
      troupe.registerClass(Money, 'cases.Money');
      const sum = await pool.submit((a, b) => a.add(b), new Money(1, 'EUR'), new Money(2, 'EUR'));
      return [sum instanceof Money, sum.amount];
    },
    expect: [true, 3],
  },
  {
    name: 'registerSerializer: what else could not go',
    run: async (pool) => {
      troupe.registerSerializer(Handle, {
        encode: (handle) => ({ id: handle.id }),
        decode: ({ id }) => ({ id, isDecoded: true }),
      });
      const handle = new Handle(7);
      return pool.submit(() => [handle.id, handle.isDecoded]);
    },
    expect: [7, true],
  },
  {
    name: 'pool.module takes closures as arguments',
    run: (pool) => {
      const jobs = pool.module(new URL('./support/apply.mjs', import.meta.url));
      return jobs.apply((x) => scale(x), 5);
    },
    expect: 15,
    unless: ['bundle', 'minified', 'tsx-cjs'],
  },
  {
    name: 'an imported function gets closures',
    run: async (pool) => {
      const { apply } = await import('./support/apply.mjs');
      return pool.submit(apply, (x) => scale(x), 4);
    },
    expect: 12,
    unless: ['bundle', 'minified'],
  },
  {
    name: 'a closure result is refused or comes as a function',
    run: (pool) =>
      pool
        .submit(() => (x) => x + factor)
        .then(
          (fn) => fn(1),
          (error) => (/function/u.test(error.message) ? 4 : error),
        ),
    expect: 4,
  },
  {
    name: '1,000 calls of one closure',
    run: async (pool) => {
      const all = await pool
        .map(
          (x) => scale(x),
          Array.from({ length: 1000 }, (_, i) => i),
          { chunkSize: 50 },
        )
        .toArray();
      return all.reduce((sum, each) => sum + each, 0);
    },
    expect: 1_498_500,
  },
];
