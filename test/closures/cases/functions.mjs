/** Functions of every form, and functions that need other functions. */

const base = 100;
const level4 = (x) => x + base;
const level3 = (x) => level4(x) * 2;
function level2(x) {
  return level3(x) + 1;
}
const level1 = function (x) {
  return level2(x);
};

function isEven(n) {
  return n === 0 ? true : isOdd(n - 1);
}
function isOdd(n) {
  return n === 0 ? false : isEven(n - 1);
}
const factorial = (n) => (n < 2 ? 1 : n * factorial(n - 1));
const named = function fibonacci(n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
};

function* countTo(limit) {
  for (let index = 1; index <= limit; index += 1) yield index * base;
}
async function* countSlowly(limit) {
  for (let index = 1; index <= limit; index += 1) {
    await null;
    yield index;
  }
}
const tag = (strings, ...values) => [strings.join('|'), strings.raw.join('|'), values];
const compose =
  (...functions) =>
  (x) =>
    functions.reduceRight((value, fn) => fn(value), x);
const curry = (a) => (b) => (c) => [a, b, c, base];
const withDefault = (x, transform = (y) => y + base) => transform(x);

const toolbox = {
  factor: 3,
  times(x) {
    return x * this.factor;
  },
  get tripled() {
    return this.times(base);
  },
  set tripled(value) {
    this.factor = value / base;
  },
  async later(x) {
    return this.times(x);
  },
  *each() {
    yield this.factor;
    yield* [4, 5];
  },
  async *eachLater() {
    yield this.factor;
  },
  ['computed' + 1](x) {
    return x + 1;
  },
  arrow: (x) => x + base,
  'not an identifier'() {
    return 'quoted';
  },
  42() {
    return 'number';
  },
  get() {
    return 'method named get';
  },
  async() {
    return 'method named async';
  },
  static: () => 'static',
};
const parent = {
  hello() {
    return `hello ${this.who}`;
  },
};
const child = {
  __proto__: parent,
  who: 'child',
  hello() {
    return `${super.hello()}!`;
  },
};
function withProperties() {
  return withProperties.table.join();
}
withProperties.table = [1, 2, 3];
withProperties.nested = Object.assign(() => 'nested', { deep: true });

function Point(x, y) {
  this.x = x;
  this.y = y;
}
Point.prototype.length = function () {
  return Math.hypot(this.x, this.y);
};
Point.origin = new Point(0, 0);

function createStack() {
  const items = [];
  return { push: (item) => items.push(item), pop: () => items.pop(), size: () => items.length };
}
const fromFactory = createStack();
fromFactory.push('kept');

const memo =
  (fn, cache = new Map()) =>
  (x) => {
    if (!cache.has(x)) cache.set(x, fn(x));
    return cache.get(x);
  };
const remembered = memo((x) => x * base);
remembered(2);

const sum = (...numbers) => numbers.reduce((total, number) => total + number, 0);
const bound = sum.bind(null, 1, 2);
const boundTwice = bound.bind(null, 3);
const boundThis = toolbox.times.bind({ factor: 7 });

export const cases = [
  {
    name: 'a helper of a helper of a helper of a helper',
    run: (pool) => pool.submit((x) => level1(x), 1),
    expect: 203,
  },
  { name: 'a function declaration that is not exported', run: (pool) => pool.submit(level2, 1), expect: 203 },
  {
    name: 'mutual recursion',
    run: (pool) => pool.submit(() => [isEven(10), isOdd(10)]),
    expect: [true, false],
  },
  { name: 'mutual recursion submitted itself', run: (pool) => pool.submit(isOdd, 7), expect: true },
  { name: 'recursion through a const', run: (pool) => pool.submit(factorial, 5), expect: 120 },
  {
    name: 'recursion through the name of a function expression',
    run: (pool) => pool.submit(named, 10),
    expect: 55,
  },
  {
    name: 'recursion of a local arrow',
    run(pool) {
      const depth = (tree) => 1 + Math.max(0, ...tree.map((branch) => depth(branch)));
      return pool.submit(depth, [[[]], []]);
    },
    expect: 3,
  },
  {
    name: 'an async function',
    run: (pool) => pool.submit(async (x) => (await Promise.resolve(x)) + base, 1),
    expect: 101,
  },
  {
    name: 'a generator used in the task',
    run: (pool) => pool.submit(() => [...countTo(3)]),
    expect: [100, 200, 300],
  },
  {
    name: 'an async generator used in the task',
    run: (pool) =>
      pool.submit(async () => {
        const seen = [];
        for await (const value of countSlowly(3)) seen.push(value);
        return seen;
      }),
    expect: [1, 2, 3],
  },
  {
    name: 'for await over a captured async iterable',
    run(pool) {
      const source = {
        async *[Symbol.asyncIterator]() {
          yield base;
          yield 2;
        },
      };
      return pool.submit(async () => {
        const all = [];
        for await (const x of source) all.push(x);
        return all;
      });
    },
    expect: [100, 2],
  },
  {
    name: 'a captured iterable with a hand-written iterator',
    run(pool) {
      const source = {
        [Symbol.iterator]() {
          let n = 0;
          return { next: () => ({ value: n, done: (n += 1) > 3 }) };
        },
      };
      return pool.submit(() => [...source]);
    },
    expect: [0, 1, 2],
  },
  {
    name: 'a tagged template',
    run: (pool) => pool.submit((x) => tag`a${x}\n${base}c`, 1),
    expect: ['a|\n|c', 'a|\\n|c', [1, 100]],
  },
  {
    name: 'composition',
    run: (pool) =>
      pool.submit(
        compose(
          (x) => x + 1,
          (x) => x * 2,
          level4,
        ),
        1,
      ),
    expect: 203,
  },
  { name: 'currying', run: (pool) => pool.submit(curry(1)(2), 3), expect: [1, 2, 3, 100] },
  { name: 'a default parameter that is a closure', run: (pool) => pool.submit(withDefault, 1), expect: 101 },
  {
    name: 'a function as an argument',
    run: (pool) =>
      pool.submit(
        (fn, x) => fn(x),
        (x) => x + base,
        1,
      ),
    expect: 101,
  },
  {
    name: 'functions inside arguments',
    run: (pool) => pool.submit(({ list: [fn] }) => fn(1), { list: [level4] }),
    expect: 101,
  },
  {
    name: 'functions in a Map and a Set',
    run: (pool) =>
      pool.submit(
        (map, set) => [map.get('a')(1), [...set][0](2)],
        new Map([['a', level4]]),
        new Set([level3]),
      ),
    expect: [101, 204],
  },
  {
    name: 'a method of a captured object',
    run: (pool) => pool.submit((x) => toolbox.times(x), 2),
    expect: 6,
  },
  {
    name: 'a getter and a setter of a captured object',
    run: (pool) =>
      pool.submit(() => {
        const before = toolbox.tripled;
        toolbox.tripled = 500;
        return [before, toolbox.factor];
      }),
    expect: [300, 5],
  },
  { name: 'an async method', run: (pool) => pool.submit(() => toolbox.later(2)), expect: 6 },
  { name: 'a generator method', run: (pool) => pool.submit(() => [...toolbox.each()]), expect: [3, 4, 5] },
  {
    name: 'an async generator method',
    run: (pool) =>
      pool.submit(async () => {
        for await (const x of toolbox.eachLater()) return x;
      }),
    expect: 3,
  },
  {
    name: 'methods with unusual names',
    run: (pool) =>
      pool.submit(() => [
        toolbox.computed1(1),
        toolbox['not an identifier'](),
        toolbox[42](),
        toolbox.get(),
        toolbox.async(),
        toolbox.static(),
      ]),
    expect: [2, 'quoted', 'number', 'method named get', 'method named async', 'static'],
  },
  { name: 'a method submitted as the task', run: (pool) => pool.submit(toolbox.computed1, 1), expect: 2 },
  { name: 'a method that is bound', run: (pool) => pool.submit(toolbox.times.bind(toolbox), 2), expect: 6 },
  {
    name: 'super in an object literal',
    run: (pool) => pool.submit(() => child.hello()),
    expect: 'hello child!',
  },
  {
    name: 'accessor descriptors',
    run: (pool) =>
      pool.submit(() => Object.keys(Object.getOwnPropertyDescriptor(toolbox, 'tripled')).toSorted()),
    expect: ['configurable', 'enumerable', 'get', 'set'],
  },
  {
    name: 'properties of a function',
    run: (pool) => pool.submit(() => [withProperties(), withProperties.nested(), withProperties.nested.deep]),
    expect: ['1,2,3', 'nested', true],
  },
  {
    name: 'a constructor function and its prototype',
    run: (pool) =>
      pool.submit(() => [new Point(3, 4).length(), Point.origin instanceof Point, Point.origin.x]),
    expect: [5, true, 0],
  },
  {
    name: 'constructor functions that inherit',
    run(pool) {
      function Base() {
        this.tags = ['base'];
      }
      Base.prototype.describe = function () {
        return this.tags.join();
      };
      function Derived() {
        Base.call(this);
        this.tags.push('derived');
      }
      Derived.prototype = Object.create(Base.prototype, {
        constructor: { value: Derived, writable: true, configurable: true },
      });
      return pool.submit(() => {
        const d = new Derived();
        return [d.describe(), d instanceof Base, d.constructor === Derived];
      });
    },
    expect: ['base,derived', true, true],
  },
  {
    name: 'functions that share hidden state',
    run: (pool) =>
      pool.submit(() => {
        fromFactory.push(1);
        return [fromFactory.size(), fromFactory.pop(), fromFactory.pop()];
      }),
    expect: [2, 1, 'kept'],
  },
  {
    name: 'a memoized function with its cache',
    run: (pool) => pool.submit(() => [remembered(2), remembered(3)]),
    expect: [200, 300],
  },
  { name: 'bound arguments', run: (pool) => pool.submit(bound, 3), expect: 6 },
  { name: 'bound twice', run: (pool) => pool.submit(boundTwice, 4), expect: 10 },
  { name: 'a bound this', run: (pool) => pool.submit(boundThis, 2), expect: 14 },
  { name: 'a captured bound function', run: (pool) => pool.submit(() => boundTwice(0)), expect: 6 },
  { name: 'a bound global', run: (pool) => pool.submit(Math.max.bind(null, 5), 3), expect: 5 },
  {
    name: 'the name and length of functions',
    named: true,
    run: (pool) =>
      pool.submit(() =>
        [level1, level2, named, bound, toolbox.times, toolbox.computed1].map((fn) => [fn.name, fn.length]),
      ),
    expect: [
      ['level1', 1],
      ['level2', 1],
      ['fibonacci', 1],
      ['bound sum', 0],
      ['times', 1],
      ['computed1', 1],
    ],
  },
  {
    name: 'the name of the task itself',
    named: true,
    run(pool) {
      const nameless = () => nameless.name;
      return pool.submit(nameless);
    },
    expect: 'nameless',
  },
  {
    name: 'the names of accessors',
    run: (pool) =>
      pool.submit(() => {
        const { get, set } = Object.getOwnPropertyDescriptor(toolbox, 'tripled');
        return [get.name, set.name];
      }),
    expect: ['get tripled', 'set tripled'],
  },
  {
    name: 'new.target',
    run: (pool) =>
      pool.submit(() => {
        function Made() {
          this.isNew = new.target === Made;
        }
        return new Made().isNew;
      }),
    expect: true,
  },
  {
    name: 'a captured function with new.target',
    run(pool) {
      function Made() {
        this.isNew = new.target !== undefined;
      }
      return pool.submit(() => [new Made().isNew, Made.call({}, 1)]);
    },
    expect: [true, undefined],
  },
  {
    name: 'arrows have no prototype, methods neither',
    run: (pool) =>
      pool.submit(() => [level1, level3, toolbox.times].map((fn) => Object.hasOwn(fn, 'prototype'))),
    expect: [true, false, false],
  },
  {
    name: 'an immediately invoked function inside',
    run: (pool) =>
      pool.submit(
        () =>
          (() => {
            const base = 1;
            return base;
          })() + base,
      ),
    expect: 101,
  },
  {
    name: 'optional calls, spreads and logical assignment',
    run: (pool) =>
      pool.submit(() => {
        let x = null;
        x ??= level4?.(1);
        return Math.max(...[x, ...[1]], toolbox.nothing?.()?.deep ?? 0);
      }),
    expect: 101,
  },
  {
    name: 'a regular expression in the text',
    run: (pool) => pool.submit((text) => text.replace(/(?<name>base)\/[/]/gu, `$<name>${base}`), 'base//'),
    expect: 'base100',
  },
  // prettier-ignore
  { name: 'comments and strings that look like code', run: (pool) => pool.submit(() => { /* base = unknownName // */ return `${'unknownName'} ${`${base}`}`; // base
    }), expect: 'unknownName 100' },
  {
    name: 'an object that is returned from a concise body',
    run: (pool) => pool.submit((x) => ({ x, base }), 1),
    expect: { x: 1, base: 100 },
  },
  { name: 'a comma in a concise body', run: (pool) => pool.submit((x) => (level4(x), base), 1), expect: 100 },
  // prettier-ignore
  { name: 'an async arrow without parentheses', run: (pool) => pool.submit(async x => x + base, 1), expect: 101 },
  {
    name: 'a task that returns a thenable',
    run: (pool) => pool.submit(() => ({ then: (resolve) => resolve(base) })),
    expect: 100,
  },
  {
    name: 'a task that returns a generator of its own is told',
    run: (pool) => pool.submit(() => countTo(1)),
    rejects: /generator/u,
  },
  {
    name: 'a closure in a Proxy-free reduce',
    run: (pool) => pool.submit((items) => items.reduce((all, x) => ({ ...all, [x]: level4(x) }), {}), [1, 2]),
    expect: { 1: 101, 2: 102 },
  },
];
