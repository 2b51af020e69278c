/** What went wrong silently in other designs: each must be right, or be refused. */
import process from 'node:process';
import lazyPackage from './support/lazy-prototype.cjs';

let calls = 0;
const memo = (fn) => {
  const cache = new Map();
  return (n) => {
    calls += 1;
    if (!cache.has(n)) cache.set(n, fn(n));
    return cache.get(n);
  };
};
function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
// oxlint-disable-next-line no-func-assign -- that is the hazard
fib = memo(fib);

const expression = memo(function inside(n) {
  return n < 2 ? n : inside(n - 1) + inside(n - 2);
});

function makeCounter() {
  let n = 0;
  return { inc: () => (n += 1), get: () => n, same: () => n };
}

let traps = 0;
const trapped = new Proxy(
  {},
  {
    get() {
      traps += 1;
      return undefined;
    },
    has() {
      traps += 1;
      return false;
    },
    getPrototypeOf() {
      traps += 1;
      return null;
    },
    ownKeys() {
      traps += 1;
      return [];
    },
    getOwnPropertyDescriptor() {
      traps += 1;
      return undefined;
    },
  },
);
let getters = 0;
const nosy = {
  get [Symbol.toStringTag]() {
    getters += 1;
    return 'Nosy';
  },
  get constructor() {
    getters += 1;
    return Object;
  },
  get then() {
    getters += 1;
    return undefined;
  },
  get toJSON() {
    getters += 1;
    return undefined;
  },
  get name() {
    getters += 1;
    return 'x';
  },
};
class NosyClass {
  static get [Symbol.hasInstance]() {
    getters += 1;
    return () => true;
  }
  static get prototypeLike() {
    getters += 1;
    return 1;
  }
  get size() {
    getters += 1;
    return 1;
  }
  get byteLength() {
    getters += 1;
    return 1;
  }
  get [Symbol.toStringTag]() {
    getters += 1;
    return 'Map';
  }
}

export const cases = [
  {
    name: 'fib = memo(fib): the calls are as many as here',
    run: (pool) =>
      pool.submit(() => {
        calls = 0;
        const value = fib(10);
        return [value, calls];
      }),
    expect: [55, 19],
  },
  {
    name: 'the same with a function expression, which recurs past the wrapper',
    run: (pool) =>
      pool.submit(() => {
        calls = 0;
        const value = expression(10);
        return [value, calls];
      }),
    expect: [55, 1],
  },
  {
    name: 'inc of one activation and get of another, equal in contents',
    run(pool) {
      const { inc } = makeCounter();
      const { get } = makeCounter();
      return pool.submit(() => {
        inc();
        return get();
      });
    },
    expect: 0,
  },
  {
    name: 'the same the other way round',
    run(pool) {
      const a = makeCounter();
      const b = makeCounter();
      return pool.submit(
        (get, inc) => {
          inc();
          return get();
        },
        a.get,
        b.inc,
      );
    },
    expect: 0,
  },
  {
    name: 'two readers of one activation, one writer',
    run(pool) {
      const { inc, get, same } = makeCounter();
      return pool.submit(() => {
        inc();
        return [get(), same()];
      });
    },
    expect: [1, 1],
  },
  {
    name: 'four activations with equal contents',
    run(pool) {
      const all = Array.from({ length: 4 }, makeCounter);
      return pool.submit(() => {
        all[1].inc();
        all[1].inc();
        all[3].inc();
        return all.map((each) => each.get());
      });
    },
    expect: [0, 2, 0, 1],
  },
  {
    name: 'activations that hold one object, assigned later',
    run(pool) {
      const shared = {};
      const make = () => {
        let current = shared;
        return {
          set: (v) => {
            current = v;
          },
          get: () => current,
        };
      };
      const [a, b] = [make(), make()];
      return pool.submit(() => {
        a.set('mine');
        return [a.get(), b.get() === shared];
      });
    },
    expect: ['mine', true],
  },
  {
    name: 'no Proxy trap runs while a Proxy is refused',
    run: (pool) =>
      pool
        .submit((x) => x, trapped)
        .then(
          () => 'sent',
          (error) => [error.code, traps],
        ),
    expect: ['ERR_TROUPE_NOT_SERIALIZABLE', 0],
  },
  {
    name: 'no trap runs for a Proxy as a prototype',
    run(pool) {
      const o = Object.create(trapped);
      return pool
        .submit(() => o)
        .then(
          () => 'sent',
          (error) => [error.code, traps],
        );
    },
    expect: ['ERR_TROUPE_NOT_SERIALIZABLE', 0],
  },
  {
    name: 'no getter runs while an object is captured',
    run: (pool) => {
      getters = 0;
      const task = pool.submit(() => typeof nosy);
      const atOnce = getters;
      return task.then((type) => [type, atOnce]);
    },
    expect: ['object', 0],
  },
  {
    name: 'no getter of a class or instance runs',
    run: (pool) => {
      const o = new NosyClass();
      getters = 0;
      const task = pool.submit(() => [typeof o, typeof NosyClass]);
      const atOnce = getters;
      return task.then((types) => [...types, atOnce]);
    },
    expect: ['object', 'function', 0],
  },
  {
    name: 'no toString, toJSON or valueOf of a value runs',
    run(pool) {
      let ran = 0;
      const o = {
        toString: () => {
          ran += 1;
          return '';
        },
        valueOf: () => {
          ran += 1;
          return 1;
        },
        toJSON: () => {
          ran += 1;
          return 1;
        },
        plain: 1,
      };
      const task = pool.submit(() => o.plain);
      return task.then((value) => [value, ran]);
    },
    expect: [1, 0],
  },
  {
    name: 'a function with a toString of its own',
    run(pool) {
      const fn = Object.assign(() => 'real', { toString: () => '() => "fake"' });
      return pool.submit(() => fn());
    },
    expect: 'real',
  },
  {
    name: 'a class filled lazily by its package',
    run: (pool) => pool.submit(() => new lazyPackage.Lazy(2).double()),
    expect: 4,
    accepts: (value) => value === 4,
  },
  {
    name: 'an instance of a class filled lazily by its package',
    run(pool) {
      const lazy = new lazyPackage.Lazy(3);
      lazy.double();
      return pool.submit(() => lazy.double());
    },
    expect: 6,
    refuses: /double|prototype|Lazy/u,
  },
  {
    name: 'a main script is known and not run by a task',
    run: (pool) => pool.submit(() => process.argv.length > 0),
    expect: true,
  },
  {
    name: 'a symbol that came from a child goes back as itself',
    run: async (pool, { single }) => {
      const box = await single.submit(() => {
        const made = Symbol('there');
        globalThis.madeThere = made;
        return { made };
      });
      return single.submit((back) => back.made === globalThis.madeThere, box);
    },
    expect: true,
  },
  {
    name: "variables named like the rebuilt code's own",
    run(pool) {
      const v = 1;
      const value = 2;
      const cells = 3;
      const keys = 4;
      const env = 5;
      let $v = 6;
      return pool.submit(() => {
        $v += 1;
        return [v, value, cells, keys, env, $v];
      });
    },
    expect: [1, 2, 3, 4, 5, 7],
  },
  {
    name: 'a parameter named as a captured cell',
    run(pool) {
      let n = 1;
      const set = (value) => {
        n = value;
      };
      return pool
        .submit((n) => {
          set(5);
          return n;
        }, 9)
        .then((there) => [there, n]);
    },
    expect: [9, 1],
  },
  {
    name: 'a cell in a nested function with a parameter of that name',
    run(pool) {
      let n = 1;
      return pool.submit(() => {
        n += 1;
        const f = (n) => n * 10;
        return [f(3), n, [7].map((n) => n)];
      });
    },
    expect: [30, 2, [7]],
  },
  {
    name: 'a cell under a for, a catch, a class and a label of that name',
    run(pool) {
      let n = 1;
      return pool.submit(() => {
        n = 2;
        const seen = [];
        for (const n of [3]) seen.push(n);
        try {
          throw 4;
        } catch (n) {
          seen.push(n);
        }
        const C = class n {
          static me = typeof n;
        };
        n: for (;;) break n;
        return [
          seen,
          n,
          C.me,
          { n: 5 }.n,
          {
            n() {
              return n;
            },
          }.n(),
        ];
      });
    },
    expect: [[3, 4], 2, 'function', 5, 2],
  },
  // prettier-ignore
  { name: 'a cell after a line without a semicolon', run(pool) { let fn = () => 'called'; const list = []; return pool.submit(() => {
    list.push(1)
    fn = () => 'again'
    fn()
    return [fn(), list];
  }); }, expect: ['again', [1]] },
  {
    name: 'a cell in a template, a regular expression beside it',
    run(pool) {
      let n = 1;
      return pool.submit(() => {
        n += 1;
        return [`${n}${`${n}`}`, /n/u.test('n'), 'n'];
      });
    },
    expect: ['22', true, 'n'],
  },
  {
    name: 'a cell exported by an object pattern default',
    run(pool) {
      let n = 1;
      return pool.submit(() => {
        n = 5;
        const { a = n, [`k${n}`]: b = n + 1 } = {};
        return [a, b];
      });
    },
    expect: [5, 6],
  },
  {
    name: 'assigned names keep the name of an anonymous function',
    named: true,
    run(pool) {
      let fn;
      return pool.submit(() => {
        fn = () => 1;
        const before = fn.name;
        fn = function () {};
        return [before, fn.name];
      });
    },
    expect: ['fn', 'fn'],
  },
  {
    name: 'one text, two functions that capture different things',
    run(pool) {
      const make = (n, helper) => (x) => helper(x) + n;
      return Promise.all([
        pool.submit(
          make(1, (x) => x),
          1,
        ),
        pool.submit(
          make(2, (x) => x * 10),
          1,
        ),
        pool.submit(make(3, Math.abs), -1),
      ]);
    },
    expect: [2, 12, 4],
  },
  {
    name: 'one text at two places: strict modules, own variables',
    run(pool) {
      const a = (() => {
        const n = 'a';
        return () => n;
      })();
      const b = (() => {
        const n = 'b';
        return () => n;
      })();
      return pool.submit(() => [a(), b()]);
    },
    expect: ['a', 'b'],
  },
  {
    name: '200 captures of one function in a row',
    run: async (pool) => {
      const results = await Promise.all(Array.from({ length: 200 }, (_, i) => pool.submit((x) => x + i, 1)));
      return results.reduce((sum, each) => sum + each, 0);
    },
    expect: 20_100,
  },
];
