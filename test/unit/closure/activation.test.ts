import inspector from 'node:inspector';
import { setImmediate } from 'node:timers/promises';
import vm from 'node:vm';
import { beforeEach, describe, expect, test } from 'vitest';
import { readLexicalThis, sharesVariable } from '../../../src/codec/closure/v8/activation.ts';

type AnyFunction = (...args: never[]) => unknown;

/** How many statements of the functions under test have run. */
let ran = 0;

/** Functions of many kinds that share a variable. */
function counter(): Record<string, AnyFunction> {
  let count = 1;
  const step = (): number => {
    ran += 1;
    count += 1;
    return count;
  };
  return {
    get: () => count,
    arrow: () => {
      ran += 1;
      count += 1;
    },
    expression: () => (count += ran += 1),
    plain: function plain() {
      ran += 1;
      count += 1;
    },
    method() {
      ran += 1;
      count += 1;
    },
    async later() {
      count += ran += 1;
      await setImmediate();
    },
    *steps() {
      yield (count += ran += 1);
    },
    async *laterSteps() {
      yield (count += ran += 1);
    },
    guarded: () => {
      try {
        count += 1;
      } finally {
        ran += 1;
      }
    },
    endless: () => {
      for (;;) count += ran += 1;
    },
    parameters: (first: number, ...rest: number[]) => {
      ran += 1;
      count = first + rest.length;
    },
    calls: () => [step(), count],
  };
}

/** A writer and a reader of a variable of this value. */
function around(value: unknown): [write: AnyFunction, read: () => unknown] {
  let variable = value;
  const write = (): void => {
    variable = undefined;
  };
  return [write, () => variable];
}

beforeEach(() => {
  ran = 0;
});

describe('sharesVariable', () => {
  test.each(Object.keys(counter()))('tells activations apart and runs nothing: %s', (kind) => {
    const [one, other] = [counter(), counter()];
    const [probed, read, readOther] = [one[kind], one['get'], other['get']];
    if (probed === undefined || read === undefined || readOther === undefined) throw new Error(kind);
    expect(sharesVariable(probed, read, 'count')).toBe(true);
    expect(sharesVariable(probed, readOther, 'count')).toBe(false);
    expect([read(), readOther(), ran]).toEqual([1, 1, 0]);
  });

  const values = [
    undefined,
    null,
    -0,
    Number.NaN,
    2n ** 70n,
    'a\uD800b',
    true,
    Symbol.iterator,
    { a: 1 },
    [1],
  ];
  test.each(values.map((value) => [value]))('gives the variable back its value: %s', (value) => {
    const [write, read] = around(value);
    expect(sharesVariable(write, read, 'variable')).toBe(true);
    expect(Object.is(read(), value)).toBe(true);
  });

  test('the variables of the turns of a loop', () => {
    const turns: [AnyFunction, AnyFunction][] = [];
    for (let index = 0; index < 2; index += 1) turns.push([() => (index += 1), () => index]);
    const [[first, second], [third]] = turns as [[AnyFunction, AnyFunction], [AnyFunction, AnyFunction]];
    expect(sharesVariable(first, second, 'index')).toBe(true);
    expect(sharesVariable(first, third, 'index')).toBe(false);
  });

  test('functions of another vm context, which has no globals of Node', () => {
    const make = 'let n = { a: 1 }; const other = () => n; [() => { n = 0 }, other]';
    const [write, read] = vm.runInNewContext(make) as [AnyFunction, AnyFunction];
    expect(sharesVariable(write, read, 'n')).toBe(true);
    expect(read()).toMatchObject({ a: 1 });
  });

  test('optimized code goes on with the right variable', () => {
    let count = 0;
    const [add, read] = [() => (count += 1), () => count];
    for (let index = 0; index < 100_000; index += 1) add();
    expect(sharesVariable(add, read, 'count')).toBe(true);
    for (let index = 0; index < 100_000; index += 1) add();
    expect(read()).toBe(200_000);
  });

  test('what cannot be stopped, or read, is not run either', async () => {
    let count = 1;
    const read = (): number => count;
    const touch = (): number => (count += ran += 1);
    const refused: AnyFunction[] = [
      (value = touch()) => (count = value),
      touch.bind(null),
      new Proxy(touch, {}),
      Math.max,
      // oxlint-disable-next-line typescript/no-extraneous-class -- its constructor is what must not run
      class {
        constructor() {
          touch();
        }
      } as unknown as AnyFunction,
    ];
    for (const fn of refused) expect(sharesVariable(fn, read, 'count')).toBeUndefined();
    expect(sharesVariable(touch, read, 'absent')).toBeUndefined();
    await setImmediate();
    expect([count, ran]).toEqual([1, 0]);
  });

  test('a variable that is not initialised yet', () => {
    const [write, read] = [() => (late += 1), () => late];
    expect(sharesVariable(write, read, 'late')).toBeUndefined();
    expect(read).toThrow(ReferenceError);
    let late = 1;
    expect(sharesVariable(write, read, 'late')).toBe(true);
  });

  test('the object of a `with` is left alone', () => {
    const fail = (): never => {
      throw new Error('a getter has run');
    };
    const target = Object.defineProperty({}, 'n', { get: fail, set: fail });
    // oxlint-disable-next-line typescript/no-implied-eval -- modules have no `with`
    const make = new Function(
      'target',
      'let n = 1; with (target) { return [() => ++n, () => n] }',
    ) as AnyFunction;
    const [write, read] = Reflect.apply(make, undefined, [target]) as [AnyFunction, AnyFunction];
    expect(sharesVariable(write, read, 'n')).toBeUndefined();
  });

  test('nothing stops while a debugger may be attached', () => {
    inspector.open(0);
    try {
      const [write, read] = around(1);
      expect(sharesVariable(write, read, 'variable')).toBeUndefined();
    } finally {
      inspector.close();
    }
  });
});

describe('readLexicalThis', () => {
  class Thing {
    arrow(): AnyFunction {
      return async () => {
        ran += 1;
        await setImmediate();
        return this;
      };
    }
  }

  test('gives the `this` around an arrow', () => {
    const thing = new Thing();
    expect(readLexicalThis(thing.arrow())?.value).toBe(thing);
    expect(ran).toBe(0);
  });

  test.each([[undefined], [null], ['text'], [-0]])('which may be a primitive: %s', (self) => {
    expect(readLexicalThis(Reflect.apply(Thing.prototype.arrow, self, []))).toEqual({ value: self });
  });

  test('is out of reach in a vm context of another kind', () => {
    const arrow: unknown = vm.runInNewContext('({ arrow() { return () => this } }).arrow()');
    expect(readLexicalThis(Object(arrow))).toBeUndefined();
  });
});
