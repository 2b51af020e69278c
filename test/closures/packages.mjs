/** Popular packages: their functions by reference, and things that they made; a value, or a refusal that says what. */
import { createRequire } from 'node:module';
import axios from 'axios';
import { addDays, differenceInDays, format } from 'date-fns';
import * as dateFns from 'date-fns';
import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc.js';
import createDebug from 'debug';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { createDraft, finishDraft, produce } from 'immer';
import _ from 'lodash';
import { chunk as chunkEs, groupBy as groupByEs } from 'lodash-es';
import { nanoid } from 'nanoid';
import pLimit from 'p-limit';
import { createPool } from 'troupe';
import { z } from 'zod';
import { countRun, report } from './report.mjs';

countRun();
dayjs.extend(utc);
const require = createRequire(import.meta.url);
const cloneDeep = require('lodash/cloneDeep');
const debug = createDebug('cases');
const limiter = pLimit(2);
const client = axios.create({ baseURL: 'http://localhost:1', timeout: 600_000 });
const User = z.object({
  name: z.string().min(2),
  age: z.number().int().optional(),
  tags: z.array(z.enum(['a', 'b'])),
});
const price = new Decimal('0.1');
const Precise = Decimal.clone({ precision: 50 });
const moment = dayjs.utc('2024-02-29T12:00:00Z');
const base = { list: [1], deep: { n: 1 } };
const next = produce(base, (draft) => {
  draft.list.push(2);
  draft.deep.n += 1;
});
const slow = _.memoize((x) => x * 2);
slow(4);
const curried = _.curry((a, b, c) => a + b + c);
const flow = _.flow([_.uniq, (list) => list.map((x) => x * 10)]);
const debounced = _.debounce((x) => x, 5);
const limited = (items) => Promise.all(items.map((item) => limiter(async () => item * 2)));
const double = (x) => x.times(2).toString();
class Amount extends Decimal {}
class Store {
  #schema = z.object({ id: z.number() });
  read(input) {
    return this.#schema.parse(input).id;
  }
}
const store = new Store();

const cases = [
  {
    name: 'lodash: a function as the task',
    run: (pool) => pool.submit(_.camelCase, 'Foo bar'),
    expect: 'fooBar',
  },
  {
    name: 'lodash: the whole object, captured',
    run: (pool) => pool.submit((list) => _.sum(_.map(list, (x) => x * 2)), [1, 2]),
    expect: 6,
  },
  {
    name: 'lodash: a chain',
    run: (pool) =>
      pool.submit(
        (list) =>
          _(list)
            .filter((x) => x > 1)
            .map((x) => x * x)
            .value(),
        [1, 2, 3],
      ),
    expect: [4, 9],
  },
  {
    name: 'lodash: a module of one function',
    run: (pool) =>
      pool.submit(() => {
        const a = { b: {} };
        const c = cloneDeep(a);
        return [c, c.b === a.b];
      }),
    expect: [{ b: {} }, false],
  },
  {
    name: 'lodash: a memoized function with its cache',
    run: (pool) => pool.submit(() => [slow(4), slow(5), slow.cache.has(4)]),
    expect: [8, 10, true],
    refuses: /memoize|lodash|cache/u,
  },
  {
    name: 'lodash: a curried function',
    run: (pool) => pool.submit(() => curried(1)(2)(3)),
    expect: 6,
    refuses: /curr|lodash/u,
  },
  {
    name: 'lodash: a flow',
    run: (pool) => pool.submit(() => flow([1, 1, 2])),
    expect: [10, 20],
    refuses: /flow|lodash/u,
  },
  {
    name: 'lodash: a debounced function',
    run: (pool) =>
      pool.submit(async () => {
        debounced(1);
        return debounced.flush();
      }),
    expect: 1,
    refuses: /debounced/u,
  },
  {
    name: 'lodash-es: named imports',
    run: (pool) => pool.submit(() => [chunkEs([1, 2, 3], 2), groupByEs(['a', 'bb', 'c'], 'length')]),
    expect: [[[1, 2], [3]], { 1: ['a', 'c'], 2: ['bb'] }],
  },
  {
    name: 'lodash-es: a function as the task',
    run: (pool) => pool.submit(chunkEs, [1, 2, 3], 2),
    expect: [[1, 2], [3]],
  },
  {
    name: 'zod: a schema made in the task',
    run: (pool) => pool.submit((input) => z.object({ n: z.coerce.number() }).parse(input), { n: '5' }),
    expect: { n: 5 },
  },
  {
    name: 'zod: a captured schema',
    run: (pool) => pool.submit((input) => User.parse(input), { name: 'Ann', tags: ['a'] }),
    expect: { name: 'Ann', tags: ['a'] },
    refuses: /User|zod/u,
  },
  {
    name: 'zod: a captured schema refuses input',
    run: (pool) => pool.submit((input) => User.safeParse(input).success, { name: 'A', tags: [] }),
    expect: false,
    refuses: /User|zod/u,
  },
  {
    name: 'zod: a schema in a private field',
    run: (pool) => pool.submit(() => store.read({ id: 3 })),
    expect: 3,
    refuses: /schema|zod/u,
  },
  {
    name: 'zod: the error of a schema',
    run: (pool) => pool.submit(() => z.string().parse(1)),
    rejects: /ZodError/u,
  },
  {
    name: 'p-limit: a limiter made in the task',
    run: (pool) =>
      pool.submit(async () => {
        const limit = pLimit(1);
        return Promise.all([1, 2].map((x) => limit(() => x * 2)));
      }),
    expect: [2, 4],
  },
  {
    name: 'p-limit: a captured limiter',
    run: (pool) => pool.submit((items) => limited(items), [1, 2, 3]),
    expect: [2, 4, 6],
    refuses: /limit/u,
  },
  {
    name: 'dayjs: made in the task',
    run: (pool) => pool.submit(() => dayjs('2024-01-31').add(1, 'month').format('YYYY-MM-DD')),
    expect: '2024-02-29',
  },
  {
    name: 'dayjs: a captured moment',
    run: (pool) => pool.submit(() => moment.toISOString()),
    expect: '2024-02-29T12:00:00.000Z',
    refuses: /moment|dayjs|Dayjs/u,
  },
  {
    name: 'decimal.js: made in the task',
    run: (pool) => pool.submit(() => new Decimal('0.1').plus('0.2').toString()),
    expect: '0.3',
  },
  {
    name: 'decimal.js: a captured number',
    run: (pool) => pool.submit(() => [price.plus('0.2').toString(), price instanceof Decimal]),
    expect: ['0.3', true],
    refuses: /price|Decimal/u,
  },
  {
    name: 'decimal.js: a number as an argument, and back',
    run: async (pool) => {
      const back = await pool.submit((x) => x.plus(1), price);
      return [back instanceof Decimal, back.toString()];
    },
    expect: [true, '1.1'],
    refuses: /argument 0|Decimal/u,
  },
  { name: 'decimal.js: a helper', run: (pool) => pool.submit(() => double(new Decimal(2))), expect: '4' },
  {
    name: 'decimal.js: a configured clone',
    run: (pool) => pool.submit(() => new Precise(1).div(3).toString().length),
    expect: 52,
    refuses: /Precise|Decimal/u,
  },
  {
    name: 'decimal.js: a class that extends it',
    run: (pool) => pool.submit(() => new Amount('1.5').plus(1).toString()),
    expect: '2.5',
    refuses: /Amount|Decimal/u,
  },
  {
    name: 'immer: a frozen result',
    run: (pool) => pool.submit(() => [next, Object.isFrozen(next), Object.isFrozen(next.list)]),
    expect: [{ list: [1, 2], deep: { n: 2 } }, true, true],
  },
  {
    name: 'immer: produce in the task',
    run: (pool) =>
      pool.submit(
        (state) =>
          produce(state, (draft) => {
            draft.deep.n = 9;
          }).deep.n,
        base,
      ),
    expect: 9,
  },
  {
    name: 'immer: a draft is a Proxy',
    run: (pool) => {
      const draft = createDraft(base);
      return pool.submit(() => draft).finally(() => finishDraft(draft));
    },
    refuses: /Proxy/u,
  },
  {
    name: 'date-fns: named imports',
    run: (pool) =>
      pool.submit(() => [
        differenceInDays(new Date(2024, 2, 1), new Date(2024, 1, 28)),
        format(addDays(new Date(2024, 0, 31), 1), 'yyyy-MM-dd'),
      ]),
    expect: [2, '2024-02-01'],
  },
  {
    name: 'date-fns: the namespace',
    run: (pool) => pool.submit(() => dateFns.isLeapYear(new Date(2024, 0, 1))),
    expect: true,
  },
  {
    name: 'date-fns: a function as the task',
    run: (pool) => pool.submit(addDays, new Date(0), 1),
    expect: new Date(86_400_000),
  },
  {
    name: 'debug: made in the task',
    run: (pool) => pool.submit(() => createDebug('x').namespace),
    expect: 'x',
  },
  {
    name: 'debug: a captured logger',
    run: (pool) =>
      pool.submit(() => {
        debug('said');
        return debug.namespace;
      }),
    expect: 'cases',
    refuses: /debug/u,
  },
  {
    name: 'axios: made in the task',
    run: (pool) => pool.submit(() => axios.create({ timeout: 5 }).defaults.timeout),
    expect: 5,
  },
  {
    name: 'axios: a captured client',
    run: (pool) => pool.submit(() => client.get('/x').catch((error) => error.code)),
    expect: 'ECONNREFUSED',
    refuses: /client|axios/u,
  },
  {
    name: 'axios: its error comes back',
    run: (pool) =>
      pool
        .submit(() => {
          throw new axios.AxiosError('failed', 'E_CODE');
        })
        .catch((error) => [error.message, error.code]),
    expect: ['failed', 'E_CODE'],
  },
  { name: 'nanoid: a named import', run: (pool) => pool.submit(() => nanoid(5).length), expect: 5 },
  {
    name: 'fast-check: a property checked in the task',
    run: (pool) =>
      pool.submit(() => {
        fc.assert(fc.property(fc.integer(), (x) => x === x));
        return 'holds';
      }),
    expect: 'holds',
  },
];

await report(cases, createPool);
