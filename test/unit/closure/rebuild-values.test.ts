/** Data made again of its nodes: kinds, shapes, cycles and depth. */
import { describe, expect, test } from 'vitest';
import type { GraphNode, Slot } from '../../../src/codec/closure/wire.ts';
import { fn, type Made, only, rebuilder, unit } from './rebuild-samples.ts';

const data = <T = Made>(nodes: readonly GraphNode[], root?: Slot): T => only<T>(rebuilder(), nodes, root);

describe('objects', () => {
  test('have properties of every kind', () => {
    const made = data([
      {
        k: 'object',
        properties: ['a', 1, 'constructor', 2, '__proto__', 3],
        special: [
          { key: 'hidden', value: 4, writable: true, configurable: true },
          { key: [1], value: 5, enumerable: true },
          { key: 'none', get: ['undefined'], enumerable: true },
        ],
      },
      { k: 'symbol', key: 'k' },
    ]);
    expect(Object.entries(made)).toEqual([
      ['a', 1],
      ['constructor', 2],
      ['__proto__', 3],
      ['none', undefined],
    ]);
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    expect(made.hidden).toBe(4);
    const keyed = Object.getOwnPropertyDescriptor(made, Symbol.for('k'));
    expect(keyed).toMatchObject({ value: 5, writable: false });
  });

  test('have another prototype, or none, without running its setters', () => {
    const code = unit('set x(v) { throw new Error("was run"); }', { form: 'setter', key: 'x' });
    const [first, second] = only<[object, object]>(rebuilder([code]), [
      { k: 'array', items: [[1], [4]] },
      { k: 'object', proto: [2], properties: ['x', 1] },
      { k: 'object', special: [{ key: 'x', set: [3] }] },
      { k: 'function', code: code.id, name: 'set x' },
      { k: 'object', proto: null, properties: ['__proto__', 1] },
    ]);
    expect(Object.entries(first)).toEqual([['x', 1]]);
    expect([Object.getPrototypeOf(second), Object.keys(second)]).toEqual([null, ['__proto__']]);
  });

  test('are frozen, sealed or fixed, though they hold each other', () => {
    const [frozen, sealed, fixed] = data<[Made, Made, Made]>([
      { k: 'array', items: [[1], [2], [3]], integrity: 'frozen' },
      { k: 'object', properties: ['next', [2]], integrity: 'frozen' },
      { k: 'object', properties: ['next', [3]], integrity: 'sealed' },
      { k: 'object', properties: ['next', [1]], integrity: 'fixed' },
    ]);
    expect(frozen.next.next.next).toBe(frozen);
    expect([Object.isFrozen(frozen), Object.isSealed(sealed), Object.isFrozen(sealed)]).toEqual([
      true,
      true,
      false,
    ]);
    expect([Object.isExtensible(fixed), Object.isSealed(fixed)]).toEqual([false, false]);
  });
});

describe('kinds', () => {
  test('of collections keep their order, holes and identities', () => {
    const [list, map, set, weak] = data<[Made, Made, Made, Made]>([
      { k: 'array', items: [[1], [2], [3], [4]] },
      { k: 'array', items: [['hole'], 1, ['undefined'], ['hole']], properties: ['extra', 1] },
      { k: 'map', items: [[1], 'list', 'self', [2]] },
      { k: 'set', items: [['number', 'NaN'], [3], 'x'] },
      { k: 'weakMap', items: [[1], 'weakly'] },
    ]);
    expect([Object.keys(list), list.length, list.extra]).toEqual([['1', '2', 'extra'], 4, 1]);
    expect([map.get(list), map.get('self') === map, [...map.keys()][0] === list]).toEqual([
      'list',
      true,
      true,
    ]);
    expect([[...set][0], set.has(set), weak.get(list)]).toEqual([Number.NaN, true, 'weakly']);
  });

  type Singles = [Date, Date, RegExp, object, symbol, URL, URLSearchParams];

  test('of single values are themselves', () => {
    const [date, invalid, regexp, number, symbol, url, params] = data<Singles>([
      { k: 'array', items: [[1], [2], [3], [4], [5], [6], [7]] },
      { k: 'date', time: 5 },
      { k: 'date', time: null },
      { k: 'regexp', source: 'a(?<b>c)', flags: 'gi', lastIndex: 3 },
      { k: 'boxed', value: ['number', '-0'] },
      { k: 'boxed', value: [8] },
      { k: 'url', text: 'https://example.org/?a=1' },
      { k: 'searchParams', text: 'a=1&a=2' },
      { k: 'symbol', wellKnown: 'iterator' },
    ]);
    expect([date.getTime(), invalid.getTime(), String(regexp), regexp.lastIndex]).toEqual([
      5,
      Number.NaN,
      '/a(?<b>c)/gi',
      3,
    ]);
    expect([Object.is(number.valueOf(), -0), typeof number, symbol.valueOf()]).toEqual([
      true,
      'object',
      Symbol.iterator,
    ]);
    expect([url instanceof URL, url.href, String(params)]).toEqual([
      true,
      'https://example.org/?a=1',
      'a=1&a=2',
    ]);
  });

  test('of errors are real errors', () => {
    const error = data([
      {
        k: 'error',
        stack: 'Error: m\n    at there',
        special: [{ key: 'message', value: 'm', writable: true, configurable: true }],
      },
    ]);
    expect(Object.prototype.toString.call(error)).toBe('[object Error]');
    expect([error.message, error.stack, Object.keys(error)]).toEqual(['m', 'Error: m\n    at there', []]);
    expect(Object.hasOwn(data([{ k: 'error' }]), 'stack')).toBe(false);
    expect(Error.stackTraceLimit).toBeGreaterThan(0);
  });

  test('of bytes share their buffers', () => {
    const bytes = new Uint8Array(new Float64Array([-0, Number.NaN]).buffer);
    const values = rebuilder().rebuild(
      {
        nodes: [
          { k: 'array', items: [[1], [2], [3], [4]] },
          { k: 'view', type: 'Float64Array', buffer: [4], offset: 0, length: 2 },
          { k: 'view', type: 'Buffer', buffer: [4], offset: 8, length: 8 },
          { k: 'view', type: 'DataView', buffer: [4], offset: 4, length: 8 },
          { k: 'buffer', bytes: 0 },
        ],
        roots: [[0]],
      },
      [Buffer.concat([bytes])],
    );
    const [[floats, buffer, view, memory]] = values as [[Float64Array, Buffer, DataView, ArrayBuffer]];
    expect([Object.is(floats[0], -0), floats[1], Buffer.isBuffer(buffer), view.byteLength]).toEqual([
      true,
      Number.NaN,
      true,
      8,
    ]);
    expect([floats.buffer, buffer.buffer, view.buffer].every((each) => each === memory)).toBe(true);
  });

  test('of symbols keep their identity across calls', () => {
    const made = rebuilder();
    const send = (id: string): symbol => only(made, [{ k: 'symbol', id, description: 'mine' }]);
    const symbol = send('a');
    expect([send('a') === symbol, send('b') === symbol, symbol.description]).toEqual([true, false, 'mine']);
    expect(made.knownTypes.idOfSymbol(symbol)).toBe('a');
    expect(made.knownTypes.idOfSymbol(Symbol.for('a'))).toBeUndefined();
  });

  test('of ports are asked for', () => {
    const signal = new AbortController().signal;
    const pool = {};
    const made = rebuilder([], {
      signal: (index) => (index === 3 ? signal : AbortSignal.abort()),
      pool: () => pool,
    });
    const [first, aborted, same] = only<[AbortSignal, AbortSignal, object]>(made, [
      { k: 'array', items: [[1], [2], [4]] },
      { k: 'signal', index: 3 },
      { k: 'signal', index: 1, aborted: [3] },
      { k: 'object', properties: ['signal', [2]] },
      { k: 'pool' },
    ]);
    expect([
      first === signal,
      aborted.aborted,
      (aborted.reason as Made).signal === (aborted as unknown),
      same === pool,
    ]).toEqual([true, true, true, true]);
  });
});

describe('depth', () => {
  const depth = 10_000;

  test.each([
    [
      'objects',
      (to: number): GraphNode => ({ k: 'object', properties: ['next', [to]], integrity: 'frozen' }),
    ],
    ['arrays', (to: number): GraphNode => ({ k: 'array', items: [[to]] })],
    ['maps', (to: number): GraphNode => ({ k: 'map', items: [[to], [to]] })],
    [
      'bound functions',
      (to: number): GraphNode => ({ k: 'bound', target: [to], boundThis: null, args: [[to]] }),
    ],
  ])('of %s is no limit', (_, node) => {
    const nodes = Array.from({ length: depth }, (_each, index) => node(index + 1));
    nodes.push({ k: 'function', code: '() => 1', name: '' });
    expect(only(rebuilder([unit('() => 1')]), nodes)).toBeTypeOf(
      nodes[0]?.k === 'bound' ? 'function' : 'object',
    );
  });

  test('of registered values is no limit', () => {
    const nodes = Array.from({ length: depth }, (_, index): GraphNode => ({
      k: 'registered',
      type: 'N',
      data: [index + 1],
    }));
    nodes.push({ k: 'object' });
    const made = rebuilder([], {
      decoderOf: () => (inner: unknown) => ({ depth: ((inner as { depth?: number }).depth ?? 0) + 1 }),
    });
    expect(only(made, nodes).depth).toBe(depth);
  });
});

test('what is made of itself is refused, and a function is not', () => {
  expect(() => data([{ k: 'bound', target: [0], boundThis: null, args: [] }])).toThrow('made of itself');
  expect(fn('() => self', { variables: ['self'] }, [[0]])()).toBeTypeOf('function');
});
