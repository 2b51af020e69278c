/** A header that troupe did not write is refused as such, and can change nothing but the message it holds. */
import { afterEach, describe, expect, test } from 'vitest';
import { decodeMessage } from '../../../src/codec/codec.ts';
import { ProtocolError } from '../../../src/errors.ts';

const before = Reflect.ownKeys(Object.prototype);

afterEach(() => {
  const polluted = Reflect.ownKeys(Object.prototype).filter((key) => !before.includes(key));
  if (polluted.length > 0) throw new Error(`Object.prototype has got ${polluted.map(String).join(', ')}`);
});

function custom(name: string, item: unknown, children?: object): string {
  const annotation = [['custom', `troupe/${name}`], ...(children === undefined ? [] : [children])];
  return JSON.stringify({ json: [item], meta: { values: { '0': annotation }, v: 1 } });
}

const error = { class: 'Error', name: 'Error', message: '', stack: '', fields: [], hidden: [] };

describe('is refused', () => {
  test.each<[string, string]>([
    ['no JSON', '{"json":'],
    ['an empty header', ''],
    ['null', 'null'],
    ['a number', '3'],
    ['a bare array', '[]'],
    ['no message', '{}'],
    ['a message that is no array', '{"json":{"length":1}}'],
    ['meta that is no object', '{"json":[],"meta":3}'],
    ['meta of null', '{"json":[],"meta":null}'],
    ['values of text', '{"json":[],"meta":{"values":"abc","v":1}}'],
    ['an unknown annotation', '{"json":[1],"meta":{"values":{"0":["nonsense"]},"v":1}}'],
    ['an annotation named like a method', '{"json":[1],"meta":{"values":{"0":["toString"]},"v":1}}'],
    ['an unknown type of ours', custom('nonsense', 1)],
    ['an unknown class', '{"json":[1],"meta":{"values":{"0":[["class","constructor"]]},"v":1}}'],
    [
      'a custom type named like a method',
      '{"json":[1],"meta":{"values":{"0":[["custom","constructor"]]},"v":1}}',
    ],
    ['a path with a bad escape', '{"json":[1],"meta":{"values":{"0\\\\a":["Date"]},"v":1}}'],
    ['a bad bigint', '{"json":["x"],"meta":{"values":{"0":["bigint"]},"v":1}}'],
    ['a bad URL', '{"json":["x"],"meta":{"values":{"0":["URL"]},"v":1}}'],
    ['a bad RegExp', '{"json":["/(/"],"meta":{"values":{"0":["regexp"]},"v":1}}'],
    ['a message annotated away', '{"json":[],"meta":{"values":["set"],"v":1}}'],
    ['a binary that did not come', custom('binary', ['Uint8Array', 1, 4])],
    ['a binary before the first', custom('binary', ['Uint8Array', -1, 4])],
    ['a binary at no index', custom('binary', ['Uint8Array', 'length', 4])],
    ['a binary of another length', custom('binary', ['Uint8Array', 0, 5])],
    ['a binary of part of an element', custom('binary', ['Float64Array', 0, 4])],
    ['a binary of no known type', custom('binary', ['constructor', 0, 4])],
    ['a binary without a description', custom('binary', null)],
    ['a reference to nothing', custom('graph', [{ a: 7 }], { '0.a': [['custom', 'troupe/reference']] })],
    [
      'a reference before the first',
      custom('graph', [{ a: -1 }], { '0.a': [['custom', 'troupe/reference']] }),
    ],
    ['a reference that is no number', custom('reference', 'length')],
    ['a graph without nodes', custom('graph', [])],
    ['a graph that is no list', custom('graph', { length: 1 })],
    ['a sparse array without a length', custom('sparse', ['1', []])],
    ['a sparse array of negative length', custom('sparse', [-1, []])],
    ['a sparse array with an item outside', custom('sparse', [1, [[1, 'x']]])],
    ['a sparse array with an item by name', custom('sparse', [1, [['push', 'x']]])],
    ['a record with a key that is no text', custom('object', [[{}, 1]])],
    ['a record that is no list', custom('object', { a: 1 })],
    ['an error that is no record', custom('error', null)],
    ['an error without a message', custom('error', { ...error, message: null })],
    ['an error with wrong fields', custom('error', { ...error, fields: [['a']] })],
    ['an error with wrong brands', custom('error', { ...error, brands: [1] })],
    [
      'an annotation under a prototype',
      '{"json":[{}],"meta":{"values":{"0.__proto__.polluted":["undefined"]},"v":1}}',
    ],
    [
      'a reference into a prototype',
      '{"json":[1,{}],"meta":{"referentialEqualities":{"0":["1.__proto__.polluted"]},"v":1}}',
    ],
    [
      'a reference into a constructor',
      '{"json":[1,{}],"meta":{"referentialEqualities":{"0":["1.constructor.prototype.polluted"]},"v":1}}',
    ],
    [
      'a reference from a prototype',
      '{"json":[1,{}],"meta":{"referentialEqualities":{"1.__proto__":["0"]},"v":1}}',
    ],
  ])('%s', (_name, header) => {
    expect(() => decodeMessage(header, [new Uint8Array(4)])).toThrow(ProtocolError);
  });

  test('with the reason and the likely cause', () => {
    expect(() => decodeMessage('{', [])).toThrow(
      /A frame header cannot be read: .*JSON.*another version of troupe/,
    );
  });
});

describe('does no harm', () => {
  test('keys that are names of the prototype are data', () => {
    const [message] = decodeMessage(
      '{"json":[{"__proto__":{"polluted":1},"constructor":{"prototype":1}}]}',
      [],
    );
    expect(Object.keys(message as object)).toStrictEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype);
  });

  test('a record with such keys', () => {
    const [message] = decodeMessage(custom('object', [['__proto__', { polluted: 1 }]]), []);
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype);
    expect(Object.keys(message as object)).toStrictEqual(['__proto__']);
  });

  test('an error with such fields, causes and classes', () => {
    const record = {
      ...error,
      class: '__proto__',
      fields: [['__proto__', { polluted: 1 }]],
      brands: ['constructor'],
    };
    const [message] = decodeMessage(custom('error', record), []);
    expect(message).toBeInstanceOf(Error);
    expect((message as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
