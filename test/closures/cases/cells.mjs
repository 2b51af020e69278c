/** Variables that functions assign: read at submit, shared by the functions of one activation, apart from all others. */

let counter = 0;
const increment = () => (counter += 1);
const read = () => counter;
let swapped = 'before';
const state = { list: [1], set: new Set(['a']) };
let lazily;
const getLazily = () => (lazily ??= { made: 1 });

function makeCounter(start = 0) {
  let count = start;
  return { add: (by = 1) => (count += by), get: () => count };
}

function makeTwins() {
  let [a, b] = [1, 10];
  return {
    swap() {
      [a, b] = [b, a];
      return [a, b];
    },
    sum: () => a + b,
  };
}

function makeLedger() {
  let total = 0;
  const entries = [];
  const add = (amount) => {
    total += amount;
    entries.push(amount);
    return api;
  };
  const api = { add, report: () => ({ total, entries: [...entries] }) };
  return api;
}

const sameFunction = { a: makeCounter(), b: makeCounter() };

export const cases = [
  {
    name: 'a variable changed after submit has its old value',
    run(pool) {
      let value = 'at submit';
      const task = pool.submit(() => value);
      value = 'later';
      return task;
    },
    expect: 'at submit',
  },
  {
    name: 'an object changed after submit has its old contents',
    run(pool) {
      const list = [1];
      const task = pool.submit(() => list.length);
      list.push(2);
      return task;
    },
    expect: 1,
  },
  {
    name: 'bytes changed after submit have their old values',
    run(pool) {
      const bytes = new Uint8Array([1, 2, 3]);
      const task = pool.submit(() => [...bytes]);
      bytes.fill(9);
      return task;
    },
    expect: [1, 2, 3],
  },
  {
    name: 'a closure sent twice with changed values',
    async run(pool) {
      const task = () => [swapped, state.list.length];
      const first = pool.submit(task);
      swapped = 'after';
      state.list.push(2);
      const second = pool.submit(task);
      swapped = 'before';
      state.list.pop();
      return [await first, await second];
    },
    expect: [
      ['before', 1],
      ['after', 2],
    ],
  },
  {
    name: 'what the child changes stays there',
    async run(pool) {
      const data = { nested: { n: 1 } };
      const inChild = await pool.submit(() => {
        data.nested.n += 1;
        data.extra = true;
        return data;
      });
      return [inChild, data];
    },
    expect: [{ nested: { n: 2 }, extra: true }, { nested: { n: 1 } }],
  },
  {
    name: 'each call starts with the values of the parent',
    async run(pool, { single }) {
      let n = 0;
      const task = () => (n += 1);
      return [await single.submit(task), await single.submit(task), n];
    },
    expect: [1, 1, 0],
  },
  {
    name: 'a module variable that two functions share',
    run: (pool) =>
      pool.submit(() => {
        increment();
        increment();
        return [read(), counter];
      }),
    expect: [2, 2],
  },
  {
    name: 'the task itself assigns a captured variable',
    run(pool) {
      let n = 5;
      return pool.submit(() => {
        n += 2;
        n++;
        ++n;
        return n;
      });
    },
    expect: 9,
  },
  {
    name: 'an assigned variable in a shorthand property',
    run(pool) {
      let n = 1;
      return pool.submit(() => {
        n++;
        return { n, copy: n };
      });
    },
    expect: { n: 2, copy: 2 },
  },
  {
    name: 'an assignment by pattern',
    run(pool) {
      let a = 1;
      let b = 2;
      return pool.submit(() => {
        [a, b = 7] = [b, a];
        ({ a, x: b = 9 } = { a: a * 10 });
        return [a, b];
      });
    },
    expect: [20, 9],
  },
  {
    name: 'an assignment in a loop head',
    run(pool) {
      let x = 0;
      let key = '';
      return pool.submit(() => {
        for (x of [1, 2, 3]);
        for (key in { k: 1 });
        return [x, key];
      });
    },
    expect: [3, 'k'],
  },
  {
    name: 'a logical assignment',
    run: (pool) =>
      pool.submit(() => {
        getLazily().made += 1;
        return [getLazily(), lazily === getLazily()];
      }),
    expect: [{ made: 2 }, true],
  },
  {
    name: 'an assigned variable that typeof asks for',
    run(pool) {
      let maybe;
      return pool.submit(() => {
        const before = typeof maybe;
        maybe = 1;
        return [before, typeof maybe];
      });
    },
    expect: ['undefined', 'number'],
  },
  {
    name: 'a call of an assigned variable has no this',
    run(pool) {
      let fn = function () {
        return this === undefined;
      };
      return pool.submit(() => {
        const first = fn();
        fn = () => 'replaced';
        return [first, fn()];
      });
    },
    expect: [true, 'replaced'],
    // What it makes of a module is sloppy code, here and there.
    unless: ['tsx-cjs'],
  },
  {
    name: 'an assigned tag',
    run(pool) {
      let tag = (s) => s[0];
      return pool.submit(() => {
        const before = tag`x`;
        tag = () => 'y';
        return [before, tag`x`];
      });
    },
    expect: ['x', 'y'],
  },
  {
    name: 'two activations are kept apart',
    run(pool) {
      const [a, b] = [makeCounter(1), makeCounter(1)];
      return pool.submit(() => {
        a.add();
        a.add();
        b.add(5);
        return [a.get(), b.get()];
      });
    },
    expect: [3, 6],
  },
  {
    name: 'two activations with equal contents are kept apart',
    run: (pool) =>
      pool.submit(() => {
        const { a, b } = sameFunction;
        a.add();
        return [a.get(), b.get()];
      }),
    expect: [1, 0],
  },
  {
    name: 'functions of two activations with equal contents, taken apart',
    run(pool) {
      const { add } = makeCounter();
      const { get } = makeCounter();
      return pool.submit(() => {
        add(1);
        return get();
      });
    },
    expect: 0,
  },
  {
    name: 'functions of one activation, taken apart',
    run(pool) {
      const { add, get } = makeCounter();
      return pool.submit(() => {
        add(1);
        return get();
      });
    },
    expect: 1,
  },
  {
    name: 'three activations with equal contents',
    run(pool) {
      const all = [makeCounter(), makeCounter(), makeCounter()];
      return pool.submit(() => {
        all[0].add(1);
        all[2].add(5);
        return all.map((each) => each.get());
      });
    },
    expect: [1, 0, 5],
  },
  {
    name: 'one activation, captured and as an argument',
    run(pool) {
      const { add, get } = makeCounter();
      return pool.submit((g) => {
        add(3);
        return [g(), get === g];
      }, get);
    },
    expect: [3, true],
  },
  {
    name: 'activations in arguments',
    run: (pool) =>
      pool.submit(
        (one, two) => {
          one.add();
          return [one.get(), two.get()];
        },
        makeCounter(),
        makeCounter(),
      ),
    expect: [1, 0],
  },
  {
    name: 'a swap of two cells',
    run(pool) {
      const { swap, sum } = makeTwins();
      return pool.submit(() => [swap(), swap(), sum()]);
    },
    expect: [[10, 1], [1, 10], 11],
  },
  {
    name: 'an object whose functions use it and a cell',
    run(pool) {
      const ledger = makeLedger();
      ledger.add(1);
      return pool.submit(() => ledger.add(2).add(3).report());
    },
    expect: { total: 6, entries: [1, 2, 3] },
  },
  {
    name: 'the cells of loop iterations are apart',
    run(pool) {
      const pairs = [];
      for (let i = 0; i < 3; i += 1) {
        let n = 0;
        pairs.push({ bump: () => (n += i + 1), n: () => n });
      }
      return pool.submit(() => {
        pairs[0].bump();
        pairs[2].bump();
        return pairs.map((pair) => pair.n());
      });
    },
    expect: [1, 0, 3],
  },
  {
    name: 'a loop variable that the closure assigns',
    run(pool) {
      const functions = [];
      for (let i = 0; i < 3; i += 1) functions.push(() => (i += 10));
      return pool.submit(() => functions.map((fn) => fn() + fn()));
    },
    expect: [30, 32, 34],
  },
  {
    name: 'nested activations share the outer cell and have inner ones apart',
    run(pool) {
      let outer = 0;
      const make = () => {
        let inner = 0;
        return () => [(outer += 1), (inner += 1)];
      };
      const [a, b] = [make(), make()];
      return pool.submit(() => [a(), b(), a()]);
    },
    expect: [
      [1, 1],
      [2, 1],
      [3, 2],
    ],
  },
  {
    name: 'the outer variable of the same name is another one',
    run(pool) {
      let x = 'outer';
      const set = (value) => {
        x = value;
      };
      const inner = (() => {
        let x = 'inner';
        return {
          set: (value) => {
            x = value;
          },
          get: () => x,
        };
      })();
      return pool.submit(() => {
        set('changed');
        inner.set('set');
        return [x, inner.get()];
      });
    },
    expect: ['changed', 'set'],
  },
  {
    name: 'an async function holds a cell over awaits',
    run(pool) {
      let running = 0;
      let most = 0;
      const work = async () => {
        running += 1;
        most = Math.max(most, running);
        await null;
        running -= 1;
      };
      return pool.submit(async () => {
        await Promise.all([work(), work(), work()]);
        return [running, most];
      });
    },
    expect: [0, 3],
  },
  {
    name: 'one activation of an async function that is still running',
    async run(pool) {
      let release;
      const gate = (resolve) => {
        release = resolve;
      };
      const live = (async () => {
        let n = 1;
        const api = { add: () => (n += 1), get: () => n };
        return api;
      })();
      gate(() => {});
      const api = await live;
      return pool.submit(() => {
        api.add();
        return [api.get(), typeof release];
      });
    },
    expect: [2, 'function'],
  },
  {
    name: 'the cells of a generator that is suspended',
    run(pool) {
      const generator = (function* () {
        let n = 1;
        yield { add: () => (n += 1), get: () => n };
      })();
      const api = generator.next().value;
      api.add();
      return pool.submit(() => {
        api.add();
        return api.get();
      });
    },
    expect: 3,
  },
  {
    name: 'the parent goes on with its own cell',
    async run(pool) {
      const mine = makeCounter();
      const there = await pool.submit(() => mine.add(10));
      return [there, mine.add(1)];
    },
    expect: [10, 1],
  },
  {
    name: 'the cell of a parameter',
    run(pool) {
      const wrap = (value) => ({
        set: (next) => {
          value = next;
        },
        get: () => value,
      });
      const [one, two] = [wrap('x'), wrap('x')];
      return pool.submit(() => {
        one.set('y');
        return [one.get(), two.get()];
      });
    },
    expect: ['y', 'x'],
  },
  {
    name: 'a cell that holds a function that assigns it',
    run(pool) {
      let step = () => {
        step = () => 'second';
        return 'first';
      };
      return pool.submit(() => [step(), step()]);
    },
    expect: ['first', 'second'],
  },
  {
    name: 'a function that replaces itself',
    run(pool) {
      function once() {
        once = () => 'again';
        return 'first';
      }
      return pool.submit(() => [once(), once()]);
    },
    expect: ['first', 'again'],
  },
  {
    name: 'a captured variable deleted from nothing: void, delete and in',
    run(pool) {
      let box = { a: 1, b: 2 };
      return pool.submit(() => {
        const had = 'a' in box;
        delete box.a;
        box = { ...box, c: void 0 };
        return [had, Object.keys(box)];
      });
    },
    expect: [true, ['b', 'c']],
  },
];
