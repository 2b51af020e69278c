/** One object stays one object: shared references, cycles, symbols, functions seen twice, arguments that are captured. */

const shared = { n: 1 };
const first = { shared };
const second = [shared];
const cyclic = { name: 'cycle', list: [] };
cyclic.self = cyclic;
cyclic.list.push(cyclic, shared);
const withClosure = { value: 7, read: () => withClosure.value, self: () => withClosure };
const mapCycle = new Map();
mapCycle.set('self', mapCycle).set(mapCycle, 'as key');
const mine = Symbol('mine');
const tagged = { [mine]: 'value' };
const sameHelper = (x) => x;
const table = { a: sameHelper, b: [sameHelper] };
const weak = new WeakMap([
  [shared, 'about shared'],
  [{}, 'about nothing'],
]);
const node = (value) => ({ value, edges: [] });
const graph = (() => {
  const nodes = [node(0), node(1), node(2)];
  nodes.forEach((from) => nodes.forEach((to) => from.edges.push(to)));
  return nodes[0];
})();

export const cases = [
  {
    name: 'a shared object',
    run: (pool) =>
      pool.submit(() => {
        first.shared.n += 1;
        return [first.shared === second[0], second[0].n, shared === first.shared];
      }),
    expect: [true, 2, true],
  },
  {
    name: 'an argument that is captured as well',
    run: (pool) => pool.submit((arg, [inList]) => [arg === shared, inList === shared], shared, [shared]),
    expect: [true, true],
  },
  {
    name: 'one object in two arguments',
    run: (pool) => pool.submit((a, b) => a.x === b, { x: shared }, shared),
    expect: true,
  },
  {
    name: 'a cycle',
    run: (pool) =>
      pool.submit(() => [cyclic.self === cyclic, cyclic.list[0] === cyclic, cyclic.list[1] === shared]),
    expect: [true, true, true],
  },
  {
    name: 'a cycle through a closure',
    run: (pool) =>
      pool.submit(() => {
        withClosure.value = 8;
        return [withClosure.read(), withClosure.self() === withClosure];
      }),
    expect: [8, true],
  },
  {
    name: 'a Map in itself',
    run: (pool) => pool.submit(() => [mapCycle.get('self') === mapCycle, mapCycle.get(mapCycle)]),
    expect: [true, 'as key'],
  },
  {
    name: 'a graph where all know all',
    run: (pool) => pool.submit(() => graph.edges[1].edges[2].edges[0] === graph),
    expect: true,
  },
  {
    name: 'a symbol of the program',
    run: (pool) => pool.submit(() => [tagged[mine], mine.description, typeof mine]),
    expect: ['value', 'mine', 'symbol'],
  },
  {
    name: 'a symbol comes back as itself',
    run: async (pool) => (await pool.submit(() => ({ key: mine }))).key === mine,
    expect: true,
  },
  {
    name: 'a symbol key comes back',
    run: async (pool) => (await pool.submit(() => tagged))[mine],
    expect: 'value',
  },
  {
    name: 'a symbol in two calls is one symbol there',
    run: async (pool, { single }) => {
      await single.submit(() => {
        globalThis.keptSymbol = mine;
      });
      return single.submit(() => globalThis.keptSymbol === mine);
    },
    expect: true,
  },
  {
    name: 'two symbols of one description',
    run(pool) {
      const [a, b] = [Symbol('same'), Symbol('same')];
      return pool.submit(() => [a === b, a.description === b.description]);
    },
    expect: [false, true],
  },
  {
    name: 'a function captured twice',
    run: (pool) => pool.submit(() => [table.a === table.b[0], table.a === sameHelper]),
    expect: [true, true],
  },
  {
    name: 'the task gets itself',
    run(pool) {
      const task = (self) => self === task;
      return pool.submit(task, task);
    },
    expect: true,
  },
  {
    name: 'a WeakMap knows what travels',
    run: (pool) => pool.submit(() => [weak.get(shared), weak.has({})]),
    expect: ['about shared', false],
  },
  {
    name: 'a WeakMap alone is empty',
    run: (pool) => pool.submit(() => weak instanceof WeakMap),
    expect: true,
  },
  {
    name: 'a cyclic result',
    run: async (pool) => {
      const back = await pool.submit(() => cyclic);
      return [back.self === back, back.list[0] === back, back.list[1].n];
    },
    expect: [true, true, 1],
  },
  {
    name: 'a shared object in a result',
    run: async (pool) => {
      const [a, b] = await pool.submit(() => [first, second]);
      return a.shared === b[0];
    },
    expect: true,
  },
  {
    name: 'a deep result',
    run: async (pool) => {
      let node = await pool.submit(() => {
        let list = null;
        for (let i = 0; i < 10_000; i += 1) list = { list };
        return list;
      });
      let depth = 0;
      for (; node !== null; node = node.list) depth += 1;
      return depth;
    },
    expect: 10_000,
  },
  {
    name: 'two calls give two objects',
    run: async (pool) => {
      const [a, b] = await Promise.all([pool.submit(() => shared), pool.submit(() => shared)]);
      return [a === b, a === shared];
    },
    expect: [false, false],
  },
  {
    name: 'a prototype shared by two objects',
    run(pool) {
      const proto = { p: 1 };
      const [a, b] = [Object.create(proto), Object.create(proto)];
      return pool.submit(() => {
        Object.getPrototypeOf(a).p = 2;
        return b.p;
      });
    },
    expect: 2,
  },
  {
    name: 'the global object and undefined',
    run(pool) {
      const g = globalThis;
      return pool.submit(() => g === globalThis);
    },
    expect: true,
  },
  {
    name: 'a closure over a class and its instance',
    run(pool) {
      class A {}
      const a = new A();
      const make = () => new A();
      return pool.submit(() => [make() instanceof A, a.constructor === make().constructor]);
    },
    expect: [true, true],
  },
];
