/**
 * Every kind of value that travels arrives as it was, also for a reader that only has superjson and our
 * types.
 */
import { isDeepStrictEqual } from 'node:util';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { decodeMessage, encodeValue, messageHeader } from '../../../src/codec/codec.ts';
import { at, readBySuperJson, roundTrip } from './round-trip.ts';

const sparse: unknown[] = Object.assign([], { 1: undefined, 2: 3, length: 6 });
const guarded = JSON.parse('{"__proto__":{"a":1},"constructor":2,"prototype":[3]}') as Record<
  string,
  unknown
>;

const values: Record<string, unknown> = {
  null: null,
  undefined,
  true: true,
  number: 1.5,
  'largest number': Number.MAX_VALUE,
  NaN: Number.NaN,
  Infinity,
  '-Infinity': -Infinity,
  '-0': -0,
  bigint: -(2n ** 80n),
  largeBigint: 2n ** 9000n + 1n,
  largeNegativeBigint: -(2n ** 9000n) - 1n,
  'text with escapes': 'a"\\\n\u0000\u2028\ud800 é 🎭',
  'empty array': [],
  'empty object': {},
  'nested plain data': { a: [1, { b: null, c: 'd' }], e: {} },
  'odd keys': { '': 1, 'a.b': 2, 'c\\d': 3, '0': 4, é: 5 },
  'annotated odd keys': { '': 1n, 'a.b': 2n, 'c\\d': { 'e.\\.f': 3n }, '0': 4n, é: 5n },
  'undefined in an array': [undefined, 1, undefined],
  'undefined in an object': { a: undefined, b: 1 },
  holes: sparse,
  'nothing but holes': Array.from({ length: 0 }).concat(Object.assign([], { length: 3 })),
  'an enormous hole': Object.assign([], { 4_000_000_000: 'far' }),
  'holes with annotations': Object.assign([], { 2: new Date(5), length: 4 }),
  Date: new Date(1_700_000_000_123),
  RegExp: /a\/b[/]\n"+/giu,
  'empty RegExp': new RegExp(''),
  URL: new URL('https://user@example.org:8080/a?b=c#d'),
  Map: new Map<unknown, unknown>([
    ['a', 1],
    [{ b: 1 }, new Date(0)],
    [Number.NaN, undefined],
    [new Map([[1n, new Set([2n])]]), [new Map()]],
  ]),
  Set: new Set<unknown>([1, '1', undefined, { a: new Date(3) }, [new Set()]]),
  'guarded keys': guarded,
  'guarded keys with annotations': { constructor: new Date(1), b: { prototype: { c: 1n } } },
  ArrayBuffer: new Uint8Array([1, 2, 3]).buffer,
  Buffer: Buffer.from('some bytes'),
  'empty Buffer': Buffer.alloc(0),
  DataView: new DataView(new Uint8Array([0, 1, 2, 3]).buffer, 1, 2),
  Int8Array: new Int8Array([-1, 2]),
  Uint8Array: new Uint8Array([1, 2]),
  Uint8ClampedArray: new Uint8ClampedArray([1, 255]),
  Int16Array: new Int16Array([-300]),
  Uint16Array: new Uint16Array([300]),
  Int32Array: new Int32Array([-70_000]),
  Uint32Array: new Uint32Array([70_000]),
  Float32Array: new Float32Array([0.5, Number.NaN]),
  Float64Array: new Float64Array([0.1, Number.NaN, -0, Infinity]),
  BigInt64Array: new BigInt64Array([-1n]),
  BigUint64Array: new BigUint64Array([2n ** 63n]),
  'empty Float64Array': new Float64Array(0),
  'part of an Int32Array': new Int32Array([1, 2, 3, 4]).subarray(1, 3),
  'binaries among data': {
    a: [Buffer.from('x'), new Date(1), new Float64Array([1])],
    b: new Map([[1, new Uint8Array(2)]]),
  },
};

describe.each(Object.entries(values))('%s', (_name, value) => {
  test('arrives as it was', () => {
    expect(isDeepStrictEqual(roundTrip(value), value)).toBe(true);
  });

  test('arrives as it was inside of arguments', () => {
    const args = [1, { it: value }];
    expect(isDeepStrictEqual(roundTrip(args), args)).toBe(true);
  });

  test('is read by a SuperJSON with our types', () => {
    expect(isDeepStrictEqual(readBySuperJson({ it: value }), { it: value })).toBe(true);
  });
});

test('an invalid date stays invalid', () => {
  expect(roundTrip([new Date(Number.NaN)])).toStrictEqual([new Date(Number.NaN)]);
  expect(readBySuperJson([new Date(Number.NaN)])).toStrictEqual([new Date(Number.NaN)]);
});

test('a null prototype does not travel', () => {
  expect(roundTrip(Object.assign(Object.create(null), { a: new Date(1) }))).toStrictEqual({ a: new Date(1) });
});

test('values of another realm travel', () => {
  const value: unknown = runInNewContext(
    '({ list: [new Date(1)], map: new Map([[{}, /x/]]), bytes: new Uint8Array(2) })',
  );
  expect(roundTrip(value)).toStrictEqual({
    list: [new Date(1)],
    map: new Map([[{}, /x/]]),
    bytes: new Uint8Array(2),
  });
});

test('symbol keys, hidden properties and extra properties of arrays stay behind', () => {
  const record = { a: 1, [Symbol('b')]: 2 };
  Object.defineProperty(record, 'hidden', { value: 3, enumerable: false });
  expect(roundTrip({ record, match: /b/.exec('abc') })).toStrictEqual({ record: { a: 1 }, match: ['b'] });
});

test('no toJSON runs', () => {
  const record: Record<string, unknown> = { a: 1 };
  Object.defineProperty(record, 'toJSON', { value: () => 'wrong', enumerable: false });
  expect(roundTrip(record)).toStrictEqual({ a: 1 });
});

describe('plain JSON', () => {
  test('has no meta and is the text of JSON.stringify', () => {
    const value = [{ a: [1, 'b', null, true] }];
    expect(encodeValue(value, at, 'argument')).toStrictEqual({
      json: JSON.stringify(value),
      meta: null,
      binaries: [],
      byteLength: JSON.stringify(value).length,
    });
  });

  test('of objects that look alike but are not the same has no meta either', () => {
    expect(encodeValue([{ a: 1 }, { a: 1 }], at, 'argument').meta).toBeNull();
  });
});

describe('a header', () => {
  test('of control items alone', () => {
    expect(messageHeader(['stop'])).toBe('{"json":["stop"]}');
    expect(messageHeader([])).toBe('{"json":[]}');
  });

  test('escapes control items', () => {
    const control = ['cancel', 3, 'a "reason"\\\n\u007f é 🎭 \ud800', null, { pool: 'p' }, true];
    expect(decodeMessage(messageHeader(control), [])).toStrictEqual(control);
  });

  test('has undefined and unspeakable numbers as null', () => {
    expect(messageHeader(['run', undefined, Number.NaN])).toBe('{"json":["run",null,null]}');
  });

  test('may hold the value alone', () => {
    expect(decodeMessage(messageHeader([], encodeValue(new Date(1), 0, 'result')), [])).toStrictEqual([
      new Date(1),
    ]);
  });

  test('annotates with paths from the message', () => {
    expect(messageHeader(['run'], encodeValue([{ when: new Date(0) }], 1, 'argument'))).toBe(
      '{"json":["run",[{"when":"1970-01-01T00:00:00.000Z"}]],"meta":{"values":{"1.0.when":["Date"]},"v":1}}',
    );
  });
});
