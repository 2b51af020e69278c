/** References that repeat or go in circles arrive as they were, at any depth and through any container. */
import { describe, expect, test } from 'vitest';
import { decodeMessage, encodeValue } from '../../../src/codec/codec.ts';
import { at, readBySuperJson, roundTrip } from './round-trip.ts';

interface Link {
  next?: Link;
  [key: string]: unknown;
}

describe.each([
  ['the codec', roundTrip],
  ['a SuperJSON with our types', readBySuperJson],
])('read by %s', (_reader, read) => {
  test('the same object twice is the same object twice', () => {
    const shared = { when: new Date(1) };
    const result = read({ a: shared, b: [shared], date: shared.when }) as Record<string, unknown>;
    expect(result).toStrictEqual({ a: shared, b: [shared], date: shared.when });
    expect((result['b'] as unknown[])[0]).toBe(result['a']);
    expect(result['date']).toBe((result['a'] as typeof shared).when);
  });

  test('a value that holds itself', () => {
    const list: unknown[] = [1];
    list.push(list, { list });
    const result = read(list) as [number, unknown, { list: unknown }];
    expect(result[1]).toBe(result);
    expect(result[2].list).toBe(result);
  });

  test('a circle under keys with dots and guarded names', () => {
    const record: Record<string, unknown> = { 'a.b\\': {} };
    record['constructor'] = record;
    (record['a.b\\'] as Record<string, unknown>)['c'] = record;
    const result = read({ record }) as { record: Record<string, Record<string, unknown>> };
    expect(result.record['constructor']).toBe(result.record);
    expect(result.record['a.b\\']?.['c']).toBe(result.record);
  });

  test('a map that holds itself as a key and as a value, in order', () => {
    const map = new Map<unknown, unknown>([[1, 'first']]);
    map.set(map, map).set('last', [map]);
    const result = read({ map }) as { map: typeof map };
    expect([...result.map.keys()]).toStrictEqual([1, result.map, 'last']);
    expect(result.map.get(result.map)).toBe(result.map);
    expect((result.map.get('last') as unknown[])[0]).toBe(result.map);
  });

  test('sets that share members, in order', () => {
    const [a, b, c] = [{ a: 1 }, { b: 2n }, { c: 3 }];
    const result = read([new Set([a, b, c]), new Set([c, 'x', a]), b]) as [
      Set<unknown>,
      Set<unknown>,
      unknown,
    ];
    const [first, second, third] = [...result[0]];
    expect([first, second, third]).toStrictEqual([a, b, c]);
    expect([...result[1]]).toStrictEqual([third, 'x', first]);
    expect([...result[1]][0]).toBe(third);
    expect([...result[1]][2]).toBe(first);
    expect(result[2]).toBe(second);
  });

  test('binaries, dates and holes that repeat', () => {
    const bytes = new Float64Array([Number.NaN]);
    const holes: unknown[] = [];
    holes[2] = bytes;
    const result = read({ bytes, holes, again: [holes, bytes] }) as Record<string, unknown[]>;
    expect(result).toStrictEqual({ bytes, holes, again: [holes, bytes] });
    expect(result['holes']?.[2]).toBe(result['bytes']);
    expect(result['again']?.[0]).toBe(result['holes']);
  });

  test('an error that is its own cause', () => {
    const error = new Error('circular', { cause: { deep: [] as unknown[] } });
    (error.cause as { deep: unknown[] }).deep.push(error);
    Object.assign(error, { self: error });
    const result = read([error, error]) as [Error & { self: unknown }, unknown];
    expect(result[1]).toBe(result[0]);
    expect(result[0].self).toBe(result[0]);
    expect((result[0].cause as { deep: unknown[] }).deep[0]).toBe(result[0]);
  });

  test.each([
    ['plain', 10_000, () => ({})],
    ['annotated', 10_000, (n: number) => ({ when: new Date(n) })],
    ['shared', 10_000, () => ({ shared })],
    ['of maps', 1_000, (n: number) => ({ map: new Map([[n, n]]) })],
  ])('a list that is deep and %s', (_kind, depth, data) => {
    let list: Link = {};
    for (let n = 0; n < depth; n++) list = { ...data(n), next: list };
    let left: Link | undefined = list;
    let right = read(list) as Link | undefined;
    let same = true;
    while (left !== undefined && right !== undefined) {
      same &&= JSON.stringify({ ...left, next: 0 }) === JSON.stringify({ ...right, next: 0 });
      left = left.next;
      right = right.next;
    }
    expect(same).toBe(true);
    expect([left, right]).toStrictEqual([undefined, undefined]);
  });

  test('arrays, maps and causes inside of each other a thousand deep', () => {
    let value: unknown = 1n;
    for (let n = 0; n < 1_000; n++) value = [new Map([[new Set([n]), new Error('deep', { cause: value })]])];
    let result = read(value);
    for (let n = 0; n < 1_000; n++) result = [...(result as [Map<unknown, Error>])[0].values()][0]?.cause;
    expect(result).toBe(1n);
  });
});

const shared = { a: [1] };

test('a circle is made at most once more than it is', () => {
  const list: unknown[] = [1n];
  list.push(list);
  expect(encodeValue(list, at, 'result')).toMatchObject({
    json: '["1",null]',
    meta: '{"values":{"4.0":["bigint"]},"referentialEqualities":{"4":["4.1"]},"v":1}',
  });
});

describe('bytes', () => {
  test('leave as views of the memory they are in', () => {
    const bytes = new Uint8Array([1, 2, 3, 4]);
    const [view] = encodeValue([bytes.subarray(1, 3)], at, 'argument').binaries;
    expect(view?.buffer).toBe(bytes.buffer);
    expect(view).toStrictEqual(new Uint8Array([2, 3]));
  });

  test('count in the length of the value', () => {
    expect(encodeValue(Buffer.alloc(1_000), at, 'result').byteLength).toBeGreaterThan(1_000);
  });

  test('arrive in the memory that was received, if it is aligned', () => {
    const encoded = encodeValue(new Float64Array([1, 2]), at, 'result');
    const header = `{"json":[${encoded.json}],"meta":{"values":{"0":[["custom","troupe/binary"]]},"v":1}}`;
    const aligned = new Uint8Array(encoded.binaries[0] ?? []);
    expect((decodeHeader(header, aligned) as Float64Array).buffer).toBe(aligned.buffer);
    const shifted = new Uint8Array(17).subarray(1);
    shifted.set(aligned);
    expect(decodeHeader(header, shifted)).toStrictEqual(new Float64Array([1, 2]));
  });
});

function decodeHeader(header: string, bytes: Uint8Array): unknown {
  return decodeMessage(header, [bytes])[0];
}
