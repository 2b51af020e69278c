/** Classes whose programs say how their instances travel: there, back, and deep in other values. */
import { InvalidOptionError, type Pool, registerClass, registerSerializer } from 'troupe';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../helpers/reference-programs.ts';
import { thrownBy } from '../helpers/rejection-of.ts';
import { withPool } from '../helpers/with-pool.ts';

class Temperature {
  readonly #kelvin: number;
  constructor(kelvin: number) {
    this.#kelvin = kelvin;
  }
  get celsius(): number {
    return this.#kelvin - 273;
  }
}
class Reading extends Temperature {}
const zero = 273;

registerSerializer(Temperature, {
  encode: (temperature) => ({ celsius: temperature.celsius }),
  decode: ({ celsius }) => new Temperature(celsius + zero),
});

describe('an instance of a class with a serializer', () => {
  const warm = new Temperature(zero + 20);

  test('is captured', () =>
    withPool({}, async (pool) => {
      expect(await pool.submit(() => warm.celsius)).toBe(20);
    }));

  test('is an argument, deep in a value, and of a subclass', () =>
    withPool({}, async (pool) => {
      const sum = pool.submit(([first, { second }]) => first.celsius + second.celsius, [
        warm,
        { second: new Reading(zero + 1) },
      ] as const);
      expect(await sum).toBe(21);
    }));

  test('comes back, with what its text captures', () =>
    withPool({}, async (pool) => {
      const back = await pool.submit(() => ({ list: [new Temperature(zero + 5), warm] }));
      expect(back.list.map((each) => each instanceof Temperature)).toEqual([true, true]);
      expect(back.list.map(({ celsius }) => celsius)).toEqual([5, 20]);
    }));

  test('is yielded and reported', () =>
    withPool({}, async (pool) => {
      const stream = pool.stream(function* () {
        yield new Temperature(zero);
      });
      const { value } = (await stream.next()) as { value: Temperature };
      expect(value).toBeInstanceOf(Temperature);
      expect(value.celsius).toBe(0);
    }));
});

// In a program of its own: this test tool compiles modules, so that their classes travel by value.
test('a class of which only a worker makes instances, registered while the pool is at work', async () => {
  expect(await runProgram('registered-main.mjs')).toEqual({
    before: 'ERR_TROUPE_NOT_SERIALIZABLE',
    isCircle: true,
    area: 12,
    there: 27,
  });
});

// In a program of its own, too.
test('a class that its own module registers, there and here', async () => {
  expect(await runProgram('registers-itself-main.mjs')).toEqual({
    arrives: '3 of the same class',
    comesBack: [true, 4],
    private: 5,
  });
});

describe('`decode` throws where the result arrives, which costs the worker nothing', () => {
  class Broken {
    readonly is = 'broken';
  }
  registerSerializer(Broken, {
    encode: () => 'broken',
    decode: () => {
      throw new RangeError('cannot be put together');
    },
  });
  const inOneWorker = (run: (pool: Pool) => Promise<unknown>): Promise<void> =>
    withPool({}, async (pool) => {
      expect(await thrownBy(run(pool))).toMatchObject({
        name: 'RangeError',
        message: 'cannot be put together',
      });
      await pool.submit(() => 1);
      expect(pool.stats()).toMatchObject({ workersLost: 0, running: 0 });
      expect(pool.workers).toHaveLength(1);
    });

  test('a result', () => inOneWorker((pool) => pool.submit(() => new Broken())));

  test('a chunk of results', () =>
    inOneWorker((pool) => pool.map(() => new Broken(), [1, 2], { chunkSize: 2 }).toArray()));

  test('a value of a stream, whose generator is left', () =>
    inOneWorker(async (pool) => {
      const stream = pool.stream(function* () {
        yield 1;
        for (;;) yield new Broken();
      });
      expect(await stream.next()).toEqual({ value: 1, done: false });
      await stream.next();
    }));
});

describe('refused', () => {
  class Other {
    readonly is = 'another';
  }
  const [unnamed] = [class extends Other {}];
  test.each<[what: string, register: () => void, message: RegExp]>([
    ['no class', () => registerClass({} as never), /got object as its first argument/u],
    ['a class without a name', () => registerClass(unnamed), /a class without a name/u],
    ['a name that is taken', () => registerClass(Other, { name: 'Temperature' }), /Another class/u],
    [
      'half a serializer',
      () => registerSerializer(Other, { encode: String } as never),
      /no function `decode`/u,
    ],
  ])('%s', async (_what, register, message) => {
    const error = await thrownBy(Promise.resolve().then(register));
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ message: expect.stringMatching(message) as string });
  });
});
