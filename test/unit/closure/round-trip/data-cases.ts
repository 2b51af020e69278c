/** Values of all kinds, as arguments and as variables. */
import { sparse } from '../../../fixtures/closure/unusual.mjs';
import type { Case } from './round-trip.ts';

const bytes = new Float64Array([1, Number.NaN, -0]);
const unique = Symbol('unique');

function same(name: string, value: unknown): Case {
  return { name, make: () => [(given: unknown) => given, value] };
}

export const dataCases: readonly Case[] = [
  same('primitives', [1, -0, Number.NaN, Infinity, -Infinity, 'a', '', true, null, undefined, 10n]),
  same('dates, regular expressions, boxes', [
    new Date(5),
    new Date(Number.NaN),
    /a(b)/giu,
    Object(1),
    Object('ab'),
    Object(2n),
  ]),
  same('maps and sets', [
    new Map<unknown, unknown>([
      [{}, new Set([1, 'a'])],
      ['b', new Map()],
    ]),
    new Set([new Set()]),
  ]),
  same('errors', [
    new TypeError('t', { cause: new Error('c') }),
    new AggregateError([new Error('a')], 'many'),
  ]),
  same('URLs', [new URL('http://a.b/c?d=e#f'), new URLSearchParams('a=1&a=2')]),
  same('typed arrays', [
    bytes,
    new Uint8Array([1, 2]),
    new BigInt64Array([1n]),
    new Uint8Array(0),
    Buffer.from('text'),
  ]),
  same('keys', JSON.parse('{"__proto__":1,"constructor":2,"a b":3,"":4,"0":5}')),
  same('symbols of the language, and registered ones', [Symbol.iterator, Symbol.for('registered')]),
  same('nested', { a: [{ b: { c: [[]] } }] }),
  {
    name: 'views share their buffer',
    make: () => [
      (a: Uint8Array, b: DataView) => ((a[0] = 9), [b.getUint8(0), a.buffer === b.buffer, a.byteOffset]),
      ...((buffer) => [new Uint8Array(buffer, 0, 4), new DataView(buffer)])(new ArrayBuffer(8)),
    ],
    expected: [9, true, 0],
  },
  {
    name: 'a small part of a large buffer goes alone',
    make: () => [
      (view: Uint8Array) => [[...view], view.buffer.byteLength],
      new Uint8Array(new ArrayBuffer(1000), 8, 2),
    ],
    expected: [[0, 0], 2],
  },
  {
    name: 'holes, and properties of an array',
    make: () => {
      const list = sparse;
      return [(given: typeof list) => [given.length, 1 in given, 2 in given, 3 in given, given.label], list];
    },
    expected: [4, false, true, false, 'l'],
  },
  {
    name: 'an array of almost nothing',
    make: () => {
      const list: number[] = [];
      list[100_000_000] = 1;
      return [(given: number[]) => [given.length, given[100_000_000], Object.keys(given).length], list];
    },
    expected: [100_000_001, 1, 1],
  },
  {
    name: 'frozen, sealed, fixed',
    make: () => [
      (...given: object[]) =>
        given.map((one) => [Object.isFrozen(one), Object.isSealed(one), Object.isExtensible(one)]),
      Object.freeze({ a: 1 }),
      Object.seal([1]),
      Object.preventExtensions(new Map()),
    ],
  },
  {
    name: 'no prototype, and one of its own',
    make: () => [
      (bare: object, heir: { own?: number; inherited?: number }) => [
        Object.getPrototypeOf(bare),
        heir.inherited,
        Object.keys(heir),
      ],
      Object.assign(Object.create(null), { a: 1 }),
      Object.assign(Object.create({ inherited: 1 }), { own: 2 }),
    ],
  },
  {
    name: 'accessors run here, and not before',
    make: () => {
      let runs = 0;
      const object = {
        get counted() {
          runs += 1;
          return runs;
        },
      };
      return [() => [object.counted, object.counted]];
    },
    expected: [1, 2],
  },
  {
    name: 'a symbol is one symbol',
    make: () => [
      (key: symbol, object: Record<symbol, number>) => [object[key], object[unique], key === unique],
      unique,
      { [unique]: 3 },
    ],
    expected: [3, 3, true],
  },
  {
    name: 'properties that do not show',
    make: () => {
      const object = Object.defineProperty({}, 'hidden', { value: 1 });
      return [
        (given: object) => [Object.keys(given), Object.getOwnPropertyDescriptor(given, 'hidden')],
        object,
      ];
    },
  },
  {
    name: 'a list of 10,000 nodes',
    make: () => {
      let list: { next: unknown } | null = null;
      for (let at = 0; at < 10_000; at += 1) list = { next: list };
      return [
        (given: { next: unknown }) => {
          let count = 0;
          for (let node: { next: unknown } | null = given; node !== null; node = node.next as typeof given)
            count += 1;
          return count;
        },
        list,
      ];
    },
    expected: 10_000,
  },
  {
    name: 'an array of 100,000 items',
    make: () => [(given: number[]) => given.length, Array.from({ length: 100_000 }, (_, index) => index)],
    expected: 100_000,
  },
];
