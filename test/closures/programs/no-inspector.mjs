/** What works where V8's inspector is not to be had: functions without captured variables, and nothing else. */
import { createPool } from 'troupe';
import { countRun, report } from '../report.mjs';

countRun();
const captured = 5;
const threeWays = /--allow-inspector.*(?:pool\.module|import).*argument/su;

const cases = [
  { name: 'a function without variables', run: (pool) => pool.submit((x) => x + 1, 1), expect: 2 },
  {
    name: 'a function that uses globals',
    run: (pool) => pool.submit((x) => Math.max(...x), [1, 2]),
    expect: 2,
  },
  { name: 'a global', run: (pool) => pool.submit(Math.max, 1, 2), expect: 2 },
  {
    name: 'a function with functions inside',
    run: (pool) =>
      pool.submit((n) => {
        const f = (x) => (x < 2 ? 1 : x * f(x - 1));
        return f(n);
      }, 5),
    expect: 120,
  },
  {
    name: 'a function with a captured variable',
    run: (pool) => pool.submit(() => captured),
    refuses: threeWays,
  },
  { name: 'map without variables', run: (pool) => pool.map((x) => x * 2, [1, 2]).toArray(), expect: [2, 4] },
  {
    name: 'pool.module',
    run: (pool) => pool.module(new URL('../cases/support/shapes.mjs', import.meta.url)).addTax(100),
    expect: 119,
  },
];

await report(cases, createPool);
