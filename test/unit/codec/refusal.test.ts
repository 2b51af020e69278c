/**
 * What cannot travel is refused with its path, the reason and what to do; nothing of the value runs
 * meanwhile.
 */
import { EventEmitter } from 'node:events';
import { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { encodeValue } from '../../../src/codec/codec.ts';
import type { Root } from '../../../src/codec/frame.ts';
import { NotSerializableError } from '../../../src/errors.ts';

class Account {
  owner = 'me';
}
class MoreDates extends Date {}
class MoreBytes extends Uint8Array {}
class MoreItems extends Array<number> {}

function generate(): Generator<number> {
  return (function* () {
    yield 1;
  })();
}

function argumentsOf(): unknown {
  return (function () {
    // oxlint-disable-next-line prefer-rest-params -- this is the object that is refused
    return arguments;
  })();
}

function transferred(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

const socket = new Socket();
const timer = setTimeout(() => {}, 0);
clearTimeout(timer);

const refused: [name: string, value: unknown, words: RegExp][] = [
  ['a function', () => 1, /is a function, and from a worker only data travels\. Send data/],
  ['a class', Account, /is a function/],
  ['a symbol', Symbol('x'), /symbol/],
  ['a registered symbol', Symbol.for('x'), /symbol/],
  ['a Promise', Promise.resolve(1), /a Promise\. Await it first/],
  ['a WeakMap', new WeakMap(), /WeakMap.*Send a Map/],
  ['a WeakSet', new WeakSet(), /WeakSet.*Send a Set/],
  ['a WeakRef', new WeakRef({}), /WeakRef.*deref/],
  ['a generator', generate(), /generator.*\[\.\.\.generator\]/],
  ['a Map iterator', new Map().keys(), /iterator/],
  ['a SharedArrayBuffer', new SharedArrayBuffer(1), /processes share no memory.*copy/],
  ['a view of a SharedArrayBuffer', new Uint8Array(new SharedArrayBuffer(1)), /processes share no memory/],
  ['a buffer without memory', transferred(), /transferred away/],
  [
    'a socket',
    socket,
    /net\.Socket, which lives in this process\. Open it inside the task or in `initialize`/,
  ],
  ['a stream', new PassThrough(), /PassThrough.*Open it inside the task/],
  ['an emitter', new EventEmitter(), /EventEmitter.*Open it inside the task/],
  ['a web stream', new ReadableStream(), /stream.*Open it inside the task/],
  ['an AbortSignal', new AbortController().signal, /AbortSignal, which goes to a worker and not back/],
  ['an AbortController', new AbortController(), /AbortController\. Send its signal/],
  ['a timer', timer, /timer/],
  ['URLSearchParams', new URLSearchParams('a=b'), /toString/],
  ['a Blob', new Blob(['x']), /arrayBuffer/],
  [
    'an instance of a class',
    new Account(),
    /an instance of class Account\. Register the class with `registerClass` or `registerSerializer`/,
  ],
  ['an instance of an extended builtin', new MoreDates(), /an instance of class MoreDates/],
  ['an instance of an extended typed array', new MoreBytes(1), /an instance of class MoreBytes/],
  ['an instance of an extended array', new MoreItems(), /an instance of class MoreItems/],
  ['an object with a prototype', Object.create({ inherited: 1 }), /prototype of its own/],
  ['a boxed number', Object(1), /primitive in an object/],
  ['arguments', argumentsOf(), /\[\.\.\.arguments\]/],
  ['a Proxy', new Proxy({}, {}), /Proxy/],
  ['a Proxy of an array', new Proxy([], {}), /Proxy/],
  ['a Proxy of a function', new Proxy(() => 1, {}), /function/],
];

function refusalOf(value: unknown, root: Root = 'argument'): NotSerializableError {
  try {
    encodeValue(value, 6, root);
  } catch (error) {
    if (error instanceof NotSerializableError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe.each(refused)('%s', (_name, value, words) => {
  test('is refused', () => {
    const error = refusalOf([value]);
    expect(error.message).toMatch(words);
    expect(error.message).toMatch(/^argument 0 cannot be sent to another process: it is /);
    expect(error.path).toBe('argument 0');
  });

  test('is refused inside of data', () => {
    expect(refusalOf({ items: [1, new Map([['k', { value }]])] }, 'result').path).toBe(
      'result.items[1].get("k").value',
    );
  });
});

const f = () => 1;
const holes: unknown[] = [];
holes[3] = { f };

const paths: [path: string, value: unknown, root?: Root][] = [
  ['argument 0.user.socket', [{ user: { socket } }]],
  ['argument 1[3].fn', [0, [1, 2, 3, { fn: f }]]],
  ['result.items[2]', { items: [1, 2, f] }, 'result'],
  ['result', f, 'result'],
  ['error.reason', { reason: f }, 'error'],
  ['progress[0]', [f], 'progress'],
  ['yield', f, 'yield'],
  ['argument', f],
  ['argument 0.get("k")', [new Map([['k', f]])]],
  ['argument 0.get(2)', [new Map([[2, f]])]],
  [
    'argument 0.values()[1]',
    [
      new Map<unknown, unknown>([
        [{}, 1],
        [{}, f],
      ]),
    ],
  ],
  [
    'argument 0.keys()[1].f',
    [
      new Map<unknown, unknown>([
        [1, 1],
        [{ f }, 2],
      ]),
    ],
  ],
  ['argument 0.values()[1]', [new Set([1, f])]],
  ['argument 0["a key"]["1"]', [{ 'a key': { 1: f } }]],
  ['argument 0.constructor.f', [{ constructor: { f } }]],
  ['argument 0[3].f', [holes]],
  [
    'argument 0.a.getter',
    [
      {
        a: {
          get getter(): never {
            throw new Error('it ran');
          },
        },
      },
    ],
  ],
];

test.each(paths)('%s', (path, value, root = 'argument') => {
  expect(refusalOf(value, root).path).toBe(path);
});

test('a path from very deep down loses its middle', () => {
  let value: unknown = f;
  for (let depth = 0; depth < 20_000; depth++) value = { a: value };
  expect(refusalOf([value]).path).toMatch(/^argument 0(\.a){19}…(\.a){20}$/);
});

test('no code of the value runs', () => {
  const run = vi.fn<() => never>(() => {
    throw new Error('it ran');
  });
  const traps = new Proxy({}, { get: run });
  const values: unknown[] = [
    new Proxy({}, traps),
    new Proxy([], traps),
    Object.create(new Proxy({}, traps)),
    Object.defineProperty({}, 'a', { get: run, enumerable: true }),
    { toJSON: run },
    new (class {
      get [Symbol.toStringTag](): string {
        return run();
      }
    })(),
    Object.create({
      get constructor() {
        return run();
      },
    }),
  ];
  for (const value of values) refusalOf([value]);
  expect(run).not.toHaveBeenCalled();
});

test('what an array throws when it is read is the cause', () => {
  const list = Object.defineProperty([], 0, {
    get: () => {
      throw new Error('it ran');
    },
  });
  expect(refusalOf(list, 'result')).toMatchObject({ path: 'result', cause: new Error('it ran') });
});

test('a text too long for one string is refused', () => {
  const stringify = vi.spyOn(JSON, 'stringify').mockImplementationOnce(() => {
    throw new RangeError('Invalid string length');
  });
  expect(refusalOf(['large']).message).toMatch(/^argument .* too large.*Buffer/);
  stringify.mockRestore();
});
