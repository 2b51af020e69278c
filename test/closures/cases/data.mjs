/** Data that functions capture, beside the plain: dates, expressions, bytes, collections, odd objects and arrays. */

const date = new Date(86_400_000);
const invalid = new Date(Number.NaN);
const sticky = /a(\d)/gy;
sticky.lastIndex = 2;
const buffer = new ArrayBuffer(16);
const bytes = new Uint8Array(buffer, 4, 8);
const floats = new Float64Array(buffer, 8, 1);
bytes.set([1, 2, 3, 4, 5, 6, 7, 8]);
const special = new Float64Array([Number.NaN, -0, Infinity]);
const view = new DataView(buffer, 2, 6);
const text = Buffer.from('héllo');
const bigints = new BigInt64Array([-1n, 2n ** 62n]);
const sparse = [1, , 3];
sparse[6] = 7;
const listed = Object.assign([1, 2], { extra: 'property' });
const nullProto = Object.assign(Object.create(null), { a: 1 });
const frozen = Object.freeze({ list: Object.freeze([1]), open: [] });
const sealed = Object.seal({ a: 1 });
const fixed = Object.preventExtensions({ a: 1 });
const symbolKey = Symbol('key');
const withSymbols = {
  [symbolKey]: 'symbol',
  [Symbol.for('shared')]: 'shared',
  [Symbol.toStringTag]: 'Tag',
  plain: 1,
};
const polluting = JSON.parse(
  '{"__proto__": {"polluted": true}, "constructor": 1, "toString": 2, "hasOwnProperty": 3}',
);
const described = Object.defineProperties(
  {},
  {
    hidden: { value: 1 },
    visible: { value: 2, enumerable: true },
    computed: {
      get() {
        return this.hidden + this.visible;
      },
      enumerable: true,
    },
  },
);
const error = new TypeError('captured', { cause: new RangeError('cause') });
error.code = 'E_CODE';
const aggregate = new AggregateError([new Error('one'), new Error('two')], 'several');
const map = new Map([
  [{ id: 1 }, 'object'],
  ['text', new Map([[1, 2n]])],
  [Number.NaN, 'nan'],
]);
const set = new Set([1, 'a', set0()]);
function set0() {
  return new Set([null, undefined]);
}
const url = new URL('https://example.org/a?b=1#c');
const params = new URLSearchParams('a=1&b=2&a=3');
const boxed = [Object(1), Object('text'), Object(false), Object(2n)];
const long = Array.from({ length: 10_000 }, (_, index) => ({ index, text: `item ${index}` }));
const strings = ['\u0000', '\ud800', '😀', '\u2028', '"\\', '', '__proto__', 'a'.repeat(70_000)];
const linked = (() => {
  let node = null;
  for (let index = 0; index < 10_000; index += 1) node = { index, next: node };
  return node;
})();
const nestedArray = (() => {
  let list = [];
  for (let index = 0; index < 10_000; index += 1) list = [list];
  return list;
})();
const nestedClosures = (() => {
  let fn = () => 0;
  for (let index = 0; index < 2_000; index += 1) {
    const inner = fn;
    fn = (depth) => (depth === 0 ? index : inner(depth - 1));
  }
  return fn;
})();
const numbers = [0, -1, 1e21, 5e-324, 2 ** 53, 0.1 + 0.2];
const keyed = { 2: 'two', 1: 'one', b: 1, a: 2, '-1': 'minus', 1.5: 'half' };

export const cases = [
  {
    name: 'a Date',
    run: (pool) => pool.submit(() => [date.getTime(), date instanceof Date, Number.isNaN(invalid.getTime())]),
    expect: [86_400_000, true, true],
  },
  {
    name: 'a RegExp with its lastIndex',
    run: (pool) =>
      pool.submit(() => [sticky.lastIndex, sticky.flags, sticky.exec('xxa7')[1], sticky instanceof RegExp]),
    expect: [2, 'gy', '7', true],
  },
  {
    name: 'typed arrays over one buffer',
    run: (pool) =>
      pool.submit(() => {
        const before = [...bytes];
        bytes[4] = 255;
        return [
          before,
          bytes.buffer === floats.buffer,
          bytes.byteOffset,
          view.getUint8(6 - 4),
          view.buffer === buffer,
          buffer.byteLength,
          new Uint8Array(floats.buffer, 8, 1)[0],
        ];
      }),
    expect: [[1, 2, 3, 4, 5, 6, 7, 8], true, 4, 1, true, 16, 255],
  },
  {
    name: 'special numbers in a typed array',
    run: (pool) => pool.submit(() => [Number.isNaN(special[0]), Object.is(special[1], -0), special[2]]),
    expect: [true, true, Infinity],
  },
  {
    name: 'a Buffer',
    run: (pool) => pool.submit(() => [text.toString(), Buffer.isBuffer(text)]),
    expect: ['héllo', true],
  },
  { name: 'a BigInt64Array', run: (pool) => pool.submit(() => [...bigints]), expect: [-1n, 2n ** 62n] },
  {
    name: 'bytes come back',
    run: (pool) => pool.submit(() => bytes.slice(0, 2)),
    expect: new Uint8Array([1, 2]),
  },
  {
    name: 'a sparse array',
    run: (pool) => pool.submit(() => [sparse.length, 1 in sparse, sparse[2], sparse[6], Object.keys(sparse)]),
    expect: [7, false, 3, 7, ['0', '2', '6']],
  },
  {
    name: 'an array with a property',
    run: (pool) => pool.submit(() => [listed.length, listed.extra]),
    expect: [2, 'property'],
  },
  {
    name: 'no prototype',
    run: (pool) => pool.submit(() => [Object.getPrototypeOf(nullProto), nullProto.a]),
    expect: [null, 1],
  },
  {
    name: 'frozen, sealed and not extensible',
    run: (pool) =>
      pool.submit(() => [
        Object.isFrozen(frozen),
        Object.isFrozen(frozen.list),
        Object.isFrozen(frozen.open),
        Object.isSealed(sealed),
        Object.isFrozen(sealed),
        Object.isExtensible(fixed),
      ]),
    expect: [true, true, false, true, false, false],
  },
  {
    name: 'keys that are symbols',
    run: (pool) =>
      pool.submit(() => [
        withSymbols[symbolKey],
        withSymbols[Symbol.for('shared')],
        String(withSymbols),
        Object.getOwnPropertySymbols(withSymbols).length,
      ]),
    expect: ['symbol', 'shared', '[object Tag]', 3],
  },
  {
    name: 'keys that pollute elsewhere',
    run: (pool) =>
      pool.submit(() => [
        Object.keys(polluting).toSorted(),
        {}.polluted,
        polluting.polluted,
        Object.getPrototypeOf(polluting) === Object.prototype,
      ]),
    expect: [['__proto__', 'constructor', 'hasOwnProperty', 'toString'], undefined, undefined, true],
  },
  {
    name: 'property descriptors',
    run: (pool) =>
      pool.submit(() => [
        Object.keys(described),
        described.computed,
        Object.getOwnPropertyDescriptor(described, 'hidden').writable,
        typeof Object.getOwnPropertyDescriptor(described, 'computed').get,
      ]),
    expect: [['visible', 'computed'], 3, false, 'function'],
  },
  {
    name: 'an Error with its cause and code',
    run: (pool) =>
      pool.submit(() => [
        error instanceof TypeError,
        error.message,
        error.cause instanceof RangeError,
        error.code,
        error.stack.startsWith('TypeError: captured'),
        Object.keys(error),
      ]),
    expect: [true, 'captured', true, 'E_CODE', true, ['code']],
  },
  {
    name: 'an AggregateError',
    run: (pool) =>
      pool.submit(() => [aggregate.errors.map((each) => each.message), aggregate instanceof AggregateError]),
    expect: [['one', 'two'], true],
  },
  {
    name: 'a Map',
    run: (pool) =>
      pool.submit(() => [[...map.keys()][0].id, map.get('text').get(1), map.get(Number.NaN), map.size]),
    expect: [1, 2n, 'nan', 3],
  },
  {
    name: 'a Set',
    run: (pool) => pool.submit(() => [set.has('a'), [...[...set][2]]]),
    expect: [true, [null, undefined]],
  },
  {
    name: 'a URL',
    run: (pool) => pool.submit(() => [url.href, url.hash, url instanceof URL]),
    expect: ['https://example.org/a?b=1#c', '#c', true],
  },
  {
    name: 'URLSearchParams',
    run: (pool) => pool.submit(() => [params.getAll('a'), params instanceof URLSearchParams]),
    expect: [['1', '3'], true],
  },
  {
    name: 'primitives in objects',
    run: (pool) => pool.submit(() => boxed.map((each) => [typeof each, typeof each.valueOf()])),
    expect: [
      ['object', 'number'],
      ['object', 'string'],
      ['object', 'boolean'],
      ['object', 'bigint'],
    ],
  },
  {
    name: 'a list of 10,000 elements',
    run: (pool) =>
      pool.submit(() => [long.length, long[9999], long.reduce((sum, each) => sum + each.index, 0)]),
    expect: [10_000, { index: 9999, text: 'item 9999' }, 49_995_000],
  },
  {
    name: 'a linked list of 10,000',
    run: (pool) =>
      pool.submit(() => {
        let count = 0;
        for (let node = linked; node !== null; node = node.next) count += 1;
        return count;
      }),
    expect: 10_000,
  },
  {
    name: 'a linked list of 10,000 as an argument',
    run: (pool) =>
      pool.submit((list) => {
        let count = 0;
        for (let node = list; node !== null; node = node.next) count += 1;
        return count;
      }, linked),
    expect: 10_000,
  },
  {
    name: 'arrays nested 10,000 deep',
    run: (pool) =>
      pool.submit(() => {
        let depth = 0;
        for (let list = nestedArray; list.length > 0; [list] = list) depth += 1;
        return depth;
      }),
    expect: 10_000,
  },
  {
    name: 'closures nested 2,000 deep',
    run: (pool) => pool.submit(() => [nestedClosures(0), nestedClosures(1500), nestedClosures(1999)]),
    expect: [1999, 499, 0],
  },
  {
    name: 'strings of all kinds',
    run: (pool) => pool.submit(() => strings.map((each) => [each.length, each.codePointAt(0)])),
    expect: strings.map((each) => [each.length, each.codePointAt(0)]),
  },
  { name: 'numbers of all kinds', run: (pool) => pool.submit(() => numbers), expect: numbers },
  {
    name: 'the order of keys',
    run: (pool) => pool.submit(() => Object.keys(keyed)),
    expect: Object.keys(keyed),
  },
  {
    name: 'undefined properties',
    run(pool) {
      const o = { a: undefined, b: [undefined, null] };
      return pool.submit(() => ['a' in o, o.b]);
    },
    expect: [true, [undefined, null]],
  },
  {
    name: 'an object with a getter is not read',
    run(pool) {
      let reads = 0;
      const o = {
        get value() {
          reads += 1;
          return reads;
        },
      };
      const task = pool.submit(() => [o.value, o.value]);
      return task.then((there) => [there, reads]);
    },
    expect: [[1, 2], 0],
  },
  {
    name: 'an object with a prototype that is an object',
    run(pool) {
      const proto = {
        hello() {
          return `hello ${this.name}`;
        },
      };
      const o = Object.assign(Object.create(proto), { name: 'x' });
      return pool.submit(() => [o.hello(), Object.keys(o), Object.getPrototypeOf(o) === proto]);
    },
    expect: ['hello x', ['name'], true],
  },
  {
    name: 'a Date, Map and array with properties',
    run(pool) {
      const odd = [
        Object.assign(new Date(0), { note: 'd' }),
        Object.assign(new Map([[1, 2]]), { note: 'm' }),
        Object.assign(/x/, { note: 'r' }),
      ];
      return pool.submit(() => [odd.map((each) => each.note), odd[1].get(1)]);
    },
    expect: [['d', 'm', 'r'], 2],
  },
  {
    name: 'a large text and large bytes',
    run(pool) {
      const t = 'x'.repeat(300_000);
      const b = new Uint8Array(500_000).fill(7);
      return pool.submit(() => [t.length, b.length, b[499_999]]);
    },
    expect: [300_000, 500_000, 7],
  },
  {
    name: 'a view of a small part of a pooled Buffer',
    run(pool) {
      const small = Buffer.from('ab');
      return pool.submit(() => [small.length, small.toString()]);
    },
    expect: [2, 'ab'],
  },
  {
    name: 'an Intl-free date format inside',
    run: (pool) => pool.submit(() => new Intl.NumberFormat('en').format(1234)),
    expect: '1,234',
  },
];
