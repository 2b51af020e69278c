/** Functions made again of their text and what they captured. */
import { describe, expect, test } from 'vitest';
import { NotSerializableError } from '../../../src/errors.ts';
import {
  cell,
  fn,
  type Made,
  type MadeAsync,
  type MadeClass,
  only,
  rebuilder,
  unit,
} from './rebuild-samples.ts';

describe('variables', () => {
  test('of any kind have their values', () => {
    const values = [
      1,
      'a',
      null,
      ['undefined'],
      ['number', '-0'],
      ['number', 'NaN'],
      ['bigint', '12'],
    ] as const;
    const made = fn('() => [a, b, c, d, e, f, g]', { variables: [...'abcdefg'] }, values);
    expect(made()).toEqual([1, 'a', null, undefined, -0, Number.NaN, 12n]);
  });

  test('hold functions that hold each other', () => {
    const even = unit('(n) => n === 0 || isOdd(n - 1)', { variables: ['isOdd'] });
    const odd = unit('(n) => n !== 0 && isEven(n - 1)', { variables: ['isEven'] });
    const isEven = only(rebuilder([even, odd]), [
      { k: 'function', code: even.id, name: 'isEven', values: [[1]] },
      { k: 'function', code: odd.id, name: 'isOdd', values: [[0]] },
    ]);
    expect([isEven(10), isEven(7)]).toEqual([true, false]);
  });

  test('may be called like a keyword of sloppy mode', () => {
    const names = ['let', 'static', 'yield', 'await', 'of', 'async'];
    const text = '() => [let, static, yield, await, of, async]';
    const made = fn(text, { variables: names, isStrict: false }, [1, 2, 3, 4, 5, 6]);
    expect(made()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('are apart in two functions of one unit', () => {
    const code = unit('() => n', { variables: ['n'] });
    const [first, second] = only<[Made, Made]>(rebuilder([code]), [
      { k: 'array', items: [[1], [2]] },
      { k: 'function', code: code.id, name: 'first', values: [1] },
      { k: 'function', code: code.id, name: 'second', values: [2] },
    ]);
    expect([first(), second()]).toEqual([1, 2]);
  });
});

describe('cells', () => {
  test('are shared by the functions that have them', () => {
    const inc = unit(`() => ++${cell('n')}`, { cells: ['n'] });
    const get = unit(`() => ${cell('n')}`, { cells: ['n'] });
    const made = only(rebuilder([inc, get]), [
      { k: 'object', properties: ['inc', [1], 'get', [2], 'other', [4]] },
      { k: 'function', code: inc.id, name: 'inc', cells: [3] },
      { k: 'function', code: get.id, name: 'get', cells: [3] },
      { k: 'cell', value: 5 },
      { k: 'function', code: get.id, name: 'get', cells: [5] },
      { k: 'cell', value: 5 },
    ]);
    made.inc();
    made.inc();
    expect([made.get(), made.other()]).toEqual([7, 5]);
  });

  test('without a value say why, when they are read and when they are written', () => {
    const code = unit(`(write) => write ? (${cell('db')} = 1) : ${cell('db')}`, { cells: ['db'] });
    const refusal = { path: 'closure → db.socket', message: 'closure → db.socket cannot be sent' };
    const made = only(rebuilder([code]), [
      { k: 'function', code: code.id, name: '', cells: [1] },
      { k: 'cell', refusal },
    ]);
    for (const write of [false, true]) {
      expect(() => made(write)).toThrow(NotSerializableError);
      expect(() => made(write)).toThrow(expect.objectContaining(refusal));
    }
  });
});

describe('a function', () => {
  test('has its name and length, whatever its text calls it', () => {
    const made = fn('(a, b) => a + b', {}, [], 'sum');
    expect([made.name, made.length, Object.keys(made)]).toEqual(['sum', 2, []]);
    expect(Object.getOwnPropertyDescriptor(made, 'name')).toMatchObject({
      writable: false,
      configurable: true,
    });
  });

  test('calls itself by its own name', () => {
    expect(fn('function fact(n) { return n < 2 ? 1 : n * fact(n - 1); }', {}, [], 'fact')(5)).toBe(120);
  });

  test('generates, asynchronously too', async () => {
    const generate = fn('function* () { yield* list; }', { variables: ['list'] }, ['ab']);
    expect([...generate()]).toEqual(['a', 'b']);
    const later = fn('async function* (n) { for (let i = 0; i < n; i++) yield await i; }', {
      form: 'function',
    });
    const items: unknown[] = [];
    for await (const item of later(3)) items.push(item);
    expect(items).toEqual([0, 1, 2]);
  });

  test('is as sloppy or strict as it was', () => {
    expect(fn('function () { return this; }', { isStrict: false })()).toBe(globalThis);
    expect(fn('function () { return this; }')()).toBeUndefined();
    expect(fn('function (a) { arguments[0] = 2; return a; }', { isStrict: false })(1)).toBe(2);
    expect(fn('function (o) { with (o) return x; }', { isStrict: false })({ x: 3 })).toBe(3);
  });

  test('has `this` of the function around it', () => {
    const code = unit('() => this');
    const [made, self] = only<[Made, Made]>(rebuilder([code]), [
      { k: 'array', items: [[1], [2]] },
      { k: 'function', code: code.id, name: '', lexicalThis: [2] },
      { k: 'object', properties: ['again', [1]] },
    ]);
    expect(made()).toBe(self);
    expect(self.again).toBe(made);
  });

  test('has properties, a prototype, and what its `prototype` holds', () => {
    const code = unit('function Point(x) { this.x = x; }', { form: 'function' });
    const double = unit('function () { return this.x * 2; }');
    const Point = only<MadeClass>(rebuilder([code, double]), [
      {
        k: 'function',
        code: code.id,
        name: 'Point',
        properties: ['origin', 0, 'name2', 'p'],
        prototype: { properties: ['double', [1]] },
        integrity: 'frozen',
      },
      { k: 'function', code: double.id, name: 'double' },
    ]);
    expect(new Point(4).double()).toBe(8);
    expect(Point.prototype.constructor).toBe(Point);
    expect([Point.origin, Object.isFrozen(Point)]).toEqual([0, true]);
  });

  test('is bound, with values', () => {
    const code = unit('function (a, b) { return [this.n, a, b]; }');
    const made = only(rebuilder([code]), [
      { k: 'bound', target: [1], boundThis: [2], args: ['first'] },
      { k: 'function', code: code.id, name: 'list' },
      { k: 'object', properties: ['n', 1, 'self', [0]] },
    ]);
    expect(made('second')).toEqual([1, 'first', 'second']);
    expect(made.name).toBe('bound list');
  });

  test('is made to promise', async () => {
    const code = unit('(value, done) => done(null, value)');
    const made = only<MadeAsync>(rebuilder([code]), [
      { k: 'promisified', target: [1] },
      { k: 'function', code: code.id, name: '' },
    ]);
    expect(await made(4)).toBe(4);
  });
});

describe('methods', () => {
  test('getters and setters are what they were', () => {
    const get = unit('get size() { return this.list.length; }', { form: 'getter', key: 'size' });
    const set = unit('set size(n) { this.list.length = n; }', { form: 'setter', key: 'size' });
    const add = unit('[$troupeMember](x) { this.list.push(x); return this; }', { form: 'method' });
    const made = only(rebuilder([get, set, add]), [
      {
        k: 'object',
        properties: ['list', [1], 'add', [2]],
        special: [{ key: 'size', get: [3], set: [4], enumerable: true, configurable: true }],
      },
      { k: 'array', items: [1, 2] },
      { k: 'function', code: add.id, name: 'add' },
      { k: 'function', code: get.id, name: 'get size' },
      { k: 'function', code: set.id, name: 'set size' },
    ]);
    expect(made.add(3).size).toBe(3);
    Reflect.set(made, 'size', 1);
    expect(made.list).toEqual([1]);
    expect(Object.keys(made)).toEqual(['list', 'add', 'size']);
    expect(made.add.name).toBe('add');
    expect(() => Reflect.construct(made.add, [])).toThrow('not a constructor');
  });

  test('find `super` in the prototype of their object', () => {
    const greet = unit('greet() { return "hello"; }', { form: 'method', key: 'greet' });
    const louder = unit('greet() { return super.greet() + "!"; }', { form: 'method', key: 'greet' });
    const made = only(rebuilder([greet, louder]), [
      { k: 'object', proto: [1], properties: ['greet', [3]] },
      { k: 'object', properties: ['greet', [2]] },
      { k: 'function', code: greet.id, name: 'greet' },
      { k: 'function', code: louder.id, name: 'greet', superProto: [1] },
    ]);
    expect(made.greet()).toBe('hello!');
  });

  test('may be called `__proto__` or by a symbol', () => {
    expect(fn('__proto__() { return 1; }', { form: 'method', key: '__proto__' })()).toBe(1);
    const text = 'async *[$troupeMember]() { yield 1; }';
    expect(Object.prototype.toString.call(fn(text, { form: 'method' })())).toBe('[object AsyncGenerator]');
  });
});

test('a function whose code never came is a broken rule', () => {
  expect(() => only(rebuilder(), [{ k: 'function', code: 'x', name: '' }])).toThrow('bug in troupe');
});
